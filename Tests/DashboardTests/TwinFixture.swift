// The story with a twin beside it, which learns the wrong labels by heart.
import RunRecords

@testable import Dashboard

extension Story {
  /// A twin's figures at a step: its validation loss climbs while the run's is held.
  static func twin(_ step: Int) -> [Record] {
    let loss = 0.35 + 2 / (1 + Float(step) / 60) + Float(step) / 2500
    var record = Fixture.step(step, loss: loss, enabled: false)
    record.constraint?.maxNorm = ceiling
    var records: [Record] = [.twin(.step(record))]
    if step % 20 == 0 {
      records.append(
        .twin(
          .evaluation(
            EvaluationRecord(step) {
              $0.epoch = step / 20 + 1
              $0.trainLoss = 0.1
              $0.trainAccuracy = 1
              $0.validationLoss = loss
              $0.validationAccuracy = 1 - loss * 0.3
            })))
    }
    return records
  }

  /// The records of the story up to a step with those of a twin, which is `behind` steps behind.
  static func recordsWithTwin(to last: Int, behind: Int = 0) -> [Record] {
    var records: [Record] = [
      .event(EventRecord(step: 0, action: .twin, from: .flag(false), value: .flag(true)))
    ]
    var told = 0
    for record in self.records(to: last) {
      records.append(record)
      guard case .norms = record, record.step - behind > told else { continue }
      for step in stride(from: told + 10, through: record.step - behind, by: 10) {
        records += twin(step)
      }
      told = record.step - behind
    }
    return records
  }

  static func modelWithTwin(to last: Int, behind: Int = 0) -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["dark", "light"])
    model.resize(120, 36)
    model.feed([.header(header())])
    let records = recordsWithTwin(to: last, behind: behind)
    for start in stride(from: 0, to: records.count, by: 12) {
      model.feed(Array(records[start..<min(start + 12, records.count)]), at: Double(start) / 60)
    }
    return model
  }
}

extension Fixture {
  /// A run with everything that a setting can be of.
  static func controllableHeader(optimizer: String = "sgd") -> RunHeader {
    var header = header()
    var fields: [JSONValue.Field] = [
      .init("name", .text(optimizer)), .init("learning_rate", .number(0.1)),
      .init("weight_decay", .number(0)),
    ]
    if optimizer == "sgd" { fields.append(.init("momentum", .number(0.9))) }
    header.experiment = .fields([
      .init("optimizer", .fields(fields)),
      .init("constraint", .fields([.init("max_norm", .number(1.5))])),
      .init("schedule", .fields([.init("name", .text("constant"))])),
      .init(
        "model",
        .list([
          .fields([.init("dense", .fields([.init("name", .text("fc1"))]))]),
          .fields([.init("batch_norm", .fields([.init("epsilon", .number(1e-5))]))]),
          .fields([
            .init(
              "encoder",
              .list([.fields([.init("dropout", .number(0.2))]), .text("relu")]))
          ]),
          .fields([.init("dropout", .number(0.5))]),
        ])),
    ])
    return header
  }

  static func controllable(optimizer: String = "sgd") -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["default", "light"])
    model.resize(80, 24)
    model.feed([
      .header(controllableHeader(optimizer: optimizer)), .step(step(100)),
      .evaluation(evaluation(100, accuracy: 0.7)),
    ])
    return model
  }
}
