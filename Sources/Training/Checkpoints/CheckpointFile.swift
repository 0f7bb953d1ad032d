// Checkpoints as safetensors files: the names of their contents, and how damage is detected.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunRecords

/// The keys of a checkpoint's metadata.
private enum MetadataKey {
  static let version = "maxnorm_checkpoint"
  static let experiment = "experiment"
  static let folder = "folder"
  static let state = "state"
  static let checksum = "checksum"
}

/// The version of the checkpoint format that this program writes; it reads the earlier ones too.
///
/// 2: of the optimizer's settings and states only those that its rule has.
private let checkpointFormatVersion = 2

extension SafetensorsFile {
  /// The file is a checkpoint: not all its tensors are the model's.
  var isCheckpoint: Bool { metadata[MetadataKey.version] != nil }

  /// The name of a tensor in a checkpoint that is not a weight: `optimizer.first.fc1.weight`,
  /// `carried`.
  ///
  /// A weight's name has two parts, also that of a layer called `optimizer`.
  static func isState(_ name: String) -> Bool {
    name == CheckpointTensors.carried || name == CheckpointTensors.constraint
      || [CheckpointTensors.optimizer, CheckpointTensors.selected].contains { name.hasPrefix($0) }
        && name.count { $0 == "." } > 1
  }

  /// Over everything but itself.
  fileprivate var checksum: String {
    var sum = Checksum()
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) where key != MetadataKey.checksum {
      sum.add(key)
      sum.add(text)
    }
    for tensor in tensors {
      sum.add(tensor.name)
      sum.add(tensor.shape)
      sum.add(tensor.values)
    }
    return sum.text
  }
}

/// What the tensors beside the weights are called; a weight's name has two parts, these more or one.
private enum CheckpointTensors {
  /// The optimizer's states, by what its rule calls them: `optimizer.first.fc1.weight`.
  static let optimizer = "optimizer."

  static func prefix(_ state: RuleState) -> String { optimizer + state.name + "." }

  /// The weights of the best evaluation: `best.fc1.weight`.
  static let selected = "best."
  /// What recurrent layers start the next batch from.
  static let carried = "carried"
  /// What the constraint's rule keeps from step to step.
  static let constraint = "constraint"
}

extension Checkpoint {
  /// Reads a checkpoint and finds out whether it is whole.
  ///
  /// - Throws: `ProgramError`.
  package init(contentsOf path: String) throws(ProgramError) {
    func bad(_ problem: String, _ hint: String? = nil) -> ProgramError {
      ProgramError(
        checkpoint: .bad, path, problem,
        hint ?? "give a file written by 'maxnorm run --checkpoint' or the key W")
    }
    let file: SafetensorsFile
    do {
      file = try SafetensorsFile(contentsOf: path)
    } catch {
      if error.kind == .unreadable {
        throw ProgramError(checkpoint: .unreadable, path, error.problem, error.hint)
      }
      throw bad(error.problem)
    }
    guard let versionText = file.metadata[MetadataKey.version] else {
      throw bad("expected a checkpoint, found weights alone", "--init starts a run from weights")
    }
    if let version = Int(versionText), version > checkpointFormatVersion {
      throw bad(
        "expected version \(checkpointFormatVersion), found \(version)",
        "a later version of the program wrote it: use that one")
    }
    guard file.metadata[MetadataKey.checksum] == file.checksum, file.otherTensors.isEmpty,
      let version = Int(versionText), 1...checkpointFormatVersion ~= version
    else {
      throw bad(
        "expected a whole checkpoint, found one that was altered or damaged",
        "go on from another one")
    }
    do {
      let yaml = file.metadata[MetadataKey.experiment] ?? ""
      self.init(
        path: path,
        source: ExperimentSource(
          document: try JSONValue(yaml: yaml, name: path), name: path,
          folder: URL(
            fileURLWithPath: file.metadata[MetadataKey.folder] ?? "/", isDirectory: true)),
        state: try RunState(text: file.metadata[MetadataKey.state] ?? ""), tensors: file.tensors)
    } catch {
      throw bad("expected the state of a run, found another text")
    }
  }

  /// Writes the run; a file that stands there is replaced once this one is whole and on the disk.
  ///
  /// - Throws: `ProgramError` if it cannot be written.
  static func write(
    _ state: RunState, _ learner: LearnerState, selected: LearnerWeights? = nil,
    of experiment: Experiment, description: WeightsDescription,
    tensors infos: (parameters: [ParameterInfo], buffers: [ParameterInfo]), to path: String
  ) throws(ProgramError) {
    var file = SafetensorsFile(tensors: [])
    do {
      file.metadata[MetadataKey.version] = String(checkpointFormatVersion)
      file.metadata[MetadataKey.experiment] = try experiment.document.yaml()
      file.metadata[MetadataKey.folder] = experiment.folder.path
      file.metadata[MetadataKey.state] = try state.text()
      file.metadata[WeightsDescription.Key.data] = try description.text()
    } catch {
      throw ProgramError(
        checkpoint: .unwritable, path, "expected to describe the run: \(error)", "report it")
    }
    file.tensors = split(learner.parameters, infos.parameters)
    file.tensors += split(learner.buffers, infos.buffers)
    for (state, values) in zip(learner.settings.optimizer.kind.rule.states, learner.states) {
      file.tensors += split(
        values, infos.parameters, prefix: CheckpointTensors.prefix(state))
    }
    if let selected {
      let prefix = CheckpointTensors.selected
      file.tensors += split(selected.parameters, infos.parameters, prefix: prefix)
      file.tensors += split(selected.buffers, infos.buffers, prefix: prefix)
    }
    for (name, values) in [
      (CheckpointTensors.carried, learner.carried),
      (CheckpointTensors.constraint, learner.constraint),
    ] where !values.isEmpty {
      file.tensors.append(NamedTensor(name: name, shape: [values.count], values: values))
    }
    file.metadata[MetadataKey.checksum] = file.checksum
    do {
      try file.write(to: path)
    } catch {
      throw ProgramError(checkpoint: .unwritable, path, error.problem, error.hint)
    }
  }

