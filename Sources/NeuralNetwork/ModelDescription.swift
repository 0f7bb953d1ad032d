// What a model consists of, as plain values; `Plan` makes it run.

/// A network: what goes in, and the layers one after another.
package struct ModelDescription: Sendable, Equatable {
  /// The shape of one example, without the batch: `[features]`, an image `[channels, height, width]`,
  /// a sequence `[steps, features]`, or `[steps]` of tokens.
  package var inputShape: [Int]
  /// Tokens that a decoder reads, 0 without a decoder; in an example's row they follow those of the
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
