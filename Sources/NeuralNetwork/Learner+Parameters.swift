// The learner's tensors by name, under PyTorch's `state_dict` names and layouts.
import Kernels

extension Learner {
  /// Every parameter in model order.
  package var parameters: [ParameterInfo] { layout.parameters.infos }

  /// Parameters and the running statistics of batch normalization: all that a weights file holds.
  package var tensors: [ParameterInfo] { layout.parameters.infos + layout.parameters.bufferInfos }

  /// How many numbers are learned.
  package var parameterCount: Int { layout.parameters.places.reduce(0) { $0 + $1.count } }

  /// Whether no parameter is NaN or infinite.
  package var isFinite: Bool { allFinite(values.base, count: values.count) }

  /// A tensor's values, row-major.
  package func values(of name: String) throws(NetworkError) -> [Float] {
    Array(try tensor(name))
  }

  /// Replaces a tensor's values, row-major; the optimizer's state stays.
  package func setValues(_ new: [Float], of name: String) throws(NetworkError) {
    let target = try tensor(name)
    guard new.count == target.count else {
      throw .parameterSize(name, count: new.count, expected: target.count)
    }
    _ = target.update(fromContentsOf: new)
  }

  /// All of `tensors` with their values, row-major.
  package var tensorValues: [(info: ParameterInfo, values: [Float])] {
    let parameters = zip(layout.parameters.infos, layout.parameters.places).map { info, place in
      (info, Array(UnsafeBufferPointer(start: values.base + place.offset, count: place.count)))
    }
    let offsets = layout.parameters.bufferOffsets
    return parameters
      + zip(layout.parameters.bufferInfos, offsets).map { info, offset in
        (info, Array(UnsafeBufferPointer(start: buffers.base + offset, count: info.count)))
      }
  }

  /// A parameter's gradient of the last step, row-major.
  package func gradient(of name: String) throws(NetworkError) -> [Float] {
    guard let index = layout.parameters.infos.firstIndex(where: { $0.name == name }) else {
      throw .unknownParameter(name)
    }
    let place = layout.parameters.places[index]
    return Array(UnsafeBufferPointer(start: gradients.base + place.offset, count: place.count))
  }

  private func tensor(_ name: String) throws(NetworkError) -> UnsafeMutableBufferPointer<Float> {
    if let index = layout.parameters.infos.firstIndex(where: { $0.name == name }) {
      let place = layout.parameters.places[index]
      return UnsafeMutableBufferPointer(start: values.base + place.offset, count: place.count)
    }
    if let index = layout.parameters.bufferInfos.firstIndex(where: { $0.name == name }) {
      return UnsafeMutableBufferPointer(
        start: buffers.base + layout.parameters.bufferOffsets[index],
        count: layout.parameters.bufferInfos[index].count)
    }
    throw .unknownParameter(name)
  }
}

extension Learner {
  /// How the weights of a tensor are distributed: counts in parts of equal width.
  package struct WeightCounts: Equatable {
    /// The lower end of the first part, and the upper end of the last one.
    package var low, high: Float
    package var counts: [Int]
    /// Weights that are NaN or infinite.
    package var nonFinite: Int
  }

  /// So many weights tell how all of a tensor are distributed, and take no time worth speaking of.
  private static let mostCounted = 1 << 17

  /// The weights of a tensor (an index of `weights`) as they stand now, in at most `parts` parts, whose
  /// width is a power of two and whose ends are multiples of it.
  ///
  /// Of very many weights a part is counted that is spread evenly over them.
  package func distribution(ofWeights tensor: Int, parts: Int) -> WeightCounts {
    let place = layout.parameters.weights[tensor]
    let count = place.rows * place.columns
    // Odd, so that it is not always the same columns.
    let stride = count <= Self.mostCounted ? 1 : count / Self.mostCounted | 1
    var counts: [Int] = []
    let ends = Kernels.distribution(
      of: values.base + place.offset, count: count, stride: stride, parts: parts, into: &counts)
    return WeightCounts(
      low: ends.low, high: ends.high, counts: counts, nonFinite: ends.nonFinite)
  }
}
