// Records as rows of a table: one row a step record; evaluations and events have theirs,
// distinguished by `type`.

/// Turns records into CSV; a header record opens the table with the names of the columns.
package struct CSVRows: Sendable {
  private var columns: [String] = []
  /// The header's metric.
  private var metric: String?

  package init() {}

  /// The lines for a record; empty for norms, samples, refusals and other ranks', which have no rows.
  package mutating func rows(for record: Record) -> String {
    switch record {
    case .header(let header): open(header)
    case .step(let record): row("step", record)
    case .evaluation(let record): row("evaluation", record)
    case .event(let record): row("event", record)
    case .end(let record): row("end", record)
    // Separate types: whoever reads the main run by its types finds what was there without a twin.
    case .twin(.step(let record)): row("twin_step", record)
    case .twin(.evaluation(let record)): row("twin_evaluation", record)
    case .twin(.end(let record)): row("twin_end", record)
    case .norms, .sample, .refused, .twin(.norms), .rank: ""
    }
  }

  /// The line of column names; nothing for a later segment of the same run.
  private mutating func open(_ header: RunHeader) -> String {
    guard columns.isEmpty else { return "" }
    metric = header.metric
    var step = StepRecord.blank
    step.layers = header.layers.map { StepRecord.Layer($0.name) }
    // What not every end has stands behind what each has.
    var best = EndRecord.blank
    best.best = .init(step: 0, metric: header.metric ?? "", value: 0)
    columns = ["type"]
    let known: [any RecordFields] = [
      step, EvaluationRecord.blank, EventRecord.blank, EndRecord.blank, best,
      EndRecord(announcedBy: header),
    ]
    for record in known {
      columns += cells(record).map(\.column).filter { !columns.contains($0) }
    }
    return columns.map(Self.quoted).joined(separator: ",") + "\n"
  }

  private func row(_ type: String, _ record: some RecordFields) -> String {
    var texts = [String](repeating: "", count: columns.count)
    texts[0] = type
    // Cells come in the order of their columns, but for those that several types of record share.
    var next = 1
    for cell in cells(record) {
      let isNext = next < columns.count && columns[next] == cell.column
      guard let column = isNext ? next : columns.firstIndex(of: cell.column) else { continue }
      texts[column] = cell.text
      next = column + 1
    }
    return texts.map(Self.quoted).joined(separator: ",") + "\n"
  }

  private func cells(_ record: some RecordFields) -> [(column: String, text: String)] {
    var coder = CellCoder(metric: metric)
    var record = record
    record.code(&coder)
    return coder.cells
  }

  /// A cell in quotes where it needs them (RFC 4180).
  package static func quoted(_ cell: String) -> String {
    // By bytes and scalars: a line break of two, or an accent behind a comma, is another character.
    guard cell.utf8.contains(where: needsQuotes) else { return cell }
    let doubled = cell.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"\(String(String.UnicodeScalarView(doubled)))\""
  }
  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    case _: false
    }
  }
}

extension EndRecord {
  /// One that has what the ends of a run have because its header says so.
  fileprivate init(announcedBy header: RunHeader) {
    self.init(0, nil)
    if header.experiment["stopping"] != nil { (early, restored) = (true, 0) }
    guard let metric = header.testMetric else { return }
    var test = Test()
    (test.step, test.loss, test.accuracy, test.looks) = (0, 0, 0, 2)
    if test.value(of: metric) == nil { test.metrics = [Metric(name: metric, value: 0)] }
    self.test = test
  }
}
