// YAML text to a tree of plain values and back.
import Basics
import RunRecords
import Yams

extension JSONValue {
  /// Parses YAML; a byte-order mark in front is skipped, `<<:` merges mappings.
  ///
  /// If the keys of the outermost mapping are given, others that only hold anchors are left out:
  /// those that begin with `x-`, `_` or `.`, and those whose value is an anchor, unless they look
  /// like one of the keys misspelt.
  ///
  /// - Throws: `ProgramError` with the line if the text is not YAML.
  package init(yaml: String, name: String, keys: [String] = []) throws(ProgramError) {
    let scalars = yaml.unicodeScalars
    let text = scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : yaml
    let parser: Parser
    let node: Node?
    do {
      parser = try Parser(yaml: text)
      node = try parser.singleRoot()
    } catch let error as YamlError {
      throw ProgramError(
        experiment: name, path: "", problem: "expected YAML, found: \(Self.oneLine(error))",
        hint: "check indentation, brackets and quotes")
    } catch {
      throw ProgramError(
        experiment: name, path: "", problem: "expected YAML, found: \(error)", hint: "")
    }
    var budget = Self.mostValues
    // Nodes hold their anchors weakly: the parser owns them.
    self = withExtendedLifetime(parser) {
      node.map { JSONValue(node: $0.withoutAnchorHolders(besides: keys), budget: &budget) } ?? .null
    }
    guard budget > 0 else {
      throw ProgramError(
        experiment: name, path: "",
        problem: "expected at most \(Self.mostValues) values, found more, aliases counted out",
        hint: "no experiment is that long")
    }
  }

  /// A few lines of aliases to aliases can stand for billions of values.
  private static let mostValues = 100_000

  /// The text of a value as it stands on a command line: `0.05`, `true`, `{name: adam}`.
  package init(yamlValue text: String, name: String) throws(ProgramError) {
    self = text.isEmpty ? .text("") : try JSONValue(yaml: text, name: name)
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
      for (key, value) in mapping.merged(&budget) where budget > 0 {
        fields.append(Field(key.string ?? "", JSONValue(node: value, budget: &budget)))
      }
      self = .fields(fields)
    case .sequence(let sequence):
      var values: [JSONValue] = []
      for value in sequence where budget > 0 {
        values.append(JSONValue(node: value, budget: &budget))
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
    let plain = JSONValue(node: Node(text, .implicit, .plain), budget: &budget)
    return plain == .text(text) && text != "~" && !text.isEmpty ? .any : .singleQuoted
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : number.description
  }

  private static func oneLine(_ error: YamlError) -> String {
    String(describing: error).split(separator: "\n").joined(separator: " ")
  }
}

extension Node.Mapping {
  /// The pairs with what `<<` brings in, which gives way to keys written out
  /// (https://yaml.org/type/merge.html); nothing more is merged once the budget of values is spent.
  fileprivate func merged(_ budget: inout Int) -> [(key: Node, value: Node)] {
    let isMerge = { (key: Node) in key.scalar?.string == "<<" && key.scalar?.style == .plain }
    let pairs = map { (key: $0.key, value: $0.value) }
    guard pairs.contains(where: { isMerge($0.key) }) else { return pairs }
    var written = Set(pairs.map(\.key).filter { !isMerge($0) })
    var merged: [(key: Node, value: Node)] = []
    for (key, value) in pairs {
      guard isMerge(key), let sources = value.mergeable else {
        merged.append((key, value))
        continue
      }
      // Of several the first one that has a key counts.
      for source in sources where budget > 0 {
        budget -= source.count + 1
        merged += source.merged(&budget).filter { written.insert($0.key).inserted }
      }
    }
    return merged
  }
}

extension Node {
  /// The mappings that `<<` may name; nil if it names something else.
  fileprivate var mergeable: [Node.Mapping]? {
    switch self {
    case .mapping(let mapping): return [mapping]
    case .sequence(let sequence):
      let mappings = sequence.compactMap(\.mapping)
      return mappings.count == sequence.count ? mappings : nil
    case .scalar, .alias: return nil
    }
  }

  /// The outermost mapping without the keys that only hold anchors.
  fileprivate func withoutAnchorHolders(besides keys: [String]) -> Node {
    guard !keys.isEmpty, case .mapping(let mapping) = self else { return self }
    let pairs = mapping.filter { key, value in
      guard let name = key.string, !keys.contains(name) else { return true }
      if name.hasPrefix("x-") || name.hasPrefix("_") || name.hasPrefix(".") { return false }
      // An alias is the node that it stands for, which lies before its own key.
      let isOwn = key.mark.map { key in value.mark.map { key.line <= $0.line } ?? false } ?? false
      let isMeantForUs = ForeignNames.cure(for: name, at: .top) != nil
      return !isOwn || value.anchor == nil || isMeantForUs || nearest(name, among: keys) != nil
    }
    return .mapping(Node.Mapping(pairs.map { ($0.key, $0.value) }, mapping.tag, mapping.style))
  }
}
