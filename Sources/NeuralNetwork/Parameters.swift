// What a model learns and keeps: names, shapes and places of its tensors.
import Kernels

/// A tensor as PyTorch's `state_dict` would list it.
package struct ParameterInfo: Sendable, Equatable {
  /// `fc1.weight`, `fc1.bias`.
  package var name: String
  /// PyTorch's layout.
  package var shape: [Int]
  /// Values in the tensor.
  package var count: Int { shape.reduce(1, *) }

  package init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}

/// One parameter's place; plain numbers, so that a step touches no reference count.
struct ParameterPlace {
  var offset: Int
  var count: Int
  /// Its index among the constrainable weight tensors; nil for biases and batch normalization.
  var weight: Int?
}

/// What a parameter holds before the first step.
enum InitialValues {
  /// Uniform over ± the bound.
  case uniform(bound: Float)
  /// Normal with variance 1.
  case normal
  case constant(Float)
}

/// A constrainable weight tensor, seen as a matrix `[rows, columns]`.
package struct WeightPlace {
  var offset: Int
  var rows: Int
  var columns: Int
  /// A transposed convolution's units are groups of this many columns; 0: units are rows.
  var unitColumns = 0
  /// How the layer itself cuts the matrix; nil: as the constraint says for all.
  var own: Units?

  /// How an axis cuts the matrix into units.
  enum Units {
    case rows
    /// So many columns each.
    case columns(Int)
    case whole
    /// The values along some dimensions of the tensor.
    case strided(UnitStrides)
  }

  func units(along axis: ConstraintAxis) -> Units {
    if let own { return own }
    return switch axis {
    case .incoming: unitColumns == 0 ? .rows : .columns(unitColumns)
    case .outgoing: .columns(1)
    case .tensor: .whole
    }
  }

  func unitCount(along axis: ConstraintAxis) -> Int {
    switch units(along: axis) {
    case .rows: rows
    case .columns(let group): columns / group
    case .whole: 1
    case .strided(let units): units.count
    }
  }

  /// Room for the units of each axis.
  var mostUnits: Int {
    if case .strided(let units)? = own {
      max(units.count, rows, columns)
    } else {
      max(rows, columns)
    }
  }
}

/// What the constraint calls a weight tensor.
struct WeightName {
  /// The layer's name.
  var layer: String
  var kind: LayerKind
  /// The tensor's name in its layer.
  var tensor: String
  var shape: [Int]
  /// A layer with several weights goes by layer and tensor.
  var isOnlyOne: Bool
  var override: MaxNormOverride
  /// What the layer itself says a unit is; nil: nothing.
  var axes: UnitAxes?
  /// What that is called.
  var axis: String?
}
