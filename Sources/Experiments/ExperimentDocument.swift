// An experiment as a document with every key filled in: what `show` prints and headers hold.
import NeuralNetwork
import RunRecords

extension Experiment {
  /// The resolved experiment; reading it gives the same experiment.
  package var document: JSONValue {
    var fields: [JSONValue.Field] = [
      .init("name", .text(name)),
      .init("title", .text(title)),
    ]
    if !details.isEmpty { fields.append(.init("description", .text(details))) }
    fields += [
      .init("data", data.document),
      .init("model", .list(layers.map(\.document))),
      .init("loss", .text(objective.loss.rawValue)),
    ]
    if objective.labelSmoothing > 0 {
      fields.append(.init("label_smoothing", .number(objective.labelSmoothing)))
    }
    fields += [
      .init("optimizer", optimizer.document), .init("schedule", schedule.document),
      .init("gradient_clip", objective.gradientClip?.document ?? .text("none")),
      .init("constraint", constraint.document),
      .init("batch", .integer(batch)),
      .init("epochs", .integer(epochs)),
    ]
    if let steps { fields.append(.init("steps", .integer(steps))) }
    fields.append(.init("evaluate_every", .integer(evaluateEvery)))
    if let stopping { fields.append(.init("stopping", stopping.document)) }
    fields += [
      .init("shuffle", .flag(shuffle)), .init("seed", .integer(Int(clamping: seed))),
    ]
    if let pace { fields.append(.init("pace", .number(pace))) }
    if let comparison { fields.append(.init("compare", comparison.document)) }
    if let arm { fields.append(.init("arm", .text(arm))) }
    if !sweep.isEmpty {
      fields.append(.init("sweep", .fields(sweep.map { .init($0.key, .number($0.value)) })))
    }
    if let membership { fields.append(.init("comparison", membership.document)) }
    return .fields(fields)
  }
}

extension JSONValue {
  /// A Float as the number a person would have written: 0.1, not 0.10000000149011612.
  init(_ value: Float) {
    self = .number(Double(value.description) ?? Double(value))
  }
}

extension LearningRateSchedule {
  fileprivate var document: JSONValue {
    var fields: [JSONValue.Field] = [.init("name", .text(kind.rawValue))]
    switch kind {
    case .constant: break
    case .cosine:
      fields.append(.init("minimum", .number(minimum)))
      if let total { fields.append(.init("total", .integer(total))) }
    case .step, .exponential, .inverseTime:
      fields += [.init("every", .integer(every)), .init("factor", .number(factor))]
    }
    if warmup > 0 { fields.append(.init("warmup", .integer(warmup))) }
    return .fields(fields)
  }
}

extension GradientClip {
  fileprivate var document: JSONValue {
    switch self {
    case .norm(let limit): .fields([.init("norm", .number(limit))])
    case .value(let limit): .fields([.init("value", .number(limit))])
    }
  }
}
