// A run that tells the program's story in records, the same every time, for pictures of the screen.
import RunRecords
import TerminalUI
import TestSupport

@testable import Dashboard

/// The constraint holds, goes off, comes on again; losses and norms do what a real net's do.
enum Story {
  static let offStep = 900
  static let onStep = 1500
  static let ceiling: Float = 1.5

  static func header(
    names: [String] = ["fc1", "fc2", "out"], name: String = "digits",
    title: String = "Handwritten digits, 2x64 ReLU", build: String = "release"
  ) -> RunHeader {
    .sample(name) {
      $0.title = title
      $0.build = build
      $0.parameters = 9610
      $0.stepsPerEpoch = 20
      $0.totalSteps = 3000
      $0.experiment = .fields([
        .init("optimizer", .fields([.init("learning_rate", .number(0.05))])),
        .init("constraint", .fields([.init("max_norm", .number(Double(ceiling)))])),
      ])
      $0.layers = names.enumerated().map { index, name in
        .sample(name, shape: [units(index), 64], ceiling: index % 4 == 3 ? nil : ceiling)
      }
    }
  }

  static func units(_ index: Int) -> Int { index == 2 ? 10 : 64 }

  /// How far the norms and the losses have run off at a step, 0…1.
  private static func drift(_ step: Int) -> Float {
    guard step > offStep else { return 0 }
    let away = min(1, Float(min(step, onStep) - offStep) / 600)
    return step <= onStep ? away : away * max(0, 1 - Float(step - onStep) / 80)
  }

  /// A little up and down that is the same every time.
  private static func noise(_ seed: Int) -> Float { Float(seed * 7919 % 101) / 100 - 0.5 }

  static func norms(_ step: Int, layer: Int) -> [Float] {
    let isOn = step <= offStep || step > onStep
    return (0..<units(layer)).map { unit in
      let growth = min(1, Float(step) / 700)
      let own = 0.5 + Float(unit % 16) / 16 * 0.6 + Float(layer % 3) * 0.1
      let norm = own + growth * (0.5 + noise(unit + 3)) + drift(step) * (0.8 + noise(unit))
      return isOn ? min(ceiling, norm) : norm
    }
  }

  /// The records of one report every ten steps, up to a step.
  static func records(to last: Int, names: [String] = ["fc1", "fc2", "out"]) -> [Record] {
    var records: [Record] = []
    var totals = [Int](repeating: 0, count: names.count)
    for step in stride(from: 10, through: last, by: 10) {
      let isOn = step <= offStep || step > onStep
      let loss = 0.35 + 2 / (1 + Float(step) / 80) - 0.3 * drift(step) + 0.04 * noise(step / 10)
      let layers = names.indices.map { index in
        let norms = norms(step, layer: index).sorted()
        let limit: Float? = index % 4 == 3 ? nil : ceiling
        let at = limit.map { limit in norms.count { $0 >= limit * (1 - 1e-5) } } ?? 0
        totals[index] += isOn ? at * 8 : 0
        return StepRecord.Layer(names[index], maxNorm: limit) {
          $0.normMin = norms[0]
          $0.normP25 = norms[norms.count / 4]
          $0.normMedian = norms[norms.count / 2]
          $0.normP75 = norms[norms.count * 3 / 4]
          $0.normMax = norms[norms.count - 1]
          $0.atCeiling = at
          $0.exceeded = at * 8
          $0.clipped = isOn ? at * 8 : 0
          $0.clippedTotal = totals[index]
          $0.shrinkMean = 0.98
          $0.updateRatio = 0.004
        }
      }
      records.append(
        .step(
          StepRecord(step) {
            $0.epoch = step / 20 + 1
            $0.steps = 10
            $0.loss = loss
            $0.lossMin = loss * 0.7
            $0.lossMax = loss * 1.4
            $0.learningRate = 0.05
            $0.gradientNorm = 1.2 + 0.4 * noise(step / 10)
            $0.gradientNormMax = 2 + 0.4 * noise(step / 10 + 5)
            $0.constraint = .init(enabled: isOn, maxNorm: ceiling)
            $0.layers = layers
            $0.examplesPerSecond = 6400
            $0.elapsed = Double(step) / 200
          }))
      if step % 20 == 0 { records += evaluation(step, loss: loss, names: names) }
      if step == offStep {
        records.append(
          .event(
            EventRecord(step: step, action: .constraint, from: .flag(true), value: .flag(false))))
      }
      if step == onStep {
        records.append(
          .event(
            EventRecord(
              step: step, action: .constraint, from: .flag(false), value: .flag(true), clipped: 57))
        )
      }
    }
    return records
  }

  private static func evaluation(_ step: Int, loss: Float, names: [String]) -> [Record] {
    let validation = loss + 0.12 + 0.9 * drift(step) + 0.05 * noise(step / 20)
    return [
      .evaluation(
        EvaluationRecord(step) {
          $0.epoch = step / 20 + 1
          $0.trainLoss = loss
          $0.trainAccuracy = min(1, 1 - loss * 0.25 + 0.1 * drift(step))
          $0.validationLoss = validation
          $0.validationAccuracy = 1 - validation * 0.25
        }),
      .norms(
        NormsRecord(
          step: step,
          layers: names.enumerated().map { .init(name: $1, norms: norms(step, layer: $0)) })),
    ]
  }

  static let sample = SampleRecord(
    step: 600, title: "hot or cold",
    content: .table(
      columns: ["°C", "output", "decision"],
      rows: [
        [.integer(20), .number(-10.12), .text("cold")],
        [.integer(30), .number(-0.11), .text("cold")],
        [.integer(31), .number(0.89), .text("hot")], [.integer(35), .number(4.89), .text("hot")],
      ]))

  /// The dashboard after `last` steps of the story.
  static func model(
    to last: Int, names: [String] = ["fc1", "fc2", "out"], header: RunHeader? = nil
  ) -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["dark", "light"])
    model.resize(120, 36)
    model.feed([.header(header ?? Self.header(names: names))])
    let records = records(to: last, names: names)
    // In frames, as the screen gets them, so that there is a speed.
    for start in stride(from: 0, to: records.count, by: 12) {
      model.feed(Array(records[start..<min(start + 12, records.count)]), at: Double(start) / 60)
    }
    return model
  }

  static func end(_ reason: EndRecord.Reason, step: Int) -> Record {
    .end(
      EndRecord(step, reason) {
        $0.validationLoss = 0.5
        $0.validationAccuracy = 0.87
        $0.best = .init(step: 820, metric: "validation_accuracy", value: 0.881)
        $0.clippedTotal = 912
        $0.elapsed = Double(step) / 200
      })
  }
}
