// What tests of other programs' logs share: fixtures, and the records that come of them.
import Foundation
import TestSupport
import Testing

@testable import RunRecords

/// A suite that reads logs of other programs; fixtures are files that those programs made.
protocol ForeignLogSuite {}

private struct Missing: Error {}

extension ForeignLogSuite {
  func fixture(_ name: String) -> [UInt8] {
    let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")
    return (try? Data(contentsOf: url)).map(Array.init) ?? []
  }

  func records(
    _ name: String, _ bytes: [UInt8], _ senses: FigureSenses = .standard
  ) throws -> [Record] {
    try inTemporaryFolder([name: bytes]) { folder in
      var file = try RecordFile(
        at: folder.appendingPathComponent(name).path, .lenient, senses: senses)
      var records: [Record] = []
      while let record = try file.next() { records.append(record) }
      return records
    }
  }

  func header(_ records: [Record]) throws -> RunHeader {
    guard case .header(let header)? = records.first else { throw Missing() }
    return header
  }

  func steps(_ records: [Record]) -> [StepRecord] {
    records.compactMap { if case .step(let step) = $0 { step } else { nil } }
  }

  func evaluations(_ records: [Record]) -> [EvaluationRecord] {
    records.compactMap { if case .evaluation(let record) = $0 { record } else { nil } }
  }

  /// How a run ended.
  func end(_ records: [Record]) throws -> EndRecord {
    guard case .end(let end)? = records.last else { throw Missing() }
    return end
  }
}
