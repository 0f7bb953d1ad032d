// The steps of recurrent layers after their matrix products, by PyTorch's formulas, on rows that may
// lie far apart: one time of arrays `[N, T, K]` in place.
import CVectors

/// Rows of floats at equal distances.
package struct StridedRows {
  /// The first row.
  package var base: UnsafeMutablePointer<Float>
  /// Floats from one row to the next.
  package var stride: Int

  package init(base: UnsafeMutablePointer<Float>, stride: Int) {
    self.base = base
    self.stride = stride
  }

  @inline(__always)
  subscript(row: Int) -> UnsafeMutablePointer<Float> { base + row * stride }
}

/// Visits the rows of one step, those of large steps on several threads at once.
///
/// A unit takes as long as some tens of plain elements: its exponentials do.
@inline(__always)
private func forEachRow(_ rows: Int, hidden: Int, _ body: (Int) -> Void) {
  inParts(rows, elements: rows * hidden * 16) { part in
    for row in part { body(row) }
  }
}

/// One step of an LSTM (Hochreiter and Schmidhuber 1997, with forget gates).
///
/// gates `[rows, 4·hidden]` holds the input's part of the pre-activations of i, f, g, o and, with
/// that of the state added (`product`, nothing where nil), is replaced by the activations; cell = f·previousCell + i·g, with zeros where no previous cell is given; cellTangent
/// = tanh(cell); output = o·cellTangent. The cell may be the previous cell's memory.
package func lstmStep(
  gates: StridedRows, product: StridedRows?,
  previousCell: StridedRows?, cell: StridedRows, cellTangent: StridedRows, output: StridedRows,
  rows: Int, hidden: Int
) {
  forEachRow(rows, hidden: hidden) { row in
    maxnorm_lstm_step(
      gates[row], product?[row], previousCell?[row], cell[row], cellTangent[row], output[row],
      hidden)
  }
}

/// The gradients of one `lstmStep`, from its activations.
///
/// outputGradient `[rows, hidden]` is the whole gradient of this step's output; cellGradient comes
/// from the next step and becomes that for the previous one; gateGradient `[rows, 4·hidden]` takes
/// the gradient of the pre-activations and may be the gates' memory.
package func lstmStepBackward(
  gates: StridedRows, previousCell: StridedRows?, cellTangent: StridedRows,
  outputGradient: StridedRows, cellGradient: StridedRows, gateGradient: StridedRows,
  rows: Int, hidden: Int
) {
  forEachRow(rows, hidden: hidden) { row in
    maxnorm_lstm_step_backward(
      gates[row], previousCell?[row], cellTangent[row], outputGradient[row], cellGradient[row],
      gateGradient[row], hidden)
  }
}

/// One step of a GRU.
///
/// By Cho and others (2014), with the reset gate after the product, as in cuDNN and PyTorch.
/// inputGates `[rows, 3·hidden]` holds the input's part of r, z, n and is replaced by the
/// activations. The state's part is `product` (nothing where nil) plus the bias `[3·hidden]`; that
/// of n is kept in hiddenGates `[rows, 3·hidden]`. n = tanh(its input part + r·its hidden part);
/// output = (1 − z)·n + z·previous, with zeros where no previous output is given.
package func gruStep(
  inputGates: StridedRows, product: StridedRows?, bias: UnsafePointer<Float>,
  hiddenGates: StridedRows, previous: StridedRows?, output: StridedRows, rows: Int, hidden: Int
) {
  forEachRow(rows, hidden: hidden) { row in
    let (inputs, outputs) = (inputGates[row], output[row])
    let candidates = inputs + 2 * hidden
    let recurrent = hiddenGates[row] + 2 * hidden
    add(bias, to: inputs, count: 2 * hidden)
    recurrent.update(from: bias + 2 * hidden, count: hidden)
    if let product {
      add(product[row], to: inputs, count: 2 * hidden)
      add(product[row] + 2 * hidden, to: recurrent, count: hidden)
    }
    sigmoid(inputs, into: inputs, count: 2 * hidden)
    @inline(__always)
    func propose(_ lanes: Lanes) {
      lanes.store(
        lanes.load(candidates) + lanes.load(inputs) * lanes.load(recurrent), candidates)
    }
    forEachVector(hidden, propose)
    hyperbolicTangent(candidates, into: candidates, count: hidden)
    let former = previous?[row]
    @inline(__always)
    func put(_ lanes: Lanes) {
      let z = lanes.load(inputs + hidden)
      var h = (1 - z) * lanes.load(candidates)
      if let former { h += z * lanes.load(former) }
      lanes.store(h, outputs)
    }
    forEachVector(hidden, put)
  }
}

