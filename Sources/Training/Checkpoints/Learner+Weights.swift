// A learner's weights from and to files, under PyTorch's names.
import Basics
import NeuralNetwork

extension Learner {
  /// Reads all tensors from a file; of a checkpoint only the weights.
  ///
  /// - Returns: what a user should know, such as names that were read as others.
  /// - Throws: `ProgramError` if it cannot be read, its tensors are not the model's, or its numbers
  ///   cannot be trained from.
  func loadWeights(from path: String) throws(ProgramError) -> [String] {
    var file = try SafetensorsFile(contentsOf: path)
    if file.isCheckpoint { file.tensors.removeAll { SafetensorsFile.isState($0.name) } }
    let wanted = tensors.map { (name: $0.name, shape: $0.shape) }
    let notes = file.adoptNames(of: wanted.map(\.name))
    let values = try SafetensorsFile.values(for: wanted, from: file, path: path)
    try Self.checkFinite(zip(wanted.map(\.name), values), path: path)
    for (tensor, values) in zip(wanted, values) {
      do {
        try setValues(values, of: tensor.name)
      } catch {
        throw ProgramError(weights: .bad, path: path, problem: "\(error)", hint: "check the file")
      }
    }
    return notes
  }

  /// A single NaN spoils every weight in a few steps.
  private static func checkFinite(
    _ tensors: some Sequence<(String, [Float])>, path: String
  ) throws(ProgramError) {
    let bad = tensors.map { name, values in
      (name: name, count: values.count { !$0.isFinite }, of: values.count)
    }.filter { $0.count > 0 }
    guard let first = bad.first else { return }
    throw ProgramError(
      weights: .bad, path: path,
      problem: "expected finite numbers, found \(first.count) of the \(first.of) of \(first.name) "
        + "NaN or infinite"
        + (bad.count > 1 ? ", and such in \(bad.count - 1) more tensors" : ""),
      hint: "the run that saved them had diverged: give weights from before")
  }

  /// Writes all tensors to a file, with what describes them.
  ///
  /// - Throws: `ProgramError` if it cannot be written.
  func saveWeights(to path: String, metadata: [String: String] = [:]) throws(ProgramError) {
    var file = weightsFile
    file.metadata.merge(metadata) { $1 }
    try file.write(to: path)
  }

  /// All tensors, as a file holds them.
  var weightsFile: SafetensorsFile {
    SafetensorsFile(
      tensors: tensorValues.map { info, values in
        NamedTensor(name: info.name, shape: info.shape, values: values)
      })
  }
}
