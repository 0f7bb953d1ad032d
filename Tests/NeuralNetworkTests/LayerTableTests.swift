// The table of layers: every word stands for the layer that says so of itself.
import Testing

@testable import NeuralNetwork

@Suite struct LayerTableTests {
  @Test(arguments: LayerKind.allCases)
  func `each name of a layer leads to that layer`(_ kind: LayerKind) {
    func check<Settings: Layer>(_ prototype: Settings) {
      #expect(prototype.kind == kind && kind.role == prototype.role)
      #expect(Set(Settings.keys.map(\.name)).count == Settings.keys.count)
      guard case .layer(let same) = prototype.asDescription.content else {
        Issue.record("\(kind) is in no case of its own")
        return
      }
      #expect(same.kind == kind && same as? Settings == prototype)
    }
    switch kind.prototype {
    case .layer(let prototype): check(prototype)
    case .part(let part, let layers):
      #expect(part.rawValue == kind.rawValue && layers.isEmpty && kind.role == nil)
      guard case .part(let same, let inner) = part.holding([.relu]).content else {
        Issue.record("\(kind) holds no layers")
        return
      }
      #expect(same == part && inner == [.relu])
    }
  }

  @Test func `ceilings and vocabularies are found in nested layers too`() {
    let layers: [LayerDescription] = [
      .encoder([
        .embedding(EmbeddingDescription(size: 2, maxNorm: .value(3))),
        .recurrent(RecurrentDescription(.gru, hidden: 2)),
      ]),
      .decoder([
        .embedding(EmbeddingDescription(vocabulary: 4, size: 2)),
        .embedding(EmbeddingDescription(size: 2)), .dropout(rate: 0.5),
        .recurrent(RecurrentDescription(.gru, hidden: 2, maxNorm: .none)),
      ]),
      .layerNorm(LayerNormDescription()), Samples.dense(2, maxNorm: .value(1)), .relu,
    ]
    #expect(
      layers.flatMap(\.maxNorms) == [.value(3), .inherit, .inherit, .inherit, .none, .value(1)])
    #expect(layers.lackVocabulary)
    let filled = layers.fillingVocabularies(7, targetTokens: 9)
    #expect(!filled.lackVocabulary)
    let vocabularies = filled.flatMap { part -> [Int?] in
      guard case .part(_, let inner) = part.content else { return [] }
      return inner.compactMap { layer in
        guard case .embedding(let embedding) = layer else { return nil }
        return embedding.vocabulary
      }
    }
    #expect(vocabularies == [7, 4, 9])
    #expect(filled[2...] == layers[2...])
  }
}
