// Flattening: all of an example's values in one row.

/// One row of values in the order channels, height, width: PyTorch's `Flatten`.
package struct Flatten: Layer {
  package var kind: LayerKind { .flatten }
  package var namesElsewhere: String { "flattening reshape view" }
  package static let keys: [LayerKey<Self>] = []
  package var role: LayerRole { .arrangement }
  package var asDescription: LayerDescription { .flatten }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    [try ModelLayout.size(of: layout.outputShape)]
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    try builder.reorder(placed.input)
  }
}
