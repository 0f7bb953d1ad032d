// YAML text to a tree of plain values and back.
import RunRecords
import Yams

extension Document {
  /// Parses YAML.
  ///
  /// - Throws: `ExperimentError` with the line where the text is no YAML.
  package init(yaml: String, name: String) throws(ExperimentError) {
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw ExperimentError(
        experiment: name, path: "", problem: "expected YAML, found: \(Self.oneLine(error))",
        hint: "check indentation, brackets and quotes")
    } catch {
      throw ExperimentError(
        experiment: name, path: "", problem: "expected YAML, found: \(error)", hint: "")
    }
    var budget = Self.mostValues
    self = node.map { Document(node: $0, budget: &budget) } ?? .null
    guard budget > 0 else {
      throw ExperimentError(
        experiment: name, path: "",
        problem: "expected at most \(Self.mostValues) values, found more, aliases counted out",
        hint: "no experiment is that long")
    }
  }

  /// A few lines of aliases to aliases can stand for billions of values.
  private static let mostValues = 100_000

  /// The text of a value as it stands on a command line: `0.05`, `true`, `{name: adam}`.
  package init(yamlValue text: String, name: String) throws(ExperimentError) {
    self = text.isEmpty ? .text("") : try Document(yaml: text, name: name)
  }

  /// The tree as YAML, keys in order.
  ///
  /// - Throws: a `YamlError` where the emitter fails.
  package func yaml() throws -> String {
    let text = try Yams.serialize(node: node, width: -1, allowUnicode: true, sortKeys: false)
    guard text.unicodeScalars.contains(where: Self.isCommand) else { return text }
    return try Yams.serialize(node: node, width: -1, allowUnicode: false, sortKeys: false)
  }

  /// What a terminal obeys, or what turns around the order of what is shown.
  private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Reads a node while the budget of values lasts; what lies beyond it is null.
  private init(node: Node, budget: inout Int) {
    budget -= 1
    guard budget > 0 else {
      self = .null
      return
    }
    switch node {
    case .mapping(let mapping):
      var fields: [Field] = []
      for (key, value) in mapping where budget > 0 {
        fields.append(Field(key.string ?? "", Document(node: value, budget: &budget)))
      }
      self = .fields(fields)
    case .sequence(let sequence):
      var values: [Document] = []
      for value in sequence where budget > 0 {
        values.append(Document(node: value, budget: &budget))
      }
      self = .list(values)
    case .scalar(let scalar):
      // A quoted scalar is text, whatever it looks like.
      guard scalar.style == .plain || scalar.style == .any else {
        self = .text(scalar.string)
        return
      }
      if node.null != nil {
        self = .null
      } else if let flag = node.bool, ["true", "false"].contains(scalar.string.lowercased()) {
        self = .flag(flag)
      } else if let integer = Int(scalar.string) {
        self = .integer(integer)
      } else if let number = Self.number(scalar.string) {
        self = .number(number)
      } else {
        self = .text(scalar.string)
      }
    case .alias:
      // Yams resolves aliases when it composes.
      self = .null
    }
  }

  /// A number with a digit in it, so that words such as `nan` and `infinity` stay text.
  private static func number(_ text: String) -> Double? {
    guard text.contains(where: \.isNumber), !text.lowercased().hasPrefix("0x") else { return nil }
    return Double(text)
  }

  private var node: Node {
    switch self {
    case .null: Node("null", .implicit, .plain)
    case .flag(let flag): Node(flag ? "true" : "false", .implicit, .plain)
    case .integer(let integer): Node(String(integer), .implicit, .plain)
    case .number(let number): Node(Self.plain(number), .implicit, .plain)
    case .text(let text):
      Node(text, .implicit, text.contains("\n") ? .literal : Self.style(of: text))
    case .list(let values):
      Node(values.map(\.node), .implicit, .block)
    case .fields(let fields):
      Node(fields.map { (Node($0.key), $0.value.node) }, .implicit, isFlat ? .flow : .block)
    }
  }

  /// A mapping of plain values below another one, which reads best on one line.
  private var isFlat: Bool {
    guard case .fields(let fields) = self else { return false }
    return fields.count <= 12
      && fields.allSatisfy {
        switch $0.value {
        case .list, .fields: false
        case .text(let text): !text.contains("\n") && fields.count < 12
        default: true
        }
      }
  }

  private static func style(of text: String) -> Node.Scalar.Style {
    // Text that would read back as another kind of value needs its quotes.
    var budget = 2
    let plain = Document(node: Node(text, .implicit, .plain), budget: &budget)
    return plain == .text(text) && text != "~" && !text.isEmpty ? .any : .singleQuoted
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : number.description
  }

  private static func oneLine(_ error: YamlError) -> String {
    String(describing: error).split(separator: "\n").joined(separator: " ")
  }
}
