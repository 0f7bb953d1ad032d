// The learner's parameters by name, under PyTorch's `state_dict` names and layouts.
import Kernels

extension Learner {
  /// Every parameter in model order.
  package var parameters: [ParameterInfo] { layout.infos }

  /// How many numbers are learned.
  package var parameterCount: Int { layout.places.reduce(0) { $0 + $1.count } }

  /// Whether no parameter is NaN or infinite.
  package var isFinite: Bool { allFinite(values.base, count: values.count) }

  /// A parameter's values, row-major.
  package func values(of name: String) throws(NetworkError) -> [Float] {
    let place = try place(of: name)
    return Array(UnsafeBufferPointer(start: values.base + place.offset, count: place.count))
  }

  /// Replaces a parameter's values, row-major; the optimizer's state stays.
  package func setValues(_ new: [Float], of name: String) throws(NetworkError) {
    let place = try place(of: name)
    guard new.count == place.count else {
      throw .parameterSize(name, count: new.count, expected: place.count)
    }
    let target = UnsafeMutableBufferPointer(
      start: values.base + place.offset, count: place.count)
    _ = target.update(fromContentsOf: new)
  }

  /// A parameter's gradient of the last step, row-major.
  package func gradient(of name: String) throws(NetworkError) -> [Float] {
    let place = try place(of: name)
    return Array(UnsafeBufferPointer(start: gradients.base + place.offset, count: place.count))
  }

  private func place(of name: String) throws(NetworkError) -> ParameterPlace {
    guard let index = layout.infos.firstIndex(where: { $0.name == name }) else {
      throw .unknownParameter(name)
    }
    return layout.places[index]
  }
}
