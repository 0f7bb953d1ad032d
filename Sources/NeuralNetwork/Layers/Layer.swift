// What every kind of layer says of itself, and what follows from that for lists of layers.

/// One kind of layer with its settings: all that the rest of the program asks of it.
///
/// A layer's file holds its settings, keys, shapes, parameters and plan, and beside them the
/// operations that it becomes, forward beside backward.
package protocol Layer: Sendable, Equatable {
  /// Its word in an experiment and in records.
  var kind: LayerKind { get }
  /// What other frameworks call it, word beside word.
  var namesElsewhere: String { get }
  /// Its keys in an experiment, in the order in which they are listed.
  static var keys: [LayerKey<Self>] { get }
  /// What it is to the layers around it.
  var role: LayerRole { get }
  /// The case of the table that holds it.
  var asDescription: LayerDescription { get }

  /// Checks the settings, adds parameters and buffers in PyTorch's order, and returns the shape of one
  /// output; that of one input is `layout.outputShape`.
  func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError) -> [Int]

  /// Appends the operations that the placed layer becomes.
  func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError)
}

/// What a layer is to the layers around it: where a regularizer has its place goes by this.
package enum LayerRole: Sendable {
  /// Units, each on all that comes in.
  case dense
  /// Filters that go over an image.
  case convolution
  /// Units with a state that goes from step to step.
  case recurrent
  /// A vector for each token.
  case embedding
  /// Shifts and scales what comes before it.
  case normalization
  case activation
  /// Pools, drops, keeps, joins or reorders values, and learns nothing.
  case arrangement
}

extension Layer {
  /// Whose ceiling its weights have.
  var maxNorms: [MaxNormOverride] {
    Self.keys.compactMap { key in
      guard case .maxNorm(let path) = key.value else { return nil }
      return self[keyPath: path]
    }
  }

  /// Whether it says itself what a unit of its weights is.
  var hasOwnAxis: Bool {
    Self.keys.contains { key in
      guard case .axes(let path) = key.value else { return false }
      return self[keyPath: path] != nil
    }
  }

  /// Whether it leaves a vocabulary to the data.
  var lacksVocabulary: Bool {
    Self.keys.contains { key in
      guard case .vocabulary(let path) = key.value else { return false }
      return self[keyPath: path] == nil
    }
  }

  /// The same layer with this vocabulary where it leaves that to the data.
  func fillingVocabulary(_ tokens: Int) -> Self {
    var filled = self
    for key in Self.keys {
      guard case .vocabulary(let path) = key.value else { continue }
      filled[keyPath: path] = self[keyPath: path] ?? tokens
    }
    return filled
  }
}

extension LayerDescription {
  /// Whose ceiling its weights have, and those of the layers in it.
  package var maxNorms: [MaxNormOverride] {
    switch content {
    case .layer(let layer): layer.maxNorms
    case .part(_, let layers): layers.flatMap(\.maxNorms)
    }
  }
}

extension LayerDescription {
  /// Whether it, or a layer in it, says itself what a unit of its weights is.
  package var hasOwnAxis: Bool {
    switch content {
    case .layer(let layer): layer.hasOwnAxis
    case .part(_, let layers): layers.contains(where: \.hasOwnAxis)
    }
  }
}

extension [LayerDescription] {
  /// The same layers with these vocabularies where one leaves its own to the data: `tokens` for one
  /// that reads the data, `targetTokens` for one in a decoder.
  package func fillingVocabularies(_ tokens: Int, targetTokens: Int) -> [LayerDescription] {
    map { layer in
      switch layer.content {
      case .layer(let layer): layer.fillingVocabulary(tokens).asDescription
      case .part(.encoder, let layers):
        .encoder(layers.fillingVocabularies(tokens, targetTokens: targetTokens))
      case .part(.decoder, let layers):
        .decoder(layers.fillingVocabularies(targetTokens, targetTokens: targetTokens))
      }
    }
  }

  /// Whether a layer leaves its vocabulary to the data.
  package var lackVocabulary: Bool {
    contains { layer in
      switch layer.content {
      case .layer(let layer): layer.lacksVocabulary
      case .part(_, let layers): layers.lackVocabulary
      }
    }
  }
}
