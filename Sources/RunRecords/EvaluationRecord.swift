// Records that hold what was measured at a step: evaluations and every unit's norm.

/// Losses and figures measured in inference mode after `step` optimizer steps.
package struct EvaluationRecord: Sendable, Equatable {
  package var step: Int
  /// Counts from 1.
  package var epoch: Int
  /// On the training part, at most its first 10,000 examples.
  package var trainLoss: Float
  /// Share of right answers, 0…1; nil for regression.
  package var trainAccuracy: Float?
  /// Mean over the validation part.
  package var validationLoss: Float
  /// Share of right answers, 0…1; nil for regression.
  package var validationAccuracy: Float?
  /// Figures of the task, in the order they are shown.
  package var metrics: [Metric]

  /// A named figure.
  package struct Metric: Sendable, Equatable {
    package var name: String
    package var value: Float

    package init(name: String, value: Float) {
      self.name = name
      self.value = value
    }
  }

  package init(
    step: Int, epoch: Int, trainLoss: Float, trainAccuracy: Float?, validationLoss: Float,
    validationAccuracy: Float?, metrics: [Metric] = []
  ) {
    self.step = step
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.metrics = metrics
  }

  /// The figure that a header's `metric` names; nil where the evaluation does not hold it.
  package func value(of metric: String) -> Float? {
    switch metric {
    case "train_loss": trainLoss
    case "train_accuracy": trainAccuracy
    case "validation_loss": validationLoss
    case "validation_accuracy": validationAccuracy
    default: metrics.first { $0.name == metric }?.value
    }
  }
}

extension EvaluationRecord: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("step", step)
    json.field("epoch", epoch)
    json.field("train_loss", trainLoss)
    if let trainAccuracy { json.field("train_accuracy", trainAccuracy) }
    json.field("validation_loss", validationLoss)
    if let validationAccuracy { json.field("validation_accuracy", validationAccuracy) }
    json.object("metrics") { json in
      for metric in metrics { json.field(metric.name, metric.value) }
    }
  }

  enum CodingKeys: String, CodingKey {
    case step, epoch, metrics
    case trainLoss = "train_loss"
    case trainAccuracy = "train_accuracy"
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    step = try values.decode(Int.self, forKey: .step)
    epoch = try values.decode(Int.self, forKey: .epoch)
    trainLoss = try values.decode(Float.self, forKey: .trainLoss)
    trainAccuracy = try values.decodeIfPresent(Float.self, forKey: .trainAccuracy)
    validationLoss = try values.decode(Float.self, forKey: .validationLoss)
    validationAccuracy = try values.decodeIfPresent(Float.self, forKey: .validationAccuracy)
    metrics = (try values.decodeIfPresent([String: Float].self, forKey: .metrics) ?? [:])
      .sorted { $0.key < $1.key }.map { Metric(name: $0.key, value: $0.value) }
  }
}

/// The L2 norm of every unit's vector after the projection at `step`.
package struct NormsRecord: Sendable, Equatable {
  package var step: Int
  /// In the order of the header's layers.
  package var layers: [Layer]

  /// One weight tensor's unit norms, in unit order.
  package struct Layer: Sendable, Equatable {
    package var name: String
    package var norms: [Float]

    package init(name: String, norms: [Float]) {
      self.name = name
      self.norms = norms
    }
  }

  package init(step: Int, layers: [Layer]) {
    self.step = step
    self.layers = layers
  }
}

extension NormsRecord: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("step", step)
    json.object("layers") { json in
      for layer in layers { json.field(layer.name, layer.norms) }
    }
  }

  enum CodingKeys: String, CodingKey {
    case step, layers
  }

  /// The order of the layers in a JSON object is lost in reading; they come sorted by name.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    step = try values.decode(Int.self, forKey: .step)
    layers = try values.decode([String: [Float]].self, forKey: .layers)
      .sorted { $0.key < $1.key }.map { Layer(name: $0.key, norms: $0.value) }
  }
}
