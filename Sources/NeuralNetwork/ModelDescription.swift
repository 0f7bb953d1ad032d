// What a model consists of, as plain values; `Plan` makes it run.

/// A network: what goes in, and the layers one after another.
package struct ModelDescription: Sendable, Equatable {
  /// The shape of one example, without the batch; its product is the number of values.
  package var inputShape: [Int]
  /// From input to output.
  package var layers: [LayerDescription]

  package init(inputShape: [Int], layers: [LayerDescription]) {
    self.inputShape = inputShape
    self.layers = layers
  }
}

/// One layer.
package enum LayerDescription: Sendable, Equatable {
  case dense(DenseDescription)
  case relu
  case tanh
  case sigmoid
  /// The slope left of zero, not negative; PyTorch's default is 0.01.
  case leakyReLU(slope: Float)
  /// The share of elements set to zero while training, in 0..<1.
  case dropout(rate: Float)
}

/// A fully connected layer: y = x·Wᵀ + b with W `[units, in]`, as PyTorch's `Linear`.
package struct DenseDescription: Sendable, Equatable {
  /// `[A-Za-z0-9_]+`, unique in the model; nil: the kind and its ordinal (`dense1`).
  package var name: String?
  /// Outputs of the layer.
  package var units: Int
  /// Adds a learnt value to every output.
  package var bias: Bool
  /// Whose ceiling the weights have.
  package var maxNorm: MaxNormOverride

  package init(
    name: String? = nil, units: Int, bias: Bool = true, maxNorm: MaxNormOverride = .inherit
  ) {
    self.name = name
    self.units = units
    self.bias = bias
    self.maxNorm = maxNorm
  }
}

/// Which ceiling the weights of a layer have.
package enum MaxNormOverride: Sendable, Equatable {
  /// The global one, if there is one.
  case inherit
  /// Never any.
  case none
  /// Their own, whatever the global one is.
  case value(Float)

  /// The ceiling that results where the global one is `global`.
  package func ceiling(global: Float?) -> Float? {
    switch self {
    case .inherit: global
    case .none: nil
    case .value(let ceiling): ceiling
    }
  }
}
