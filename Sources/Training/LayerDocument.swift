// A layer as a document with every key filled in; reading it gives the same layer.
import NeuralNetwork
import RunRecords

extension LayerDescription {
  var document: Document {
    switch self {
    case .dense(let dense):
      return .layer(
        "dense", dense.name, dense.maxNorm,
        [
          .init("units", .integer(dense.units)), .init("bias", .flag(dense.bias)),
        ])
    case .convolution(let convolution): return convolution.document
    case .embedding(let embedding):
      return .layer(
        "embedding", embedding.name, embedding.maxNorm,
        (embedding.vocabulary.map { [.init("vocabulary", .integer($0))] } ?? [])
          + [.init("size", .integer(embedding.size))])
    case .recurrent(let recurrent):
      return .layer(
        recurrent.cell.rawValue, recurrent.name, recurrent.maxNorm,
        [
          .init("hidden", .integer(recurrent.hidden)), .init("layers", .integer(recurrent.layers)),
          .init("return", .text(recurrent.returnsSequence ? "sequence" : "last")),
          .init("bidirectional", .flag(recurrent.isBidirectional)),
        ])
    case .batchNorm(let norm):
      return .layer(
        "batch_norm", norm.name, .inherit,
        [
          .init("epsilon", Document(norm.epsilon)), .init("momentum", Document(norm.momentum)),
        ])
    case .maxPool(let pool): return .layer("max_pool", nil, .inherit, pool.fields)
    case .averagePool(let pool): return .layer("avg_pool", nil, .inherit, pool.fields)
    case .globalAveragePool: return .text("global_avg_pool")
    case .flatten: return .text("flatten")
    case .relu: return .text("relu")
    case .gelu: return .text("gelu")
    case .tanh: return .text("tanh")
    case .sigmoid: return .text("sigmoid")
    case .leakyReLU(let slope):
      return .layer("leaky_relu", nil, .inherit, [.init("slope", Document(slope))])
    case .dropout(let rate): return .fields([.init("dropout", Document(rate))])
    case .keep(let name): return .fields([.init("keep", .text(name))])
    case .concatenate(let name): return .fields([.init("concatenate", .text(name))])
    case .add(let name): return .fields([.init("add", .text(name))])
    case .encoder(let inner): return .fields([.init("encoder", .list(inner.map(\.document)))])
    case .decoder(let inner): return .fields([.init("decoder", .list(inner.map(\.document)))])
    }
  }
}

extension ConvolutionDescription {
  fileprivate var document: Document {
    let padding: Document =
      switch self.padding {
      case .same: .text("same")
      case .pixels(let pixels): .integer(pixels)
      }
    return .layer(
      isTransposed ? "conv_transpose2d" : "conv2d", name, maxNorm,
      [
        .init("channels", .integer(channels)), .init("kernel", .integer(kernel)),
        .init("stride", .integer(stride)), .init("padding", padding), .init("bias", .flag(bias)),
      ])
  }
}

extension PoolDescription {
  fileprivate var fields: [Document.Field] {
    [.init("size", .integer(size)), .init("stride", .integer(stride))]
  }
}

extension Document {
  /// `kind: {name: …, its keys, max_norm: …}`, without what is not there.
  fileprivate static func layer(
    _ kind: String, _ name: String?, _ maxNorm: MaxNormOverride, _ keys: [Field]
  ) -> Document {
    var fields = name.map { [Field("name", .text($0))] } ?? []
    fields += keys
    switch maxNorm {
    case .inherit: break
    case .none: fields.append(.init("max_norm", .text("none")))
    case .value(let ceiling): fields.append(.init("max_norm", Document(ceiling)))
    }
    return .fields([.init(kind, .fields(fields))])
  }
}
