// Logs of invented runs, and a check that markup is well-formed.
import Comparisons
import Foundation
import RunRecords
import TestSupport

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a run of an invented log is.
struct Invented {
  var name = "digits"
  var title = "Digits"
  var seed: UInt64 = 1
  var metric = "validation_accuracy"
  var data = JSONValue.fields([.init("source", .text("digits")), .init("train", .integer(400))])
  var maxNorm: JSONValue = .number(0.5)
  var isConstrained = true
  var steps = 1000
  /// Further keys of the experiment: `arm`, `sweep`.
  var keys: [JSONValue.Field] = []
  var layers = ["fc1"]

  var header: RunHeader {
    .sample(name, metric: metric) { header in
      (header.title, header.seed, header.totalSteps) = (title, seed, steps)
      header.parameters = 10
      header.experiment = .fields(
        [
          .init("name", .text(name)), .init("title", .text(title)), .init("data", data),
          .init(
            "model",
            .list([
              .fields([
                .init(
                  "dense", .fields([.init("name", .text("fc1")), .init("units", .integer(64))]))
              ]), .text("relu"),
            ])),
          .init(
            "constraint",
            .fields([.init("enabled", .flag(isConstrained)), .init("max_norm", maxNorm)])),
          .init("steps", .integer(steps)), .init("seed", .integer(Int(seed))),
        ] + keys)
      header.layers = layers.map { .sample($0, shape: [64, 50], ceiling: 0.5) }
    }
  }

  /// A hundred steps between evaluations; a step record before each.
  func records(_ values: [Float], end: EndRecord.Reason? = .finished) -> [Record] {
    var records: [Record] = [.header(header)]
    for (index, value) in values.enumerated() {
      let step = 100 * (index + 1)
      records.append(.step(stepRecord(step, loss: 1 - value)))
      records.append(
        .evaluation(
          EvaluationRecord(step) {
            $0.epoch = index + 1
            $0.trainLoss = 0.5
            $0.trainAccuracy = 0.9
            $0.validationLoss = 1 - value
            $0.validationAccuracy = value
          }))
    }
    if let end { records.append(.end(Self.end(end, step: 100 * values.count))) }
    return records
  }

  func stepRecord(_ step: Int, loss: Float, isOn: Bool = true) -> StepRecord {
    StepRecord(step) { record in
      (record.epoch, record.steps) = (1, 100)
      (record.loss, record.lossMin, record.lossMax) = (loss, loss - 0.1, loss + 0.1)
      (record.learningRate, record.gradientNorm, record.gradientNormMax) = (0.1, 1, 2)
      record.constraint = .init(enabled: isOn, maxNorm: 0.5)
      record.layers = layers.map { name in
        StepRecord.Layer(name, maxNorm: 0.5) {
          ($0.normMin, $0.normP25, $0.normMedian, $0.normP75, $0.normMax) = (
            0.1, 0.2, 0.3, 0.4, 0.5
          )
          ($0.atCeiling, $0.exceeded, $0.clipped) = (9, 640, isOn ? 640 : 0)
          ($0.clippedTotal, $0.shrinkMean, $0.updateRatio) = (7 * step, 0.9, 0.01)
        }
      }
      (record.examplesPerSecond, record.elapsed) = (1000, Double(step) / 100)
    }
  }

  static func end(_ reason: EndRecord.Reason, step: Int) -> EndRecord {
    EndRecord(step, reason) {
      $0.clippedTotal = 0
      $0.elapsed = 1
    }
  }

  /// A log of such a run in a file of that name.
  func log(_ path: String, _ values: [Float], end: EndRecord.Reason? = .finished) -> ReadLog {
    var digest = RunDigest()
    for record in records(values, end: end) { digest.apply(record) }
    return ReadLog(path: path, digest: digest)
  }

  /// The report of one such run.
  func report(_ records: [Record]) -> Report? {
    var course = RunCourse()
    for record in records { course.apply(record) }
    return Report(run: course, log: "run.jsonl") { $0.json }
  }
}

/// Why a text is not well-formed XML; nil if it is.
func problem(ofXML text: String) -> String? {
  let parser = XMLParser(data: Data(text.utf8))
  return parser.parse() ? nil : parser.parserError.map { "\($0), line \(parser.lineNumber)" } ?? "?"
}
