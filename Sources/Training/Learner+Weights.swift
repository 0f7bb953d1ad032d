// A learner's weights from and to files, under PyTorch's names.
import NeuralNetwork

extension Learner {
  /// Takes all tensors from a file; of a checkpoint only the weights.
  ///
  /// - Throws: `WeightsError` where it cannot be read or its tensors are not the model's.
  func loadWeights(from path: String) throws(WeightsError) {
    var file = try SafetensorsFile(contentsOf: path)
    if file.isCheckpoint { file.tensors.removeAll { SafetensorsFile.isState($0.name) } }
    let wanted = tensors.map { (name: $0.name, shape: $0.shape) }
    let values = try SafetensorsFile.values(for: wanted, from: file, path: path)
    for (tensor, values) in zip(wanted, values) {
      do {
        try setValues(values, of: tensor.name)
      } catch {
        throw WeightsError(kind: .bad, path: path, problem: "\(error)", hint: "check the file")
      }
    }
  }

  /// Writes all tensors to a file.
  ///
  /// - Throws: `WeightsError` where it cannot be written.
  func saveWeights(to path: String) throws(WeightsError) {
    try weightsFile.write(to: path)
  }

  /// All tensors, as a file holds them.
  var weightsFile: SafetensorsFile {
    SafetensorsFile(
      tensors: tensorValues.map { info, values in
        NamedTensor(name: info.name, shape: info.shape, values: values)
      })
  }
}
