// Runs made of records, for the dashboard's tests.
import RunRecords
import TerminalUI
import TestSupport

@testable import Dashboard

/// Small runs, record by record.
enum Fixture {
  static func header(
    ceiling: Float? = 1.5, seed: UInt64 = 1, layers: [String] = ["fc1", "fc2"],
    ownCeiling: Float? = nil
  ) -> RunHeader {
    let constraint: JSONValue =
      ceiling.map { .fields([.init("max_norm", .number(Double($0)))]) } ?? .null
    return .sample { header in
      (header.seed, header.build) = (seed, "debug")
      (header.trainExamples, header.validationExamples) = (320, 100)
      (header.stepsPerEpoch, header.totalSteps) = (10, 2000)
      header.experiment = .fields([
        .init("optimizer", .fields([.init("learning_rate", .number(0.1))])),
        .init("constraint", constraint),
      ])
      header.layers = layers.map { .sample($0, shape: [4, 8], ceiling: ownCeiling ?? ceiling) }
    }
  }

  static func step(
    _ step: Int, loss: Float = 0.5, enabled: Bool = true, ceiling: Float? = 1.5,
    rate: Float = 0.1, ownCeiling: Float? = nil, layers: [String] = ["fc1", "fc2"],
    exceeded: Int = 20
  ) -> StepRecord {
    StepRecord(step) { record in
      (record.epoch, record.steps) = (step / 10 + 1, 10)
      (record.loss, record.lossMin, record.lossMax) = (loss, loss / 2, loss * 2)
      (record.learningRate, record.gradientNorm, record.gradientNormMax) = (rate, 1, 2)
      record.constraint = .init(enabled: enabled, maxNorm: ceiling)
      record.layers = layers.map { name in
        StepRecord.Layer(name, maxNorm: ownCeiling ?? ceiling) {
          ($0.normMin, $0.normP25, $0.normMedian, $0.normP75, $0.normMax) = (
            0.2, 0.5, 0.8, 1.2, 1.5
          )
          ($0.atCeiling, $0.exceeded, $0.clipped) = (1, exceeded, enabled ? exceeded : 0)
          ($0.clippedTotal, $0.shrinkMean, $0.updateRatio) = (step, 0.98, 0.01)
        }
      }
      // Without layers nothing was clipped, rather than nothing measured.
      if layers.isEmpty {
        record.layers = [StepRecord.Layer("free") { ($0.exceeded, $0.clipped) = (0, 0) }]
      }
      (record.examplesPerSecond, record.elapsed) = (1000, Double(step) / 100)
    }
  }

  static func evaluation(_ step: Int, accuracy: Float) -> EvaluationRecord {
    EvaluationRecord(step) {
      $0.epoch = step / 10 + 1
      $0.trainLoss = 0.4
      $0.trainAccuracy = 0.95
      $0.validationLoss = 0.6
      $0.validationAccuracy = accuracy
    }
  }

  static func end(_ reason: EndRecord.Reason = .finished, step: Int = 2000) -> EndRecord {
    EndRecord(step, reason) {
      $0.validationLoss = 0.6
      $0.validationAccuracy = 0.88
      $0.best = .init(step: 1020, metric: "validation_accuracy", value: 0.89)
      $0.clippedTotal = 912
      $0.elapsed = 98.4
    }
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

  var refused: String? { shell.notice?.kind == .refusal ? shell.notice?.text : nil }
}
