// A record's fields as columns and cells of a table.

/// Collects what the fields of a record are called in a table, and what stands in them.
struct CellCoder: FieldCoder {
  /// The name of a column and its cell, in the order of the fields; unknown is empty.
  private(set) var cells: [(column: String, text: String)] = []
  /// Of the figures under any names, the one that has a column.
  private let metric: String?
  /// What parts put in front of their columns: `constraint.`, `fc1.`.
  private var prefix = ""

  init(metric: String?) { self.metric = metric }

  private mutating func add(_ key: String, _ text: String) { cells.append((prefix + key, text)) }

  mutating func required<Value: FieldValue>(_ key: String, _ value: inout Value) {
    add(key, value.cell)
  }

  mutating func field<Value: FieldValue>(
    _ key: String, _ value: inout Value?, _ presence: FieldPresence, tag: ScalarTag?
  ) {
    switch presence {
    case .aside: break
    case .announced: if let value { add(key, value.cell) }
    case .always, .orNull, .ifAny: add(key, value?.cell ?? "")
    }
  }

  mutating func mark(_ key: String, _ isOn: inout Bool) { add(key, isOn ? "true" : "") }

  mutating func part<Part: RecordFields>(
    _ key: String, _ part: inout Part?, _ presence: FieldPresence
  ) {
    // The columns of what is always there stand though it is unknown here.
    guard var part = presence == .always ? part ?? .blank : part else { return }
    nest(key) { part.code(&$0) }
  }

  mutating func list<Part: RecordFields>(
    _ key: String, _ parts: inout [Part], _ presence: FieldPresence
  ) {
    for var part in parts {
      // Its first field is its name, which stands in front of its columns.
      var own = CellCoder(metric: nil)
      part.code(&own)
      guard let name = own.cells.first?.text else { continue }
      cells += own.cells.dropFirst().map { ("\(prefix)\(name).\($0.column)", $0.text) }
    }
  }

  mutating func named<Value: FieldValue>(
    _ key: String, _ entries: inout [(name: String, value: Value)], _ presence: FieldPresence
  ) {
    if presence == .announced {
      // The figure of the test part that answers to the metric.
      if let entry = entries.first(where: { $0.name == metric.map(MetricName.ofTest) }) {
        add(entry.name, entry.value.cell)
      }
      return
    }
    guard presence == .always, let metric, !cells.contains(where: { $0.column == metric })
    else { return }
    add(metric, entries.first { $0.name == metric }?.value.cell ?? "")
  }

  mutating func figure(_ name: inout String, _ value: inout Float, besides other: String) {
    add(name, value.cell)
  }

  mutating func check(_ fits: Bool, _ key: String, _ problem: @autoclosure () -> String) {}

  private mutating func nest(_ key: String, _ fields: (inout CellCoder) -> Void) {
    let outer = prefix
    prefix += key + "."
    fields(&self)
    prefix = outer
  }
}
