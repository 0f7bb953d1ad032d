// What a model consists of, as plain values; `Plan` makes it run.

/// A network: what goes in, and the layers one after another.
package struct ModelDescription: Sendable, Equatable {
  /// The shape of one example, without the batch: `[features]`, an image `[channels, height, width]`,
  /// a sequence `[steps, features]`, or `[steps]` of tokens.
  package var inputShape: [Int]
  /// Tokens that a decoder reads, 0 where there is none; in an example's row they follow those of the
  /// encoder.
  package var decoderLength: Int
  /// From input to output.
  package var layers: [LayerDescription]

  package init(inputShape: [Int], decoderLength: Int = 0, layers: [LayerDescription]) {
    self.inputShape = inputShape
    self.decoderLength = decoderLength
    self.layers = layers
  }
}

/// One layer.
package indirect enum LayerDescription: Sendable, Equatable {
  case dense(DenseDescription)
  case convolution(ConvolutionDescription)
  case embedding(EmbeddingDescription)
  case recurrent(RecurrentDescription)
  case batchNorm(BatchNormDescription)
  case maxPool(PoolDescription)
  case averagePool(PoolDescription)
  /// The mean of each channel of an image.
  case globalAveragePool
  /// All of an example's values in one row, in PyTorch's order.
  case flatten
  case relu
  /// The exact form, with the error function.
  case gelu
  case tanh
  case sigmoid
  /// The slope left of zero, not negative; PyTorch's default is 0.01.
  case leakyReLU(slope: Float)
  /// The share of elements set to zero while training, in 0..<1.
  case dropout(rate: Float)
  /// Remembers what stands here under a name, for a skip connection.
  case keep(String)
  /// Appends what was kept: channels of images, features of the others; the present ones come first.
  case concatenate(String)
  /// Adds what was kept, element by element.
  case add(String)
  /// Reads the source; its last recurrent layer's final state starts the decoder's first one.
  case encoder([LayerDescription])
  /// Reads the target so far, a step behind what it should answer (teacher forcing).
  case decoder([LayerDescription])
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

extension MaxNormOverride: Codable {
  /// A number, or `none` or `inherit`.
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let ceiling = try? value.decode(Float.self) {
      self = .value(ceiling)
    } else {
      self = try value.decode(String.self) == "none" ? .none : .inherit
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .inherit: try value.encode("inherit")
    case .none: try value.encode("none")
    case .value(let ceiling): try value.encode(ceiling)
    }
  }
}

extension LayerDescription {
  /// Whose ceiling its weights have, and those of the layers in it.
  package var maxNorms: [MaxNormOverride] {
    switch self {
    case .dense(let dense): [dense.maxNorm]
    case .convolution(let convolution): [convolution.maxNorm]
    case .embedding(let embedding): [embedding.maxNorm]
    case .recurrent(let recurrent): [recurrent.maxNorm]
    case .encoder(let inner), .decoder(let inner): inner.flatMap(\.maxNorms)
    default: []
    }
  }
}
