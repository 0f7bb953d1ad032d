// Reads what is minimized and how: loss, schedule and gradient clipping.
import Basics
import NeuralNetwork
import RunRecords

extension Objective {
  init(_ top: FieldReader) throws(ProgramError) {
    let losses = [
      LossFunction.crossEntropy, .binaryCrossEntropy, .meanSquaredError, .classAndBox,
    ]
    let name = try top.choice("loss", losses.map(\.rawValue), place: .loss)
    let loss = losses.first { $0.rawValue == name } ?? .crossEntropy
    let smoothing = try top.number("label_smoothing", atLeast: 0, below: 1, default: 0)
    if smoothing > 0, loss != .crossEntropy, loss != .classAndBox {
      throw top.error(
        "label_smoothing", "expected loss cross_entropy or class_and_box, found \(name)",
        "remove label_smoothing")
    }
    self.init(
      loss, labelSmoothing: smoothing,
      gradientClip: try GradientClip.read(top["gradient_clip"], experiment: top.experiment))
  }
}

extension GradientClip {
  static func read(_ document: JSONValue?, experiment: String) throws(ProgramError)
    -> GradientClip?
  {
    guard let document, !document.isNone else { return nil }
    let fields = try FieldReader(
      document, experiment: experiment, path: "gradient_clip", keys: ["norm", "value"])
    guard fields.has("norm") != fields.has("value") else {
      throw fields.error("norm", "expected either norm or value, found \(document.kindAndText)")
    }
    return fields.has("norm")
      ? .norm(try fields.number("norm", above: 0)) : .value(try fields.number("value", above: 0))
  }
}

extension LearningRateSchedule {
  init(_ document: JSONValue?, experiment: String) throws(ProgramError) {
    // `schedule: none` leaves the rate alone, as no schedule does.
    let document = document.flatMap { $0.isNone ? nil : $0 }
    if case .text(let short) = document {
      // `schedule: cosine` is short for `schedule: {name: cosine}`.
      try self.init(.fields([.init("name", .text(short))]), experiment: experiment)
      return
    }
    func reader(_ keys: [String]) throws(ProgramError) -> FieldReader {
      try FieldReader(
        document, experiment: experiment, path: "schedule", keys: keys, place: .schedule)
    }
    let kinds = [Kind.constant, .step, .cosine, .exponential, .inverseTime]
    let name = try reader(["name", "every", "factor", "minimum", "total", "warmup"]).choice(
      "name", kinds.map(\.rawValue), default: "constant", place: .scheduleName)
    let kind = kinds.first { $0.rawValue == name } ?? .constant
    // A key of another schedule would do nothing: that is an error too.
    let own: [String] =
      switch kind {
      case .constant: []
      case .cosine: ["minimum", "total"]
      case .step, .exponential, .inverseTime: ["every", "factor"]
      }
    let fields = try reader(["name", "warmup"] + own)
    self.init(kind, warmup: try fields.integer("warmup", atLeast: 0, default: 0))
    switch kind {
    case .constant: break
    case .cosine:
      minimum = try fields.number("minimum", atLeast: 0, default: 0)
      total = try fields.integerIfAny("total", atLeast: 1)
    case .step, .exponential, .inverseTime:
      every = try fields.integer("every", atLeast: 1)
      factor = try fields.number("factor", atLeast: 0)
    }
  }
}
