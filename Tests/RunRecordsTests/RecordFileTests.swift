// Logs as files: torn ends, wrong lines, and tables.
import Basics
import Foundation
import Testing

@testable import RunRecords

@Suite struct RecordFileTests {
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private var log: [UInt8] { RecordExamples.all.flatMap(\.line) }

  @Test func `a log reads back record by record`() throws {
    try withFile(log) { path in
      let records = try RecordFile.records(at: path)
      #expect(records == RecordExamples.all)
    }
  }

  @Test func `types that are left out are passed over unread`() throws {
    let broken = Array("{\"type\":\"norms\",oops\n".utf8)
    try withFile(log + broken) { path in
      var file = try RecordFile(at: path, .strict)
      file.leaveOut(["norms", "sample"])
      var records: [Record] = []
      while let record = try file.next() { records.append(record) }
      let expected = RecordExamples.all.filter { record in
        switch record {
        case .norms, .sample: false
        default: true
        }
      }
      #expect(records == expected && file.position.offset == log.count + broken.count)
    }
  }

  @Test func `a log cut anywhere reads up to its last whole line`() throws {
    let lengths = RecordExamples.all.map(\.line.count)
    for cut in stride(from: lengths[0], to: log.count, by: 37) {
      var whole = 0
      var bytes = 0
      while whole < lengths.count, bytes + lengths[whole] <= cut {
        bytes += lengths[whole]
        whole += 1
      }
      try withFile(Array(log[..<cut])) { path in
        let records = try RecordFile.records(at: path)
        #expect(records == Array(RecordExamples.all[..<whole]))
      }
    }
  }

  @Test func `a wrong line in the middle is named`() throws {
    let bytes = RecordExamples.all[0].line + Array("oops\n".utf8) + RecordExamples.all[1].line
    try withFile(bytes) { path in
      #expect(
        throws: ProgramError.bad(
          path: path, line: 2, problem: "expected a record, found other text")
      ) { try RecordFile.records(at: path) }
    }
  }

  @Test func `a record's missing key is named`() throws {
    let bytes = RecordExamples.all[0].line + Array("{\"type\":\"event\",\"step\":1}\n".utf8)
    try withFile(bytes) { path in
      #expect(
        throws: ProgramError.bad(
          path: path, line: 2, problem: "expected a record with the key 'action', found none")
      ) { try RecordFile.records(at: path) }
    }
  }

  @Test func `a log must begin with a header`() throws {
    for bytes in [RecordExamples.all[1].line, []] {
      try withFile(bytes) { path in
        #expect(throws: ProgramError.self) { try RecordFile.records(at: path) }
      }
    }
  }

  @Test func `a missing log is an error`() {
    #expect(throws: ProgramError.self) { try RecordFile.records(at: "/nowhere/run.jsonl") }
  }

  @Test func `a table has one row a record and every row as many cells as the header`() {
    var csv = CSVRows()
    let text = RecordExamples.all.map { csv.rows(for: $0) }.joined()
    let rows = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows[0].prefix(4) == ["type", "step", "epoch", "steps"])
    #expect(rows[0].contains("fc1.norm_max"))
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    // The header record is the first row; norms and samples have no rows.
    #expect(
      rows.map { String($0[0]) } == [
        "type", "step", "evaluation", "evaluation", "event", "event", "event", "event", "event",
        "event", "event", "event", "event", "event", "twin_step", "twin_evaluation", "twin_end",
        "end", "end", "end",
      ])
    // What runs of this program never have has no column.
    #expect(!rows[0].contains("error") && rows[19].contains("failed"))
    let column = rows[0].firstIndex(of: "fc1.at_ceiling") ?? 0
    #expect(rows[1][column] == "17")
    let names = rows[0].map(String.init)
    let end = Dictionary(
      zip(names, rows[17].map(String.init)), uniquingKeysWith: { first, _ in first })
    #expect(end["reason"] == "finished" && end["clipped_total"] == "912" && end["elapsed"] == "8.2")
  }

  @Test func `a table has a column for the figure that the header goes by`() {
    var header = RecordExamples.header
    header.metric = "validation_mean_iou"
    var csv = CSVRows()
    let columns = csv.rows(for: .header(header)).dropLast().split(
      separator: ",", omittingEmptySubsequences: false)
    let cells = csv.rows(for: .evaluation(RecordExamples.evaluation)).dropLast().split(
      separator: ",", omittingEmptySubsequences: false)
    #expect(columns.count == cells.count && columns.contains("best.validation_mean_iou"))
    #expect(columns.firstIndex(of: "validation_mean_iou").map { cells[$0] } == "0.5")
  }

  @Test func `a sample that does not fit is reported by its line and key`() throws {
    let wrong =
      #"{"type":"sample","step":1,"kind":"series","title":"t","truth":[1],"prediction":[]}"#
    try withFile(RecordExamples.all[0].line + Array((wrong + "\n").utf8)) { path in
      #expect(
        throws: ProgramError.bad(
          path: path, line: 2, problem: "expected 1 values, found 0 at 'prediction'")
      ) { try RecordFile.records(at: path) }
    }
  }

  @Test func `a second header adds no second line of column names`() {
    var csv = CSVRows()
    _ = csv.rows(for: .header(RecordExamples.header))
    #expect(csv.rows(for: .header(RecordExamples.header)).isEmpty)
  }
}
