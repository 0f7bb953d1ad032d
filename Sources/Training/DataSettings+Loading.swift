// Loads the data that an experiment names.
import Datasets
import Foundation

extension Dataset {
  /// What an experiment trains on under a seed: chosen, standardized, its labels made noisy.
  init(_ experiment: Experiment, seed: UInt64) throws(DatasetError) {
    self = try Dataset(experiment.data, folder: experiment.folder, seed: seed)
    if experiment.data.standardize { standardize() }
    addLabelNoise(share: experiment.data.labelNoise, seed: seed)
  }

  /// Loads what an experiment's `data` names; relative paths start at `folder`.
  fileprivate init(_ settings: DataSettings, folder: URL, seed: UInt64) throws(DatasetError) {
    switch settings.source {
    case .digits: self = try .digits()
    case .temperature: self = .temperatures()
    case .random(let inputs, let outputs, let train, let validation):
      self = .randomRows(
        inputs: inputs, outputs: outputs, train: train, validation: validation, seed: seed)
    case .noisyTable(let features, let informative, let flips, let train, let validation):
      self = .noisyTable(
        features: features, informative: informative, flips: flips, train: train,
        validation: validation, seed: seed)
    case .csv(let path, let target, let task, let validation):
      let url = URL(fileURLWithPath: path, relativeTo: folder)
      self = try .table(
        try CSVTable(contentsOf: url), target: target,
        task: TableTask(rawValue: task) ?? .classification, validation: validation, seed: seed)
    }
    if let count = settings.train, count != train.count {
      try keepTrainingExamples(count, seed: seed)
    }
  }
}
