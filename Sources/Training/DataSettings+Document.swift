// The data settings as a document with every key filled in.
import RunRecords

extension DataSettings {
  /// Reading it gives the same settings.
  var document: Document {
    var fields: [Document.Field] =
      switch source {
      case .digits: [.init("source", .text("digits"))]
      case .temperature: [.init("source", .text("temperature"))]
      case .random(let inputs, let outputs, let train, let validation):
        [
          .init("source", .text("random")), .init("inputs", .integer(inputs)),
          .init("outputs", .integer(outputs)), .init("train", .integer(train)),
          .init("validation", .integer(validation)),
        ]
      case .noisyTable(let features, let informative, let flips, let train, let validation):
        [
          .init("source", .text("noisy_table")), .init("features", .integer(features)),
          .init("informative", .integer(informative)), .init("flips", .number(flips)),
          .init("train", .integer(train)),
          .init("validation", .integer(validation)),
        ]
      case .csv(let path, let target, let task, let validation):
        [
          .init("csv", .text(path)), .init("target", .text(target)), .init("task", .text(task)),
          .init("validation", .number(validation)),
        ]
      }
    if let train, !fields.contains(where: { $0.key == "train" }) {
      fields.append(.init("train", .integer(train)))
    }
    switch source {
    case .temperature, .random: break
    default: fields.append(.init("label_noise", .number(labelNoise)))
    }
    return .fields(fields + [.init("standardize", .flag(standardize))])
  }
}