  private static func split(
    _ values: [Float], _ infos: [ParameterInfo], prefix: String = ""
  ) -> [NamedTensor] {
    var start = 0
    return infos.map { info in
      defer { start += info.count }
      return NamedTensor(
        name: prefix + info.name, shape: info.shape,
        values: Array(values[start..<start + info.count]))
    }
  }

  /// The tensors under a prefix, one behind the other; nil if one is missing or of another shape.
  private static func values(
    _ infos: some Sequence<ParameterInfo>, prefix: String, of named: [String: NamedTensor]
  ) -> [Float]? {
    var values: [Float] = []
    for info in infos {
      guard let tensor = named[prefix + info.name], tensor.shape == info.shape else { return nil }
      values += tensor.values
    }
    return values
  }

  /// The weights of the best evaluation.
  ///
  /// - Throws: `ProgramError` if it does not hold those of this model.
  func selectedWeights(for learner: Learner) throws(ProgramError) -> LearnerWeights {
    let infos = learner.parameters
    let named = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    let prefix = CheckpointTensors.selected
    guard let parameters = Self.values(infos, prefix: prefix, of: named),
      let buffers = Self.values(learner.tensors.dropFirst(infos.count), prefix: prefix, of: named)
    else {
      throw ProgramError(
        checkpoint: .bad, path, "expected the weights of its best evaluation, found others",
        "it is of another experiment")
    }
    return LearnerWeights(parameters: parameters, buffers: buffers)
  }

  /// What a learner resumes from.
  ///
  /// - Throws: `ProgramError` if tensors or settings are not those of its model.
  func learnerState(for learner: Learner) throws(ProgramError) -> LearnerState {
    let model = learner.state
    let parameters = learner.parameters
    let buffers = learner.tensors.dropFirst(parameters.count)
    let weights = tensors.filter { !SafetensorsFile.isState($0.name) }
    let named = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    var isFitting = weights.count == parameters.count + buffers.count
    func values(_ infos: some Sequence<ParameterInfo>, prefix: String = "") -> [Float]? {
      Self.values(infos, prefix: prefix, of: named)
    }
    // Version 1 leaves out states of nothing but zeros.
    func optimizerState(_ state: RuleState) -> [Float]? {
      let prefix = CheckpointTensors.prefix(state)
      guard tensors.contains(where: { $0.name.hasPrefix(prefix) }) else {
        return [Float](repeating: state.initial, count: model.parameters.count)
      }
      return values(parameters, prefix: prefix)
    }
    let carried = named[CheckpointTensors.carried]?.values ?? []
    let constraint = named[CheckpointTensors.constraint]?.values ?? []
    let settings = state.settings
    isFitting =
      isFitting && carried.count == model.carried.count
      && constraint.count == model.constraint.count
      && settings.isFit(for: model.settings)
      && state.learner.updateRatios.count == model.progress.updateRatios.count
      && state.learner.steps >= 0 && state.learner.updates >= 0
      && (state.changes.map(\.before) + state.settingsSoFar.map(\.settings)).allSatisfy {
        $0.isFit(for: model.settings)
      }
    let rule = settings.optimizer.kind.rule
    // A momentum that was switched off leaves its velocity, for it may come again.
    let last = rule.states.lastIndex { state in
      tensors.contains { $0.name.hasPrefix(CheckpointTensors.prefix(state)) }
    }
    let stateCount = max(rule.stateCount, last.map { $0 + 1 } ?? 0)
    let states = rule.states.prefix(stateCount).compactMap(optimizerState)
    guard isFitting, let learned = values(parameters), let kept = values(buffers),
      states.count == stateCount
    else {
      throw ProgramError(
        checkpoint: .bad, path, "expected the tensors and settings of this model, found others",
        "it is of another experiment")
    }
    return LearnerState(
      settings: settings, parameters: learned, states: states,
      buffers: kept, progress: state.learner, carried: carried,
      constraint: constraint)
  }
}

extension LearnerState.Settings {
  /// Whether a learner of these settings can take the others.
  fileprivate func isFit(for model: LearnerState.Settings) -> Bool {
    func isValid(_ ceiling: Float?) -> Bool { ceiling.map(ConstraintSettings.isValid) ?? true }
    return dropoutRates.count == model.dropoutRates.count
      && dropoutRates.allSatisfy { $0 >= 0 && $0 < 1 }
      && ceilingOverrides.count == model.ceilingOverrides.count
      && ceilingOverrides.allSatisfy { isValid($0.ceiling(global: nil)) }
      && isValid(constraint.maxNorm) && constraint.axis == model.constraint.axis
      && constraint.kind == model.constraint.kind
      && optimizer.kind.name == model.optimizer.kind.name && (try? optimizer.check()) != nil
  }
}
