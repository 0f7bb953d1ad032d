// Logs of invented runs, and a check that markup is well-formed.
import Comparisons
import Foundation
import RunRecords

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
  var data = Document.fields([.init("source", .text("digits")), .init("train", .integer(400))])
  var maxNorm: Document = .number(0.5)
  var isConstrained = true
  var steps = 1000
  /// Further keys of the experiment: `arm`, `sweep`.
  var keys: [Document.Field] = []
  var layers = ["fc1"]

  var header: RunHeader {
    RunHeader(
      name: name, title: title, seed: seed, threads: 1, build: "release", parameters: 10,
      trainExamples: 400, validationExamples: 360, batch: 32, stepsPerEpoch: 13, totalSteps: steps,
      metric: metric, goal: metric.hasSuffix("loss") ? .minimize : .maximize,
      experiment: .fields(
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
        ] + keys),
      layers: layers.map {
        .init(
          name: $0, kind: "dense", tensor: "weight", shape: [64, 50], units: 64, axis: "incoming",
          maxNorm: 0.5)
      })
  }

  /// A hundred steps between evaluations; a step record before each.
  func records(_ values: [Float], end: EndRecord.Reason? = .finished) -> [Record] {
    var records: [Record] = [.header(header)]
    for (index, value) in values.enumerated() {
      let step = 100 * (index + 1)
      records.append(.step(stepRecord(step, loss: 1 - value)))
      records.append(
        .evaluation(
          EvaluationRecord(
            step: step, epoch: index + 1, trainLoss: 0.5, trainAccuracy: 0.9,
            validationLoss: 1 - value, validationAccuracy: value)))
    }
    if let end { records.append(.end(Self.end(end, step: 100 * values.count))) }
    return records
  }

  func stepRecord(_ step: Int, loss: Float, isOn: Bool = true) -> StepRecord {
    StepRecord(
      step: step, epoch: 1, steps: 100, loss: loss, lossMin: loss - 0.1, lossMax: loss + 0.1,
      learningRate: 0.1, gradientNorm: 1, gradientNormMax: 2,
      constraint: .init(enabled: isOn, maxNorm: 0.5),
      layers: layers.map {
        .init(
          name: $0, maxNorm: 0.5, normMin: 0.1, normP25: 0.2, normMedian: 0.3, normP75: 0.4,
          normMax: 0.5, atCeiling: 9, exceeded: 640, clipped: isOn ? 640 : 0,
          clippedTotal: 7 * step,
          shrinkMean: 0.9, updateRatio: 0.01)
      }, examplesPerSecond: 1000, elapsed: Double(step) / 100)
  }

  static func end(_ reason: EndRecord.Reason, step: Int) -> EndRecord {
    EndRecord(
      step: step, reason: reason, validationLoss: nil, validationAccuracy: nil, best: nil,
      clippedTotal: 0, elapsed: 1)
  }

  /// A log of such a run in a file of that name.
  func log(_ path: String, _ values: [Float], end: EndRecord.Reason? = .finished) -> ReadLog {
    var digest = RunDigest()
    for record in records(values, end: end) { digest.take(record) }
    return ReadLog(path: path, digest: digest)
  }

  /// The report of one such run.
  func report(_ records: [Record]) -> Report? {
    var course = RunCourse()
    for record in records { course.take(record) }
    return Report(run: course, log: "run.jsonl") { $0.json }
  }
}

/// Why a text is no well-formed XML; nil where it is.
func problem(ofXML text: String) -> String? {
  let parser = XMLParser(data: Data(text.utf8))
  return parser.parse() ? nil : parser.parserError.map { "\($0), line \(parser.lineNumber)" } ?? "?"
}
