// How much there is to do in a training step, whoever does it: what bounds its time from below.

/// The arithmetic and the state of one training step.
package struct StepWork: Sendable, Equatable {
  /// Multiplications with an addition in the matrix products of dense and recurrent layers: forward, for
  /// the weights' gradients, and for those of the inputs where anything before the layer learns.
  package private(set) var products = 0.0
  /// The same in convolutions.
  package private(set) var convolutions = 0.0
  /// Floats that a step reads and writes once each: weights, gradients and the optimizer's states.
  package let state: Double

  /// - Throws: if the network cannot be built.
  package init(_ model: ModelDescription, optimizer: OptimizerSettings, batch: Int)
    throws(NetworkError)
  {
    let layout = try ModelLayout(model)
    let parameters = layout.parameters.places
    state = Double(parameters.reduce(0) { $0 + $1.count }) * Double(2 + optimizer.stateCount)
    let tensors = zip(layout.parameters.weights, layout.parameters.weightNames)
    var learns = false
    for layer in layout.layers {
      for (place, name) in tensors where layer.parameters.contains(place.offset) {
        let isRecurrent = name.tensor.hasPrefix("weight_hh")
        let passes = learns || isRecurrent ? 3.0 : 2.0
        let multiplications =
          Double(batch) * Double(place.rows * place.columns) * passes
          * Double(layer.uses - (isRecurrent ? 1 : 0))
        switch layer.layer.role {
        case .dense, .recurrent: products += multiplications
        case .convolution: convolutions += multiplications
        // Looked up, or element by element: no product of matrices.
        case .embedding, .normalization, .activation, .arrangement: break
        }
      }
      learns = learns || !layer.parameters.isEmpty
    }
  }
}

extension PlacedLayer {
  /// How often an example uses each of its weights.
  fileprivate var uses: Int {
    switch layer.role {
    case .dense: output.dropLast().reduce(1, *)
    // A transposed one puts its kernel on every pixel that comes in, an ordinary one on every one that
    // goes out.
    case .convolution: (layer.kind == .convTranspose2d ? input : output).dropFirst().reduce(1, *)
    case .recurrent: input[0]
    case .embedding, .normalization, .activation, .arrangement: 1
    }
  }
}
