// The experiment of an arm: the base with the arm's regularizers and settings, ready to run anywhere.
import Basics
import Foundation
import RunRecords

extension ExperimentSource {
  /// Evaluations of a run of a comparison, about: enough for its curve, and cheap beside its training.
  private static let evaluations = 100
  /// Keys that say which run it is.
  private static let fixed: Set = ["seed", "arm", "sweep", "compare", "comparison", "name"]

  /// The experiment of an arm, named so, with absolute paths, and evaluated about a hundred times.
  ///
  /// - Throws: `ProgramError` if an arm's key does not exist or does not fit.
  package func arm(
    _ settings: ArmSettings, sweep: [SweptValue] = []
  ) throws(ProgramError) -> Experiment {
    for key in settings.settings.map(\.key) + sweep.map(\.key) where Self.fixed.contains(key) {
      throw ProgramError(
        experiment: name, path: settings.name,
        problem: "expected a key that arms may differ in, found '\(key)'",
        hint: key == "seed" ? "all arms run under the same seeds: see --seeds and --seed" : "")
    }
    var source = self
    let setsEvaluation = source.document["evaluate_every"] != nil
    if let words = settings.from {
      guard let parts = Regularizer.set(words) else {
        throw ProgramError(
          experiment: name, path: settings.name, problem: "expected regularizers, found '\(words)'",
          hint: "")
      }
      try source.regularize(with: parts)
    }
    for setting in settings.settings { try source.set(setting.key, to: setting.value) }
    for value in sweep { try source.set(value.key, to: .number(value.value).wholeIfWhole) }
    var experiment = try source.experiment()
    experiment.arm = settings.name
    experiment.sweep = sweep
    experiment.comparison = nil
    experiment.data = experiment.data.absolute(in: experiment.folder)
    if !setsEvaluation, experiment.steps == nil {
      experiment.evaluateEvery = max(1, experiment.epochs / Self.evaluations)
    }
    return experiment
  }
}

extension JSONValue {
  /// 2 rather than 2.0: keys such as `batch` take whole numbers alone.
  fileprivate var wholeIfWhole: JSONValue {
    guard case .number(let number) = self, number == number.rounded(), abs(number) < 1e15 else {
      return self
    }
    return .integer(Int(number))
  }
}

extension DataSettings {
  /// The same data from any folder: paths that were relative to `folder` are absolute.
  func absolute(in folder: URL) -> DataSettings {
    func path(_ path: String) -> String {
      path.hasPrefix("/") ? path : folder.appendingPathComponent(path).standardizedFileURL.path
    }
    var settings = self
    switch source {
    case .idx(let folder, let set, let validation, let split):
      settings.source = .idx(path: path(folder), set: set, validation: validation, split: split)
    case .cifar(let set, let folder): settings.source = .cifar(set, path: path(folder))
    case .npy(var paths):
      paths.inputs = path(paths.inputs)
      paths.targets = path(paths.targets)
      paths.decoderInputs = paths.decoderInputs.map(path)
      paths.validationInputs = paths.validationInputs.map(path)
      paths.validationDecoderInputs = paths.validationDecoderInputs.map(path)
      paths.validationTargets = paths.validationTargets.map(path)
      paths.testInputs = paths.testInputs.map(path)
      paths.testDecoderInputs = paths.testDecoderInputs.map(path)
      paths.testTargets = paths.testTargets.map(path)
      settings.source = .npy(paths)
    case .table(.file(let file), let options):
      settings.source = .table(.file(path(file)), options)
    case .forecast(.file(let file), let options):
      settings.source = .forecast(.file(path(file)), options)
    case .language(let file?, let window, let validation):
      settings.source = .language(path: path(file), window: window, validation: validation)
    case .language(nil, _, _), .digits, .images, .temperature, .random, .noisyTable, .table,
      .forecast, .vowels, .shapes, .canvasDigits, .dates, .delayedSum, .points:
      break
    }
    return settings
  }
}
