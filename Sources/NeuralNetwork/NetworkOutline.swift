// The layers of a network with the shapes between them, as drawings of it need them.

/// A layer and the shape of what comes out of it.
package struct OutlinedLayer: Equatable {
  /// Its word in an experiment; `input` for what the data brings.
  package var kind: String
  /// What its parameters go by, or what a skip connection keeps and joins; empty without either.
  package var name: String
  /// `encoder` or `decoder`; empty for a network of one part.
  package var part: String
  /// Of one example.
  package var output: [Int]
}

extension Learner {
  /// What the data brings, then all layers in their order; a decoder begins with what it reads.
  package var outline: [OutlinedLayer] {
    var outline: [OutlinedLayer] = []
    var wasInDecoder = false
    for placed in layout.layers {
      let part = placed.path.inner?.part ?? ""
      if outline.isEmpty || placed.isInDecoder && !wasInDecoder {
        outline.append(
          OutlinedLayer(kind: "input", name: "", part: part, output: placed.input))
      }
      wasInDecoder = placed.isInDecoder
      outline.append(
        OutlinedLayer(
          kind: placed.layer.kind.rawValue, name: name(of: placed), part: part,
          output: placed.output))
    }
    return outline
  }

  private func name(of placed: PlacedLayer) -> String {
    if let keep = placed.layer as? Keep { return keep.name }
    if let join = placed.layer as? Join { return join.name }
    let parameters = layout.parameters
    guard let offset = placed.parameters.first,
      let index = parameters.places.firstIndex(where: { $0.offset == offset })
    else { return "" }
    // Layers have no dots in their names, nor have tensors.
    return parameters.infos[index].name.split(separator: ".").first.map(String.init) ?? ""
  }
}
