// The data settings as a document with every key filled in.
import Datasets
import RunRecords

extension DataSettings {
  /// Reading it gives the same settings.
  var document: Document {
    var fields = source.fields
    if let train, !fields.contains(where: { $0.key == "train" }) {
      fields.append(.init("train", .integer(train)))
    }
    if source.takesLabelNoise { fields.append(.init("label_noise", .number(labelNoise))) }
    fields.append(.init("standardize", .flag(standardize)))
    if source.takesTargetScale {
      fields.append(.init("standardize_target", .flag(standardizeTarget)))
    }
    return .fields(fields)
  }
}

extension DataSettings.Source {
  /// One class an example may be made wrong.
  var takesLabelNoise: Bool {
    switch self {
    case .temperature, .random: false
    default: true
    }
  }

  /// Numbers to be predicted may be standardized.
  var takesTargetScale: Bool {
    switch self {
    case .csv(_, _, let task, _): task == Dataset.TableTask.regression.rawValue
    case .npy: true
    default: false
    }
  }

  /// The keys of the source itself.
  fileprivate var fields: [Document.Field] {
    switch self {
    case .digits(let image):
      [.init("source", .text("digits")), .init("image", .flag(image))]
    case .images(let set, let full):
      [.init("source", .text(set.rawValue))]
        + (set == .cifar10 ? [] : [.init("full", .flag(full))])
    case .idx(let path, let validation):
      [.init("idx", .text(path)), .init("validation", .number(validation))]
    case .cifar10(let path): [.init("cifar10", .text(path))]
    case .npy(let paths): paths.fields
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
  }
}

extension DataSettings.NPYPaths {
  fileprivate var fields: [Document.Field] {
    var files: [Document.Field] = [
      .init("inputs", .text(inputs)), .init("targets", .text(targets)),
    ]
    if let validationInputs, let validationTargets {
      files.append(.init("validation_inputs", .text(validationInputs)))
      files.append(.init("validation_targets", .text(validationTargets)))
    }
    var fields: [Document.Field] = [.init("npy", .fields(files))]
    if let classes { fields.append(.init("classes", .integer(classes))) }
    if validationInputs == nil { fields.append(.init("validation", .number(validation))) }
    return fields
  }
}
