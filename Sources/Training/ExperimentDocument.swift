// An experiment as a document with every key filled in: what `show` prints and headers hold.
import NeuralNetwork
import RunRecords

extension Experiment {
  /// The resolved experiment; reading it gives the same experiment.
  package var document: Document {
    var fields: [Document.Field] = [
      .init("name", .text(name)),
      .init("title", .text(title)),
    ]
    if !details.isEmpty { fields.append(.init("description", .text(details))) }
    fields += [
      .init("data", data.document),
      .init("model", .list(layers.map(\.document))),
      .init("loss", .text(loss.rawValue)),
      .init("optimizer", optimizer.document),
      .init("constraint", constraint.document),
      .init("batch", .integer(batch)),
      .init("epochs", .integer(epochs)),
    ]
    if let steps { fields.append(.init("steps", .integer(steps))) }
    fields += [
      .init("evaluate_every", .integer(evaluateEvery)), .init("shuffle", .flag(shuffle)),
      .init("seed", .integer(Int(clamping: seed))),
      .init("pace", .number(pace)),
    ]
    return .fields(fields)
  }
}

extension Document {
  /// A Float as the number a person would have written: 0.1, not 0.10000000149011612.
  fileprivate init(_ value: Float) {
    self = .number(Double(value.description) ?? Double(value))
  }
}

extension LayerDescription {
  fileprivate var document: Document {
    switch self {
    case .dense(let dense):
      var fields: [Document.Field] = []
      if let name = dense.name { fields.append(.init("name", .text(name))) }
      fields.append(.init("units", .integer(dense.units)))
      fields.append(.init("bias", .flag(dense.bias)))
      switch dense.maxNorm {
      case .inherit: break
      case .none: fields.append(.init("max_norm", .text("none")))
      case .value(let ceiling): fields.append(.init("max_norm", Document(ceiling)))
      }
      return .fields([.init("dense", .fields(fields))])
    case .relu: return .text("relu")
    case .tanh: return .text("tanh")
    case .sigmoid: return .text("sigmoid")
    case .leakyReLU(let slope):
      return .fields([.init("leaky_relu", .fields([.init("slope", Document(slope))]))])
    case .dropout(let rate): return .fields([.init("dropout", Document(rate))])
    }
  }
}

extension OptimizerSettings {
  fileprivate var document: Document {
    var fields: [Document.Field] = [
      .init("name", .text(kind.rawValue)), .init("learning_rate", .number(learningRate)),
    ]
    switch kind {
    case .sgd:
      fields += [.init("momentum", .number(momentum)), .init("nesterov", .flag(nesterov))]
    case .adam, .adamw:
      fields += [
        .init("betas", .list([.number(beta1), .number(beta2)])),
        .init("epsilon", .number(epsilon)),
      ]
    case .rmsprop:
      fields += [
        .init("momentum", .number(momentum)), .init("alpha", .number(alpha)),
        .init("epsilon", .number(epsilon)),
      ]
    }
    return .fields(fields + [.init("weight_decay", .number(weightDecay))])
  }
}

extension ConstraintSettings {
  fileprivate var document: Document {
    .fields([
      .init("max_norm", maxNorm.map { Document($0) } ?? .text("none")),
      .init("axis", .text(axis.rawValue)), .init("enabled", .flag(enabled)),
    ])
  }
}
