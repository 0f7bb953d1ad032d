// Recurrent steps on rows that lie apart, against their formulas and their numerical derivatives.
import Foundation
import Kernels
import Testing

@Suite struct RecurrenceTests {
  /// Rows, hidden units.
  static let shapes = [(1, 1), (2, 3), (3, 7), (1, 8), (5, 9), (2, 17), (0, 4)]

  /// A matrix whose rows lie `gap` floats apart, in guarded memory: `written` for `StridedRows`.
  struct Matrix {
    let rows: Int
    let columns: Int
    let gap: Int
    private var memory: [Float]

    init(_ rows: Int, _ columns: Int, _ values: [Float], gap: Int = 5) {
      self.rows = rows
      self.columns = columns
      self.gap = gap
      memory = [Float](repeating: 777, count: rows * (columns + gap) + 1)
      for index in 0..<rows * columns {
        memory[index / columns * (columns + gap) + index % columns] = values[index]
      }
    }

    var values: [Float] {
      (0..<rows * columns).map { memory[$0 / columns * (columns + gap) + $0 % columns] }
    }

    mutating func use(_ body: (StridedRows) -> Void) {
      let stride = columns + gap
      memory.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { body(StridedRows(base: base, stride: stride)) }
      }
      let gaps = memory.indices.filter { $0 % stride >= columns }
      #expect(gaps.allSatisfy { memory[$0] == 777 }, "a kernel wrote between its rows")
    }
  }

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The derivative of a weighted sum of outputs by each input, by central differences.
  static func slopes(
    _ inputs: [Float], _ loss: ([Double]) -> Double
  ) -> [Double] {
    var values = inputs.map { Double($0) }
    return values.indices.map { index in
      let here = values[index]
      values[index] = here + 1e-5
      let above = loss(values)
      values[index] = here - 1e-5
      let below = loss(values)
      values[index] = here
      return (above - below) / 2e-5
    }
  }

  /// Cells and outputs of one unit.
  static func lstm(_ i: Double, _ f: Double, _ g: Double, _ o: Double, _ cell: Double)
    -> (cell: Double, output: Double)
  {
    let c = sigmoid(f) * cell + sigmoid(i) * tanh(g)
    return (c, sigmoid(o) * tanh(c))
  }

  @Test(arguments: shapes, [true, false])
  func `an LSTM step equals its formula and derivative`(_ shape: (Int, Int), _ hasPrevious: Bool) {
    let (rows, hidden) = shape
    let count = rows * hidden
    let inputs = random(4 * count, seed: 1, scale: 3)
    let former = hasPrevious ? random(count, seed: 2) : [Float](repeating: 0, count: count)
    let products = random(4 * count, seed: 5, scale: 3)
    var gates = Matrix(rows, 4 * hidden, inputs)
    var product = Matrix(rows, 4 * hidden, products, gap: 0)
    var previous = Matrix(rows, hidden, former, gap: 1)
    var cell = Matrix(rows, hidden, former, gap: 2)
    var tangent = Matrix(rows, hidden, former, gap: 0)
    var output = Matrix(rows, hidden, former)
    let dh = random(count, seed: 3)
    let dc = random(count, seed: 4)
    var outputGradient = Matrix(rows, hidden, dh)
    var cellGradient = Matrix(rows, hidden, dc)
    var gateGradient = Matrix(rows, 4 * hidden, inputs, gap: 3)
    gates.use { gates in
      previous.use { previous in
        cell.use { cell in
          tangent.use { tangent in
            output.use { output in
              product.use { product in
                lstmStep(
                  gates: gates, product: hasPrevious ? product : nil,
                  previousCell: hasPrevious ? previous : nil, cell: cell, cellTangent: tangent,
                  output: output, rows: rows, hidden: hidden)
              }
            }
            outputGradient.use { outputGradient in
              cellGradient.use { cellGradient in
                gateGradient.use { gateGradient in
                  lstmStepBackward(
                    gates: gates, previousCell: hasPrevious ? previous : nil,
                    cellTangent: tangent, outputGradient: outputGradient,
                    cellGradient: cellGradient, gateGradient: gateGradient, rows: rows,
                    hidden: hidden)
                }
              }
            }
          }
        }
      }
    }
    /// The place in `[rows, 4·hidden]` of a gate of a unit.
    func gate(_ place: Int, _ number: Int) -> Int {
      place / hidden * 4 * hidden + number * hidden + place % hidden
    }
    func step(_ values: [Double], _ place: Int, _ cell: Double) -> (cell: Double, output: Double) {
      RecurrenceTests.lstm(
        values[gate(place, 0)], values[gate(place, 1)], values[gate(place, 2)],
        values[gate(place, 3)], cell)
    }
    let all = zip(inputs, products).map { Double(hasPrevious ? $0 + $1 : $0) }
    let expected = (0..<count).map { step(all, $0, Double(former[$0])) }
    #expect(close(cell.values, expected.map(\.cell)))
    #expect(close(tangent.values, expected.map { tanh($0.cell) }))
    #expect(close(output.values, expected.map(\.output)))
    let activations = inputs.indices.map { place in
      place % max(4 * hidden, 1) / max(hidden, 1) == 2
        ? tanh(all[place]) : RecurrenceTests.sigmoid(all[place])
    }
    #expect(close(gates.values, activations))
    let gateSlopes = RecurrenceTests.slopes(all.map { Float($0) }) { values in
      (0..<count).reduce(0) { sum, place in
        let result = step(values, place, Double(former[place]))
        return sum + result.output * Double(dh[place]) + result.cell * Double(dc[place])
      }
    }
    #expect(close(gateGradient.values, gateSlopes, 1e-5))
    let cellSlopes = RecurrenceTests.slopes(former) { values in
      (0..<count).reduce(0) { sum, place in
        let result = step(all, place, values[place])
        return sum + result.output * Double(dh[place]) + result.cell * Double(dc[place])
      }
    }
    #expect(close(cellGradient.values, cellSlopes, 1e-5))
  }

  @Test(arguments: shapes, [true, false])
  func `a GRU step equals its formula and derivative`(_ shape: (Int, Int), _ hasPrevious: Bool) {
    let (rows, hidden) = shape
    let count = rows * hidden
    let inputs = random(3 * count, seed: 1, scale: 3)
    let products = random(3 * count, seed: 2, scale: 3)
    let bias = random(3 * hidden, seed: 5)
    let recurrent = (0..<3 * count).map { index in
      bias[index % (3 * hidden)] + (hasPrevious ? products[index] : 0)
    }
    let former = hasPrevious ? random(count, seed: 3) : [Float](repeating: 0, count: count)
    let dh = random(count, seed: 4)
    var inputGates = Matrix(rows, 3 * hidden, inputs)
    var product = Matrix(rows, 3 * hidden, products, gap: 0)
    var hiddenGates = Matrix(rows, 3 * hidden, inputs, gap: 2)
    var previous = Matrix(rows, hidden, former, gap: 1)
    var output = Matrix(rows, hidden, former)
    var outputGradient = Matrix(rows, hidden, dh)
    var gateGradient = Matrix(rows, 3 * hidden, inputs, gap: 2)
    var hiddenGateGradient = Matrix(rows, 3 * hidden, inputs)
    var previousGradient = Matrix(rows, hidden, former)
    inputGates.use { inputGates in
      hiddenGates.use { hiddenGates in
        previous.use { previous in
          output.use { output in
            product.use { product in
              reading(bias) { bias in
                gruStep(
                  inputGates: inputGates, product: hasPrevious ? product : nil, bias: bias,
                  hiddenGates: hiddenGates, previous: hasPrevious ? previous : nil,
                  output: output, rows: rows, hidden: hidden)
              }
            }
          }
          outputGradient.use { outputGradient in
            gateGradient.use { gateGradient in
              hiddenGateGradient.use { hiddenGateGradient in
                previousGradient.use { previousGradient in
                  gruStepBackward(
                    inputGates: inputGates, hiddenGates: hiddenGates,
                    previous: hasPrevious ? previous : nil, outputGradient: outputGradient,
                    gateGradient: gateGradient, hiddenGateGradient: hiddenGateGradient,
                    previousGradient: previousGradient, rows: rows, hidden: hidden)
                }
              }
            }
          }
        }
      }
    }
    func step(_ x: [Double], _ h: [Double], _ place: Int, _ former: Double) -> Double {
      let first = place / hidden * 3 * hidden + place % hidden
      let r = RecurrenceTests.sigmoid(x[first] + h[first])
      let z = RecurrenceTests.sigmoid(x[first + hidden] + h[first + hidden])
      let n = tanh(x[first + 2 * hidden] + r * h[first + 2 * hidden])
      return (1 - z) * n + z * former
    }
    func loss(_ x: [Double], _ h: [Double], _ former: [Double]) -> Double {
      (0..<count).reduce(0) { $0 + step(x, h, $1, former[$1]) * Double(dh[$1]) }
    }
    let (x, h, c) = (
      inputs.map { Double($0) }, recurrent.map { Double($0) }, former.map { Double($0) }
    )
    #expect(close(output.values, (0..<count).map { step(x, h, $0, c[$0]) }))
    for place in recurrent.indices where place % (3 * hidden) >= 2 * hidden {
      #expect(hiddenGates.values[place] == recurrent[place])
    }
    let byInput = RecurrenceTests.slopes(inputs) { loss($0, h, c) }
    #expect(close(gateGradient.values, byInput, 1e-5))
    let byHidden = RecurrenceTests.slopes(recurrent) { loss(x, $0, c) }
    #expect(close(hiddenGateGradient.values, byHidden, 1e-5))
    let byPrevious = RecurrenceTests.slopes(former) { loss(x, h, $0) }
    #expect(close(previousGradient.values, byPrevious, 1e-5))
  }

  @Test(arguments: shapes, [true, false])
  func `a plain recurrent step is a tanh`(_ shape: (Int, Int), _ hasPrevious: Bool) {
    let (rows, hidden) = shape
    let x = random(rows * hidden, seed: 1, scale: 3)
    let products = random(rows * hidden, seed: 5)
    var product = Matrix(rows, hidden, products, gap: 0)
    let dh = random(rows * hidden, seed: 2)
    var gates = Matrix(rows, hidden, x)
    var output = Matrix(rows, hidden, x, gap: 2)
    var outputGradient = Matrix(rows, hidden, dh, gap: 0)
    var gateGradient = Matrix(rows, hidden, x, gap: 1)
    output.use { output in
      gates.use { gates in
        product.use {
          rnnStep(
            gates: gates, product: hasPrevious ? $0 : nil, output: output, rows: rows,
            hidden: hidden)
        }
      }
      outputGradient.use { outputGradient in
        gateGradient.use {
          rnnStepBackward(
            output: output, outputGradient: outputGradient, gateGradient: $0, rows: rows,
            hidden: hidden)
        }
      }
    }
    let sums = zip(x, products).map { Double(hasPrevious ? $0 + $1 : $0) }
    #expect(close(output.values, sums.map { tanh($0) }))
    let expected = zip(output.values, dh).map { Double($1) * (1 - Double($0) * Double($0)) }
    #expect(close(gateGradient.values, expected))
  }

  @Test(arguments: shapes)
  func `rows are added, copied and filled`(_ shape: (Int, Int)) {
    let (rows, columns) = shape
    let (a, b) = (random(rows * columns, seed: 1), random(rows * columns, seed: 2))
    var source = Matrix(rows, columns, a)
    var target = Matrix(rows, columns, b, gap: 2)
    source.use { source in
      target.use { addRows(source, to: $0, rows: rows, columns: columns) }
      #expect(target.values == zip(a, b).map { $0 + $1 })
      target.use { copyRows(source, to: $0, rows: rows, columns: columns) }
      #expect(target.values == a)
    }
    target.use { fillRows($0, rows: rows, columns: columns, with: 0.5) }
    #expect(target.values.allSatisfy { $0 == 0.5 })
  }
}
