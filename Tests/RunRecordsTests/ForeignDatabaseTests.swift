// W&B's offline files and trackio's databases, read into records.
import Basics
import Foundation
import TestSupport
import Testing

@testable import RunRecords

@Suite struct ForeignDatabaseTests: ForeignLogSuite {
  @Test func `an offline file of W&B gives its name, settings, steps and end`() throws {
    let records = try records("run-x.wandb", fixture("offline.wandb"))
    let header = try header(records)
    #expect(header.name == "pretty-name" && header.program == "W&B")
    #expect(header.experiment["optimizer"] == .text("adam"))
    #expect(header.experiment["net"]?["width"]?.whole == 64)
    #expect(steps(records).map(\.step) == [0, 10, 20, 30, 40, 50])
    #expect(steps(records)[1].loss == 0.5 && steps(records)[1].learningRate == 0.1)
    #expect(evaluations(records).map(\.validationLoss) == [1.2, 0.6, 0.4, 0.3, 0.24, 0.2])
    #expect(try end(records).reason == .finished)
  }

  @Test func `every cut of an offline file is read without a trap`() throws {
    let whole = fixture("offline.wandb")
    for length in stride(from: 7, to: whole.count, by: 37) {
      _ = try? records("run-x.wandb", Array(whole.prefix(length)))
    }
    #expect(steps(try records("run-x.wandb", Array(whole.prefix(800)))).count > 0)
  }

  // MARK: Trackio

  @Test func `a run of a database of trackio has its metrics, settings and times`() throws {
    try inTemporaryFolder(["p.db": fixture("trackio.db")]) { folder in
      let path = folder.appendingPathComponent("p.db").path
      let records = try RecordFile.records(at: path + "#calm-owl-1", .lenient)
      let header = try header(records)
      #expect(header.name == "calm-owl-1" && header.program == "trackio")
      #expect(
        header.experiment
          == .fields([
            .init("lr", .number(0.3)), .init("net", .fields([.init("width", .integer(64))])),
          ]))
      #expect(steps(records).map(\.step) == [0, 10, 20, 30])
      #expect(steps(records).map(\.epoch) == [1, 1, 2, 2])
      #expect(steps(records)[1].loss == 0.3)
      #expect(abs((steps(records)[3].elapsed ?? 0) - 15) < 0.001)
      #expect(evaluations(records).map(\.validationLoss) == [0.45, 0.225])
    }
  }

  @Test func `of several runs one must be named, and only those that there are`() throws {
    try inTemporaryFolder(["p.db": fixture("trackio.db")]) { folder in
      let path = folder.appendingPathComponent("p.db").path
      for name in [path, path + "#none", path + "#"] {
        #expect(throws: ProgramError.self) { try RecordFile.records(at: name, .lenient) }
      }
      do {
        _ = try RecordFile.records(at: path, .lenient)
      } catch let error as ProgramError {
        #expect(error.description.contains("expected one run of 2: brave-fox-0, calm-owl-1"))
      }
    }
  }

  @Test func `a database that is cut, damaged or of something else ends in an error or a note`()
    throws
  {
    let whole = fixture("trackio.db")
    for length in stride(from: 16, to: whole.count, by: 509) {
      _ = try? records("p.db", Array(whole.prefix(length)))
    }
    for place in stride(from: 100, to: whole.count, by: 97) {
      var bytes = whole
      bytes[place] ^= 0xff
      try inTemporaryFolder(["p.db": bytes]) { folder in
        _ = try? RecordFile.records(
          at: folder.appendingPathComponent("p.db").path + "#calm-owl-1", .lenient)
      }
    }
    #expect(throws: ProgramError.self) { try records("p.db", SQLiteFile.magic) }
  }
}
