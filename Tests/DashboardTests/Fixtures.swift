// Runs made of records, for the dashboard's tests.
import RunRecords
import TerminalUI

@testable import Dashboard

/// Small runs, told record by record.
enum Fixture {
  static func header(
    ceiling: Float? = 1.5, seed: UInt64 = 1, layers: [String] = ["fc1", "fc2"],
    ownCeiling: Float? = nil
  ) -> RunHeader {
    let constraint: Document =
      ceiling.map { .fields([.init("max_norm", .number(Double($0)))]) } ?? .null
    return RunHeader(
      name: "digits", title: "Digits", seed: seed, threads: 1, build: "debug", parameters: 100,
      trainExamples: 320, validationExamples: 100, batch: 32, stepsPerEpoch: 10, totalSteps: 2000,
      metric: "validation_accuracy", goal: .maximize,
      experiment: .fields([
        .init("optimizer", .fields([.init("learning_rate", .number(0.1))])),
        .init("constraint", constraint),
      ]),
      layers: layers.map {
        RunHeader.Layer(
          name: $0, kind: "dense", tensor: "weight", shape: [4, 8], units: 4, axis: "incoming",
          maxNorm: ownCeiling ?? ceiling)
      })
  }

  static func step(
    _ step: Int, loss: Float = 0.5, enabled: Bool = true, ceiling: Float? = 1.5,
    rate: Float = 0.1, ownCeiling: Float? = nil, layers: [String] = ["fc1", "fc2"],
    exceeded: Int = 20
  ) -> StepRecord {
    StepRecord(
      step: step, epoch: step / 10 + 1, steps: 10, loss: loss, lossMin: loss / 2, lossMax: loss * 2,
      learningRate: rate, gradientNorm: 1, gradientNormMax: 2,
      constraint: .init(enabled: enabled, maxNorm: ceiling),
      layers: layers.map {
        StepRecord.Layer(
          name: $0, maxNorm: ownCeiling ?? ceiling, normMin: 0.2, normP25: 0.5, normMedian: 0.8,
          normP75: 1.2, normMax: 1.5, atCeiling: 1, exceeded: exceeded,
          clipped: enabled ? exceeded : 0, clippedTotal: step, shrinkMean: 0.98,
          updateRatio: 0.01)
      },
      examplesPerSecond: 1000, elapsed: Double(step) / 100)
  }

  static func evaluation(_ step: Int, accuracy: Float) -> EvaluationRecord {
    EvaluationRecord(
      step: step, epoch: step / 10 + 1, trainLoss: 0.4, trainAccuracy: 0.95, validationLoss: 0.6,
      validationAccuracy: accuracy)
  }

  static func end(_ reason: EndRecord.Reason = .finished, step: Int = 2000) -> EndRecord {
    EndRecord(
      step: step, reason: reason, validationLoss: 0.6, validationAccuracy: 0.88,
      best: .init(step: 1020, metric: "validation_accuracy", value: 0.89), clippedTotal: 912,
      elapsed: 98.4)
  }

  static let sample = SampleRecord(
    step: 10, title: "hot or cold",
    content: .table(columns: ["°C"], rows: [[.integer(20)], [.integer(31)]]))

  /// A model in a named situation.
  static func model(_ situation: Situation) -> DashboardModel {
    let isReplay = [.replay, .replayPaused, .replayEnded].contains(situation)
    var model = DashboardModel(
      source: isReplay ? .replay : .live, pace: isReplay ? 1 : 200,
      themeNames: ["default", "light"])
    model.resize(80, 24)
    guard situation != .empty else { return model }
    model.feed([.header(header()), .step(step(100)), .evaluation(evaluation(100, accuracy: 0.7))])
    switch situation {
    case .paused: model.feed([.event(EventRecord(step: 100, action: .pause))])
    case .replayPaused: model.press(" ")
    case .ended, .replayEnded: model.feed([.end(end())])
    case .diverged: model.feed([.step(step(110, loss: .nan)), .end(end(.diverged, step: 110))])
    default: break
    }
    return model
  }
}

/// Where a run can stand when a key comes.
enum Situation: CaseIterable {
  case empty, training, paused, ended, diverged, replay, replayPaused, replayEnded
}

extension DashboardModel {
  mutating func feed(_ records: [Record], at time: Double = 0) {
    _ = update(&self, .records(records, time: time))
  }

  @discardableResult
  mutating func press(_ key: Key, at time: Double = 0) -> [Effect] {
    update(&self, .key(key, time: time))
  }

  @discardableResult
  mutating func press(_ character: Character) -> [Effect] { press(.character(character)) }

  mutating func resize(_ columns: Int, _ rows: Int) {
    _ = update(&self, .resize(Size(columns: columns, rows: rows)))
  }

  var refused: String? { notice?.kind == .refusal ? notice?.text : nil }
}
