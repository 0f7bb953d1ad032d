// The settings of each kind of layer that has more than one.
//
// A name is `[A-Za-z0-9_]+` and unique in the model; nil: the kind and its ordinal (`dense1`).

/// A fully connected layer: y = x·Wᵀ + b with W `[units, in]`, as PyTorch's `Linear`.
///
/// Images are flattened first; in a sequence it works on every step.
package struct DenseDescription: Sendable, Equatable {
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

/// How far an image is padded with zeros.
package enum Padding: Sendable, Equatable {
  /// So much that the output has ⌈size / stride⌉ rows and columns (transposed: size · stride); an odd
  /// rest goes to the bottom and right.
  case same
  /// On each of the four sides; `valid` is none.
  case pixels(Int)
}

/// A 2-D convolution with W `[channels, in, kernel, kernel]`, or a transposed one with
/// W `[in, channels, kernel, kernel]`, as PyTorch's `Conv2d` and `ConvTranspose2d`.
package struct ConvolutionDescription: Sendable, Equatable {
  package var name: String?
  /// Output channels, each a unit.
  package var channels: Int
  /// The kernel's height and width.
  package var kernel: Int
  /// Pixels from one window to the next.
  package var stride: Int
  package var padding: Padding
  /// Adds a learnt value to every output channel.
  package var bias: Bool
  /// The adjoint of a convolution: it makes images larger.
  package var isTransposed: Bool
  package var maxNorm: MaxNormOverride

  package init(
    name: String? = nil, channels: Int, kernel: Int, stride: Int = 1,
    padding: Padding = .pixels(0), bias: Bool = true, isTransposed: Bool = false,
    maxNorm: MaxNormOverride = .inherit
  ) {
    self.name = name
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.bias = bias
    self.isTransposed = isTransposed
    self.maxNorm = maxNorm
  }
}

/// A pooling window, without padding.
package struct PoolDescription: Sendable, Equatable {
  /// The window's height and width.
  package var size: Int
  /// Pixels from one window to the next.
  package var stride: Int

  package init(size: Int, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }
}

/// Batch normalization (Ioffe and Szegedy 2015) of features or channels, by PyTorch's definitions.
package struct BatchNormDescription: Sendable, Equatable {
  package var name: String?
  /// Added to the variance.
  package var epsilon: Float
  /// The share of a batch in the running statistics.
  package var momentum: Float

  package init(name: String? = nil, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    self.name = name
    self.epsilon = epsilon
    self.momentum = momentum
  }
}

/// A learnt vector for each token: W `[vocabulary, size]`, as PyTorch's `Embedding`.
package struct EmbeddingDescription: Sendable, Equatable {
  package var name: String?
  /// Tokens are whole numbers from 0 to below this; nil: the data say, see `fillingVocabularies`.
  package var vocabulary: Int?
  /// Values of a vector.
  package var size: Int
  package var maxNorm: MaxNormOverride

  package init(
    name: String? = nil, vocabulary: Int? = nil, size: Int, maxNorm: MaxNormOverride = .inherit
  ) {
    self.name = name
    self.vocabulary = vocabulary
    self.size = size
    self.maxNorm = maxNorm
  }
}

extension EmbeddingDescription {
  /// Tokens are whole numbers in float32, which has all of them below this.
  package static let largestVocabulary = 1 << 24
}

extension [LayerDescription] {
  /// The same layers with these vocabularies where an embedding names none: `tokens` for one that
  /// reads the data, `targetTokens` for one in a decoder.
  package func fillingVocabularies(_ tokens: Int, targetTokens: Int) -> [LayerDescription] {
    map { layer in
      switch layer {
      case .embedding(var embedding) where embedding.vocabulary == nil:
        embedding.vocabulary = tokens
        return .embedding(embedding)
      case .encoder(let layers):
        return .encoder(layers.fillingVocabularies(tokens, targetTokens: targetTokens))
      case .decoder(let layers):
        return .decoder(layers.fillingVocabularies(targetTokens, targetTokens: targetTokens))
      default: return layer
      }
    }
  }

  /// Whether an embedding leaves its vocabulary to the data.
  package var lackVocabulary: Bool {
    contains { layer in
      switch layer {
      case .embedding(let embedding): embedding.vocabulary == nil
      case .encoder(let layers), .decoder(let layers): layers.lackVocabulary
      default: false
      }
    }
  }
}

/// A recurrent net on sequences `[steps, features]`, as PyTorch's `RNN` (tanh), `LSTM` and `GRU`.
package struct RecurrentDescription: Sendable, Equatable {
  /// What is computed at every step.
  package enum Cell: String, Sendable, CaseIterable {
    case rnn, lstm, gru

    /// Blocks of `hidden` rows in its weights.
    var gates: Int {
      switch self {
      case .rnn: 1
      case .lstm: 4
      case .gru: 3
      }
    }
  }

  package var cell: Cell
  package var name: String?
  /// Values of the state.
  package var hidden: Int
  /// Nets one on top of the other.
  package var layers: Int
  /// Whether every step's output goes on; else only the final states.
  package var returnsSequence: Bool
  /// A second net reads from the end; outputs stand side by side.
  package var isBidirectional: Bool
  package var maxNorm: MaxNormOverride

  package init(
    _ cell: Cell, name: String? = nil, hidden: Int, layers: Int = 1, returnsSequence: Bool = false,
    isBidirectional: Bool = false, maxNorm: MaxNormOverride = .inherit
  ) {
    self.cell = cell
    self.name = name
    self.hidden = hidden
    self.layers = layers
    self.returnsSequence = returnsSequence
    self.isBidirectional = isBidirectional
    self.maxNorm = maxNorm
  }
}
