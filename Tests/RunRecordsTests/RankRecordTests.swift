// Records of other ranks: what they are known by, and the parts of layers that their headers tell.
import Foundation
import Testing

@testable import RunRecords

@Suite struct RankRecordTests {
  private func record(_ line: String) throws -> Record? {
    try RecordLineReader(.lenient).record(on: Data(line.utf8))
  }

  @Test func `other ranks and the parts they hold are read and written`() throws {
    let line =
      #"{"type":"header","run":"rank1","name":"x","layers":[{"name":"a","units":4,"part":[4,7]}]}"#
    guard case .rank(let rank) = try record(line), case .header(let header) = rank.content else {
      Issue.record("expected a rank's header")
      return
    }
    #expect(rank.name == "rank1" && header.layers.first?.part == [4, 7])
    let step = Record.rank(RankRecord("rank1", .step(StepRecord(3) { $0.loss = 1 })))
    #expect(try record(String(decoding: step.line, as: UTF8.self)) == step)
    #expect(try record(#"{"type":"step","run":"other","step":3}"#) == nil)
    #expect(try record(#"{"type":"event","run":"rank1","step":3,"action":"pause"}"#) == nil)
    #expect(
      !RankRecord.isRank("rank") && !RankRecord.isRank("rankx") && RankRecord.isRank("rank63"))
  }
}
