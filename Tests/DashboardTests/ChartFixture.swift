// Runs for tests of charts: long ones, and one with a spike.
import RunRecords
import TerminalUI

@testable import Dashboard

/// Numbers that are the same in every run of the tests.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// Runs for the charts.
enum Charts {
  /// A run of two thousand reports up to a step, its loss falling, with an evaluation at every tenth.
  static func long(to last: Int) -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 0)
    model.resize(120, 36)
    var header = Story.header()
    header.totalSteps = last
    header.stepsPerEpoch = max(1, last / 200)
    var records: [Record] = [.header(header)]
    let reports = min(last, 2000)
    for index in 1...reports {
      let step = Int(Double(index) / Double(reports) * Double(last))
      var record = Fixture.step(step, loss: 0.3 + 2 / (1 + Float(index) / 100), layers: [])
      record.steps = max(1, last / reports)
      records.append(.step(record))
      if index % 10 == 0 { records.append(.evaluation(Fixture.evaluation(step, accuracy: 0.8))) }
      if index % 100 == 0 {
        records.append(
          .norms(NormsRecord(step: step, layers: [.init(name: "fc1", norms: [1, 2])])))
      }
    }
    model.feed(records)
    return model
  }

  /// The story with one batch whose loss is a billion, and gradients of that size.
  static func spike() -> DashboardModel {
    var model = Story.model(to: 1200)
    var record = Fixture.step(1210, loss: 1e9, layers: [])
    (record.lossMin, record.lossMax, record.gradientNorm) = (1e9, 1e9, 1e9)
    model.feed([.step(record)])
    var evaluation = Fixture.evaluation(1220, accuracy: 0.5)
    evaluation.validationLoss = 1e9
    model.feed([.evaluation(evaluation)])
    for step in stride(from: 1230, through: 1400, by: 10) {
      model.feed([.step(Fixture.step(step, loss: 0.4, layers: []))])
      var evaluation = Fixture.evaluation(step, accuracy: 0.8)
      (evaluation.trainLoss, evaluation.validationLoss) = (0.3, 0.7)
      model.feed([.evaluation(evaluation)])
    }
    return model
  }
}
