// An experiment as YAML that explains itself: every key with a comment, what is left out behind a '#'.
import NeuralNetwork
import RunRecords

extension Experiment {
  /// The experiment with every key and a comment each; reading it gives the same experiment.
  ///
  /// - Throws: a `YamlError` where the emitter fails.
  package func commentedYAML() throws -> String {
    guard case .fields(let fields) = document else { return "" }
    var text = CommentedYAML()
    for field in fields { try text.add(field) }
    let absent = Self.keys.filter { key in
      !fields.contains { $0.key == key } && KeyComment.example(of: key) != nil
    }
    if !absent.isEmpty { text.addLine("", "# Not set here:") }
    for key in absent {
      guard let example = KeyComment.example(of: key) else { continue }
      text.addComment(KeyComment.top(key))
      text.addLine("# \(key): \(example)")
    }
    return text.text
  }
}

/// The lines so far.
private struct CommentedYAML {
  private(set) var text = ""
  private var seenLayers: Set<String> = []

  mutating func addLine(_ lines: String...) {
    for line in lines { text += line + "\n" }
  }

  /// A comment of several lines where one has no room.
  mutating func addComment(_ comment: String?, indent: String = "") {
    guard let comment else { return }
    let width = 78 - indent.count
    var line = ""
    for word in comment.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 1 > width {
        addLine("\(indent)# \(line)")
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    addLine("\(indent)# \(line)")
  }

  mutating func add(_ field: JSONValue.Field) throws {
    addComment(KeyComment.top(field.key))
    switch (field.key, field.value) {
    case ("model", .list(let layers)):
      addLine("model:")
      for layer in layers { try add(layer: layer) }
    case (_, .fields(let inner)) where KeyComment.hasInner(field.key):
      addLine("\(field.key):")
      for inner in inner {
        addComment(KeyComment.inner(inner.key, of: field.key), indent: "  ")
        addLine("  \(inner.key): \(try inner.value.line())")
      }
    case (_, .text(let value)) where value.contains("\n"):
      text += try JSONValue.fields([field]).yaml()
    default: addLine("\(field.key): \(try field.value.line())")
    }
  }

  /// A layer on a line, with a comment where its kind comes for the first time.
  private mutating func add(layer: JSONValue) throws {
    let word: String
    switch layer {
    case .text(let name): word = name
    case .fields(let fields): word = fields.first?.key ?? ""
    default: word = ""
    }
    if seenLayers.insert(word).inserted, let kind = LayerKind(rawValue: word) {
      addComment(kind.comment, indent: "  ")
    }
    for line in try JSONValue.list([layer]).yaml().split(separator: "\n") { addLine("  \(line)") }
  }
}

extension JSONValue {
  /// The value behind a key, on one line.
  fileprivate func line() throws -> String {
    // A list of plain values, or a mapping of them, stands in brackets.
    if case .list = self { return json }
    if case .fields = self { return json }
    if case .text(let text) = self, text.contains(where: \.isNewline) { return json }
    return String(try JSONValue.list([self]).yaml().dropFirst(2).prefix { $0 != "\n" })
  }
}
