// The table of layers: every kind that a network can consist of, a line in each list.
//
// Each kind has its own file in Layers: settings, keys, shapes, parameters and plan. The compiler
// asks for the lines here, and the protocol `Layer` for everything else.

/// One layer.
package indirect enum LayerDescription: Sendable, Equatable {
  case dense(DenseDescription)
  case convolution(ConvolutionDescription)
  case embedding(EmbeddingDescription)
  case recurrent(RecurrentDescription)
  case batchNorm(BatchNormDescription)
  case layerNorm(LayerNormDescription)
  case groupNorm(GroupNormDescription)
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
  case silu
  /// The slope left of zero, not negative; PyTorch's default is 0.01.
  case leakyReLU(slope: Float)
  /// The limit left of zero with its sign changed, not negative; PyTorch's default is 1.
  case elu(alpha: Float)
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

/// A layer's word in an experiment and in records.
package enum LayerKind: String, Sendable, CaseIterable {
  case dense, conv2d
  case convTranspose2d = "conv_transpose2d"
  case maxPool = "max_pool"
  case averagePool = "avg_pool"
  case globalAveragePool = "global_avg_pool"
  case flatten
  case batchNorm = "batch_norm"
  case layerNorm = "layer_norm"
  case groupNorm = "group_norm"
  case embedding, rnn, lstm, gru, relu, gelu, tanh, sigmoid, silu
  case leakyReLU = "leaky_relu"
  case elu, dropout, keep, concatenate, add, encoder, decoder
}

/// What a description stands for.
package enum LayerContent {
  case layer(any Layer)
  /// Layers that form a part of the network.
  case part(NetworkPart, [LayerDescription])
}

/// The parts of a network for data with a source and a target.
package enum NetworkPart: String, Sendable {
  case encoder, decoder

  /// The part with these layers.
  package func holding(_ layers: [LayerDescription]) -> LayerDescription {
    switch self {
    case .encoder: .encoder(layers)
    case .decoder: .decoder(layers)
    }
  }
}

extension LayerDescription {
  /// The layer with its settings, or the layers of a part.
  package var content: LayerContent {
    switch self {
    case .dense(let layer): .layer(layer)
    case .convolution(let layer): .layer(layer)
    case .embedding(let layer): .layer(layer)
    case .recurrent(let layer): .layer(layer)
    case .batchNorm(let layer): .layer(layer)
    case .layerNorm(let layer): .layer(layer)
    case .groupNorm(let layer): .layer(layer)
    case .maxPool(let window): .layer(Pool(.max, window))
    case .averagePool(let window): .layer(Pool(.average, window))
    case .globalAveragePool: .layer(GlobalAveragePool())
    case .flatten: .layer(Flatten())
    case .relu: .layer(ReLU())
    case .gelu: .layer(GELU())
    case .tanh: .layer(Tanh())
    case .sigmoid: .layer(Sigmoid())
    case .silu: .layer(SiLU())
    case .leakyReLU(let slope): .layer(LeakyReLU(slope: slope))
    case .elu(let alpha): .layer(ELU(alpha: alpha))
    case .dropout(let rate): .layer(Dropout(rate: rate))
    case .keep(let name): .layer(Keep(name: name))
    case .concatenate(let name): .layer(Join(.concatenates, name: name))
    case .add(let name): .layer(Join(.adds, name: name))
    case .encoder(let layers): .part(.encoder, layers)
    case .decoder(let layers): .part(.decoder, layers)
    }
  }
}

extension LayerKind {
  /// A layer of this kind before its keys are read: settings at their defaults, those without one 0 or
  /// empty.
  package var prototype: LayerContent {
    switch self {
    case .dense: .layer(DenseDescription(units: 0))
    case .conv2d: .layer(ConvolutionDescription(channels: 0, kernel: 0))
    case .convTranspose2d:
      .layer(ConvolutionDescription(channels: 0, kernel: 0, isTransposed: true))
    case .maxPool: .layer(Pool(.max, PoolDescription(size: 0)))
    case .averagePool: .layer(Pool(.average, PoolDescription(size: 0)))
    case .globalAveragePool: .layer(GlobalAveragePool())
    case .flatten: .layer(Flatten())
    case .batchNorm: .layer(BatchNormDescription())
    case .layerNorm: .layer(LayerNormDescription())
    case .groupNorm: .layer(GroupNormDescription(groups: 0))
    case .embedding: .layer(EmbeddingDescription(size: 0))
    case .rnn: .layer(RecurrentDescription(.rnn, hidden: 0))
    case .lstm: .layer(RecurrentDescription(.lstm, hidden: 0))
    case .gru: .layer(RecurrentDescription(.gru, hidden: 0))
    case .relu: .layer(ReLU())
    case .gelu: .layer(GELU())
    case .tanh: .layer(Tanh())
    case .sigmoid: .layer(Sigmoid())
    case .silu: .layer(SiLU())
    case .leakyReLU: .layer(LeakyReLU())
    case .elu: .layer(ELU())
    case .dropout: .layer(Dropout(rate: 0))
    case .keep: .layer(Keep(name: ""))
    case .concatenate: .layer(Join(.concatenates, name: ""))
    case .add: .layer(Join(.adds, name: ""))
    case .encoder: .part(.encoder, [])
    case .decoder: .part(.decoder, [])
    }
  }

  /// What a layer of this kind is to those around it; nil for a part of the network.
  package var role: LayerRole? {
    switch prototype {
    case .layer(let layer): layer.role
    case .part: nil
    }
  }
}