/// The gradients of one `gruStep`, from its activations.
///
/// gateGradient and hiddenGateGradient `[rows, 3·hidden]` take the gradients of the input's and of
/// the hidden parts, which differ in n by the factor r; previousGradient `[rows, hidden]` takes the
/// direct path, outputGradient·z. gateGradient may be the inputGates' memory, hiddenGateGradient
/// the hiddenGates'.
package func gruStepBackward(
  inputGates: StridedRows, hiddenGates: StridedRows, previous: StridedRows?,
  outputGradient: StridedRows, gateGradient: StridedRows, hiddenGateGradient: StridedRows,
  previousGradient: StridedRows, rows: Int, hidden: Int
) {
  forEachRow(rows, hidden: hidden) { row in
    let (activations, recurrent) = (inputGates[row], hiddenGates[row])
    let former = previous?[row]
    let (inputSlopes, hiddenSlopes) = (gateGradient[row], hiddenGateGradient[row])
    let (dh, direct) = (outputGradient[row], previousGradient[row])
    @inline(__always)
    func body(_ lanes: Lanes) {
      let r = lanes.load(activations)
      let z = lanes.load(activations + hidden)
      let n = lanes.load(activations + 2 * hidden)
      let slope = lanes.load(dh)
      let h = former.map { lanes.load($0) } ?? .zero
      let candidateSlope = slope * (1 - z) * (1 - n * n)
      let updateSlope = slope * (h - n) * z * (1 - z)
      let resetSlope = candidateSlope * lanes.load(recurrent + 2 * hidden) * r * (1 - r)
      lanes.store(resetSlope, inputSlopes)
      lanes.store(updateSlope, inputSlopes + hidden)
      lanes.store(candidateSlope, inputSlopes + 2 * hidden)
      lanes.store(resetSlope, hiddenSlopes)
      lanes.store(updateSlope, hiddenSlopes + hidden)
      lanes.store(candidateSlope * r, hiddenSlopes + 2 * hidden)
      lanes.store(slope * z, direct)
    }
    forEachVector(hidden, body)
  }
}

/// One step of a plain recurrent layer: output `[rows, hidden]` = tanh(gates + product).
///
/// gates is the input's part, product the state's (nothing where nil).
package func rnnStep(
  gates: StridedRows, product: StridedRows?, output: StridedRows, rows: Int, hidden: Int
) {
  forEachRow(rows, hidden: hidden) { row in
    if let product { add(product[row], to: gates[row], count: hidden) }
    hyperbolicTangent(gates[row], into: output[row], count: hidden)
  }
}

/// The gradient of one `rnnStep`: gateGradient = outputGradient·(1 − output²).
package func rnnStepBackward(
  output: StridedRows, outputGradient: StridedRows, gateGradient: StridedRows, rows: Int,
  hidden: Int
) {
  forEachRow(rows, hidden: hidden) { row in
    hyperbolicTangentBackward(
      output: output[row], outputGradient: outputGradient[row], into: gateGradient[row],
      count: hidden)
  }
}

/// target `[rows, columns]` += source.
package func addRows(
  _ source: StridedRows, to target: StridedRows, rows: Int, columns: Int
) {
  for row in 0..<rows { add(source[row], to: target[row], count: columns) }
}

/// target `[rows, columns]` = source.
package func copyRows(
  _ source: StridedRows, to target: StridedRows, rows: Int, columns: Int
) {
  for row in 0..<rows { target[row].update(from: source[row], count: columns) }
}

/// target `[rows, columns]` = value.
package func fillRows(_ target: StridedRows, rows: Int, columns: Int, with value: Float) {
  for row in 0..<rows { target[row].update(repeating: value, count: columns) }
}
