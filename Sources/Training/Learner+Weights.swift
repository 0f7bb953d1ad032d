// A learner's weights from and to files, under PyTorch's names.
import NeuralNetwork

extension Learner {
  /// Takes all tensors from a file.
  ///
  /// - Throws: `WeightsError` where it cannot be read or its tensors are not the model's.
  func loadWeights(from path: String) throws(WeightsError) {
    let file = try SafetensorsFile(contentsOf: path)
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
    let named = tensorValues.map { info, values in
      NamedTensor(name: info.name, shape: info.shape, values: values)
    }
    try SafetensorsFile(tensors: named).write(to: path)
  }
}
