// A layer's own axis: which values of its weights form a unit, by our word for it or by Keras' numbers.
import Kernels

/// What a layer's unit is, where it is not what the constraint says for all.
package enum UnitAxes: Sendable, Equatable {
  case named(ConstraintAxis)
  /// The dimensions that a norm goes over, as `keras.constraints.MaxNorm(axis:)` counts them in Keras'
  /// own layout of the layer's kernel.
  case keras([Int])

  /// How a weight of this shape is cut, and what that is called.
  ///
  /// `order` says for each dimension of Keras' layout which one of the stored tensor it is.
  ///
  /// - Throws: if a dimension is none of the weight's.
  func cut(
    _ place: WeightPlace, shape: [Int], order: [Int], _ path: LayerPath
  ) throws(NetworkError) -> (units: WeightPlace.Units, word: String) {
    switch self {
    case .named(let axis): return (place.units(along: axis), axis.rawValue)
    case .keras(let axes):
      let valid = -order.count..<order.count
      let dimensions = axes.map { $0 < 0 ? $0 + order.count : $0 }
      guard !axes.isEmpty, axes.allSatisfy(valid.contains), Set(dimensions).count == axes.count
      else {
        throw .misfit(
          layer: path,
          "axis: expected incoming, outgoing, tensor or different dimensions from 0 to "
            + "\(order.count - 1), as Keras counts them, found \(axes)")
      }
      let stored = Set(dimensions.map { order[$0] })
      // The kernels for what is usual are the faster ones.
      let usual = [ConstraintAxis.incoming, .outgoing, .tensor].first { axis in
        stored == place.dimensions(of: axis, rank: shape.count)
      }
      if let usual { return (place.units(along: usual), usual.rawValue) }
      let word = axes.map(String.init).joined(separator: ", ")
      return (.strided(UnitStrides(shape, over: stored)), axes.count == 1 ? word : "[\(word)]")
    }
  }
}

extension WeightPlace {
  /// The dimensions of the stored tensor that a unit goes over.
  fileprivate func dimensions(of axis: ConstraintAxis, rank: Int) -> Set<Int> {
    switch axis {
    // A transposed convolution has its outputs in the second dimension.
    case .incoming: Set((0..<rank).filter { $0 != (unitColumns == 0 ? 0 : 1) })
    case .outgoing: [0]
    case .tensor: Set(0..<rank)
    }
  }
}
