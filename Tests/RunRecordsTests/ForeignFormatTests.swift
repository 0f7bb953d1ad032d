// Logs of figures that other programs write, as lines of JSON and as tables.
import Basics
import Foundation
import TestSupport
import Testing

@testable import RunRecords

@Suite struct ForeignFormatTests: ForeignLogSuite {
  @Test func `lines of figures are steps, and tags mean what they are called`() throws {
    let text = """
      {"step": 0, "train/loss": 2.0, "lr": 0.1, "epoch": 0, "_timestamp": 1700000000.0}
      {"step": 10, "train/loss": 1.0, "lr": 0.1, "eval/loss": 1.5, "eval/accuracy": 50.0, \
      "eval/f1": 0.4, "_timestamp": 1700000005.0}
      not json
      {"step": 20, "train/loss": NaN, "grad_norm": 3}

      """
    let records = try records("metrics.jsonl", Array(text.utf8))
    let (steps, evaluations) = (steps(records), evaluations(records))
    #expect(steps.map(\.step) == [0, 10, 20])
    #expect(steps[0].loss == 2 && steps[0].learningRate == 0.1 && steps[0].epoch == 1)
    #expect(steps[1].elapsed == 5 && steps[1].steps == 10)
    #expect(steps[2].loss?.isNaN == true && steps[2].gradientNorm == 3)
    #expect(evaluations.count == 1 && evaluations[0].validationLoss == 1.5)
    // In per cent, as some write it.
    #expect(evaluations[0].validationAccuracy == 0.5)
    #expect(evaluations[0].metrics == [Metric(name: "validation_f1", value: 0.4)])
    let header = try header(records)
    #expect(header.metric == "validation_accuracy" && header.goal == .maximize)
    #expect(header.notes == ["1 line is no JSON object with figures"])
  }

  @Test func `a map decides where names say something else`() throws {
    let text = #"{"step": 1, "loss": 3.0, "objective": 0.5}"# + "\n"
    let senses = try FigureSenses(["loss=objective"])
    let step = try #require(steps(try records("a.jsonl", Array(text.utf8), senses)).first)
    #expect(step.loss == 0.5 && step.metrics == [Metric(name: "loss", value: 3)])
    #expect(throws: ProgramError.self) { try FigureSenses(["cost=objective"]) }
    #expect(throws: ProgramError.self) { try FigureSenses(["loss"]) }
  }

  @Test func `rows without a step are counted, by their epochs where they have them`() throws {
    let plain = #"{"loss": 3.0}"# + "\n" + #"{"loss": 2.0}"# + "\n"
    #expect(steps(try records("a.jsonl", Array(plain.utf8))).map(\.step) == [1, 2])
    // The last line may lack its end, but not be torn.
    let open = #"{"loss": 3.0}"# + "\n" + #"{"loss": 2.0}"#
    #expect(steps(try records("a.jsonl", Array(open.utf8))).map(\.loss) == [3, 2])
    #expect(steps(try records("a.jsonl", Array(open.utf8.dropLast(2)))).map(\.loss) == [3])
    let epochs = #"{"epoch": 1, "loss": 3.0}"# + "\n" + #"{"epoch": 2, "loss": 2.0}"# + "\n"
    let read = steps(try records("a.jsonl", Array(epochs.utf8)))
    #expect(read.map(\.step) == [1, 2] && read.map(\.epoch) == [1, 2])
  }

  @Test func `records stay records, whatever else stands between them`() throws {
    let text = "noise\n" + #"{"type":"step","step":1,"loss":2}"# + "\n"
    #expect(steps(try records("a.jsonl", Array(text.utf8))).first?.loss == 2)
  }

  // MARK: Tables

  @Test func `Lightning's table has a figure a row, and steps have both losses`() throws {
    let records = try records("metrics.csv", fixture("lightning.csv"))
    let (steps, evaluations) = (steps(records), evaluations(records))
    #expect(steps.map(\.step) == [1, 3, 5, 7, 9, 11])
    #expect(steps.map(\.epoch) == [1, 1, 2, 2, 3, 3])
    #expect(steps[0].loss == 1.2398225 && steps[1].loss == 1.0924168)
    #expect(evaluations.map(\.step) == [3, 7, 11])
    #expect(evaluations[0].validationLoss == 1.1035707 && evaluations[0].trainLoss == 1.1488285)
  }

  @Test func `Keras' table has an epoch a row, counted from 1 here`() throws {
    let records = try records("keras.csv", fixture("keras.csv"))
    #expect(try header(records).stepsPerEpoch == 1)
    #expect(steps(records).map(\.step) == [1, 2, 3, 4])
    #expect(steps(records).map(\.epoch) == [1, 2, 3, 4])
    #expect(steps(records)[0].loss == 0.5982923)
    let last = try #require(evaluations(records).last)
    #expect(last.validationAccuracy == 0.75 && last.validationLoss == 0.57995665)
    #expect(last.trainAccuracy == 0.7083333)
  }

  @Test func `a table of data is no log`() throws {
    #expect(throws: ProgramError.self) {
      try records("iris.csv", Array("length,width\n1,2\n".utf8))
    }
  }

  @Test func `only records can be followed, and a strict reader takes nothing else`()
    throws
  {
    try inTemporaryFolder(["a.jsonl": Array(#"{"step":1,"loss":2}"#.utf8)]) { folder in
      let path = folder.appendingPathComponent("a.jsonl").path
      #expect(throws: ProgramError.self) {
        _ = try RecordFile(at: path, .lenient, growth: .appended)
      }
      #expect(throws: ProgramError.self) { try RecordFile.records(at: path, .strict) }
    }
  }
}
