// Convolutions and their gradients against the plain loops, for every kind of geometry.
import Kernels
import Testing

@Suite struct ConvolutionTests {
  /// A geometry, given by its free sizes; the output's size follows.
  struct Case: Sendable, CustomTestStringConvertible {
    var rows: Int
    var shape: ConvolutionShape

    /// `padding`: top, left, bottom, right.
    init(
      _ rows: Int, channels: Int, _ size: (Int, Int), outputs: Int, kernel: (Int, Int),
      stride: Int = 1, padding: (Int, Int, Int, Int) = (0, 0, 0, 0)
    ) {
      self.rows = rows
      shape = ConvolutionShape(
        channels: channels, height: size.0, width: size.1, outputs: outputs,
        outputHeight: (size.0 + padding.0 + padding.2 - kernel.0) / stride + 1,
        outputWidth: (size.1 + padding.1 + padding.3 - kernel.1) / stride + 1,
        kernelHeight: kernel.0, kernelWidth: kernel.1, stride: stride, paddingTop: padding.0,
        paddingLeft: padding.1, paddingBottom: padding.2, paddingRight: padding.3)
    }

    var testDescription: String { "\(rows) of \(shape)" }

    var inputCount: Int { rows * shape.channels * shape.height * shape.width }
    var weightCount: Int {
      shape.outputs * shape.channels * shape.kernelHeight * shape.kernelWidth
    }
    var outputCount: Int { rows * shape.outputs * shape.outputHeight * shape.outputWidth }

    /// Calls `body` with the places of every product: input, weight, output.
    func forEachProduct(_ body: (Int, Int, Int) -> Void) {
      for row in 0..<rows {
        for output in 0..<shape.outputs {
          for y in 0..<shape.outputHeight {
            for x in 0..<shape.outputWidth {
              let place = ((row * shape.outputs + output) * shape.outputHeight + y)
              forEachTap(row, output, y, x) { body($0, $1, place * shape.outputWidth + x) }
            }
          }
        }
      }
    }

    private func forEachTap(
      _ row: Int, _ output: Int, _ y: Int, _ x: Int, _ body: (Int, Int) -> Void
    ) {
      for channel in 0..<shape.channels {
        for i in 0..<shape.kernelHeight {
          for j in 0..<shape.kernelWidth {
            let (top, left) = (
              y * shape.stride + i - shape.paddingTop, x * shape.stride + j - shape.paddingLeft
            )
            guard (0..<shape.height).contains(top), (0..<shape.width).contains(left) else {
              continue
            }
            let input = ((row * shape.channels + channel) * shape.height + top) * shape.width
            let weight = (output * shape.channels + channel) * shape.kernelHeight + i
            body(input + left, weight * shape.kernelWidth + j)
          }
        }
      }
    }
  }

  static let cases = [
    Case(1, channels: 1, (1, 1), outputs: 1, kernel: (1, 1)),
    Case(3, channels: 7, (5, 4), outputs: 9, kernel: (1, 1)),
    Case(2, channels: 5, (7, 7), outputs: 3, kernel: (1, 1), stride: 2),
    Case(2, channels: 3, (8, 9), outputs: 8, kernel: (3, 3), padding: (1, 1, 1, 1)),
    Case(2, channels: 16, (9, 8), outputs: 17, kernel: (3, 3), padding: (1, 1, 1, 1)),
    Case(3, channels: 1, (12, 12), outputs: 4, kernel: (5, 5), padding: (2, 2, 2, 2)),
    // "Same" padding of an even kernel: more at the end; and the other way round.
    Case(2, channels: 2, (6, 7), outputs: 3, kernel: (4, 2), padding: (1, 0, 2, 1)),
    Case(2, channels: 9, (6, 7), outputs: 5, kernel: (4, 2), padding: (2, 1, 1, 0)),
    // A stride of which the last rows and columns are left over.
    Case(2, channels: 3, (10, 9), outputs: 7, kernel: (3, 3), stride: 2),
    Case(2, channels: 8, (10, 11), outputs: 16, kernel: (3, 3), stride: 2, padding: (1, 1, 1, 1)),
    Case(2, channels: 8, (8, 8), outputs: 4, kernel: (4, 4), stride: 2, padding: (1, 1, 1, 1)),
    // A stride beyond the kernel: places between the windows that none reads.
    Case(2, channels: 3, (11, 9), outputs: 2, kernel: (2, 2), stride: 3),
    Case(2, channels: 17, (11, 9), outputs: 8, kernel: (1, 2), stride: 4),
    // A kernel as large as the padded input, or larger than the input.
    Case(3, channels: 6, (4, 5), outputs: 5, kernel: (4, 5)),
    Case(1, channels: 2, (2, 2), outputs: 2, kernel: (4, 4), padding: (1, 1, 1, 1)),
    Case(1, channels: 16, (3, 3), outputs: 16, kernel: (7, 7), padding: (3, 3, 3, 3)),
    // Padding as wide as the kernel: windows of zeros alone.
    Case(1, channels: 2, (3, 4), outputs: 3, kernel: (2, 2), padding: (2, 2, 2, 2)),
    Case(1, channels: 1, (17, 1), outputs: 1, kernel: (3, 1), padding: (0, 0, 2, 0)),
  ]

  @Test(arguments: cases)
  func `forward and both backward passes equal the plain loops`(_ test: Case) throws {
    let x = random(test.inputCount, seed: 1)
    let w = random(test.weightCount, seed: 2)
    let bias = random(test.shape.outputs, seed: 3)
    let dy = random(test.outputCount, seed: 4)
    let plane = test.shape.outputHeight * test.shape.outputWidth
    var y = [Double](repeating: 0, count: test.outputCount)
    var dx = [Double](repeating: 0, count: test.inputCount)
    var dw = [Double](repeating: 0, count: test.weightCount)
    var db = [Double](repeating: 0, count: test.shape.outputs)
    test.forEachProduct { input, weight, output in
      y[output] += Double(x[input]) * Double(w[weight])
      dx[input] += Double(dy[output]) * Double(w[weight])
      dw[weight] += Double(x[input]) * Double(dy[output])
    }
    for output in dy.indices { db[output / plane % test.shape.outputs] += Double(dy[output]) }
    let convolution = try Convolution(test.shape, rows: test.rows, forTraining: true)
    for isBiased in [true, false] {
      let result = forward(convolution, test, x, w, isBiased ? bias : nil)
      let expected = y.indices.map {
        y[$0] + (isBiased ? Double(bias[$0 / plane % test.shape.outputs]) : 0)
      }
      #expect(close(result, expected, 1e-5))
      let gradients = weightGradients(convolution, test, x, dy, isBiased)
      #expect(close(gradients.weights, dw, 1e-5))
      if isBiased { #expect(close(gradients.bias, db, 1e-5)) }
    }
    let gradient = inputGradient(convolution, test, dy, w)
    #expect(close(gradient, dx, 1e-5))
    // Places that no window reads have a gradient of exactly 0.
    #expect(zip(gradient, dx).allSatisfy { $1 != 0 || $0 == 0 })
  }

  /// Input and output each plain and in blocks.
  @Test(
    arguments: [
      Case(2, channels: 16, (7, 6), outputs: 32, kernel: (3, 3), padding: (1, 1, 1, 1)),
      Case(2, channels: 32, (9, 8), outputs: 16, kernel: (4, 3), stride: 2),
      Case(3, channels: 16, (5, 5), outputs: 48, kernel: (1, 1)),
    ], [(1, 8), (8, 1), (8, 8), (1, 16), (16, 1), (16, 16)])
  func `blocked channels give what plain images give`(_ test: Case, _ blocks: (Int, Int)) throws {
    var inBlocks = test
    (inBlocks.shape.inputBlock, inBlocks.shape.outputBlock) = blocks
    let shape = test.shape
    let before = Planes(
      rows: test.rows, channels: shape.channels, inner: shape.height * shape.width,
      block: blocks.0)
    let after = Planes(
      rows: test.rows, channels: shape.outputs, inner: shape.outputHeight * shape.outputWidth,
      block: blocks.1)
    let x = random(test.inputCount, seed: 1)
    let w = random(test.weightCount, seed: 2)
    let bias = random(shape.outputs, seed: 3)
    let dy = random(test.outputCount, seed: 4)
    let plain = try Convolution(shape, rows: test.rows, forTraining: true)
    let blocked = try Convolution(inBlocks.shape, rows: test.rows, forTraining: true)
    func equal(_ a: [Float], _ b: [Float]) -> Bool { close(a, b.map { Double($0) }, 1e-5) }
    #expect(
      equal(
        after.plain(forward(blocked, test, before.blocked(x), w, bias)),
        forward(plain, test, x, w, bias)))
    #expect(
      equal(
        before.plain(inputGradient(blocked, test, after.blocked(dy), w)),
        inputGradient(plain, test, dy, w)))
    let gradients = weightGradients(blocked, test, before.blocked(x), after.blocked(dy), true)
    let expected = weightGradients(plain, test, x, dy, true)
    #expect(equal(gradients.weights, expected.weights))
    #expect(equal(gradients.bias, expected.bias))
  }

  @Test func `the best block is one that images can be stored in`() {
    #expect([1, 8, 16].contains(Convolution.bestBlock))
  }

  @Test func `a batch of any size gives what each image gives alone`() throws {
    let all = Case(5, channels: 3, (6, 6), outputs: 8, kernel: (3, 3), padding: (1, 1, 1, 1))
    let x = random(all.inputCount, seed: 1)
    let w = random(all.weightCount, seed: 2)
    let convolution = try Convolution(all.shape, rows: 5, forTraining: false)
    let y = forward(convolution, all, x, w, nil)
    for rows in [1, 2, 4, 5, 7, 1] {
      var some = all
      some.rows = rows
      let images = (0..<some.inputCount).map { x[$0 % x.count] }
      let part = forward(convolution, some, images, w, nil)
      #expect(close(part, part.indices.map { Double(y[$0 % y.count]) }, 1e-5))
      // A direction that was not asked for at the start.
      let gradient = inputGradient(convolution, some, part, w)
      #expect(gradient.contains { $0 != 0 })
    }
  }

  @Test func `any number of threads does the same work, and the bits repeat`() throws {
    let test = Case(4, channels: 8, (16, 16), outputs: 16, kernel: (3, 3), padding: (1, 1, 1, 1))
    let x = random(test.inputCount, seed: 1)
    let w = random(test.weightCount, seed: 2)
    let dy = random(test.outputCount, seed: 3)
    defer { setThreadCount(1) }
    setThreadCount(1)
    let convolution = try Convolution(test.shape, rows: 4, forTraining: true)
    let alone = weightGradients(convolution, test, x, dy, true).weights
    for threads in [2, 1, 2] {
      setThreadCount(threads)
      let first = weightGradients(convolution, test, x, dy, true).weights
      let second = weightGradients(convolution, test, x, dy, true).weights
      #expect(first == second)
      #expect(close(first, alone.map { Double($0) }, 1e-5))
      if threads == 1 { #expect(first == alone) }
      #expect(
        close(
          forward(convolution, test, x, w, nil),
          forward(try Convolution(test.shape, rows: 4, forTraining: false), test, x, w, nil)
            .map { Double($0) }))
    }
  }

  @Test func `sizes that do not fit are refused`() {
    let good = Case(1, channels: 1, (4, 4), outputs: 1, kernel: (3, 3)).shape
    var shapes = [good, good, good, good, good, good]
    shapes[0].kernelHeight = 5
    shapes[1].outputWidth = 3
    shapes[2].paddingLeft = -1
    shapes[3].stride = 0
    shapes[4].channels = 0
    shapes[5].outputBlock = 16
    for shape in shapes {
      #expect(throws: ConvolutionError.sizes(shape)) {
        try Convolution(shape, rows: 1, forTraining: true)
      }
    }
  }

  // MARK: Calls

  func forward(
    _ convolution: Convolution, _ test: Case, _ x: [Float], _ w: [Float], _ bias: [Float]?
  ) -> [Float] {
    reading(x) { x in
      reading(w) { w in
        written(test.outputCount) { y in
          if let bias {
            reading(bias) { bias in
              convolution.forward(x, weights: w, bias: bias, into: y, rows: test.rows)
            }
          } else {
            convolution.forward(x, weights: w, bias: nil, into: y, rows: test.rows)
          }
        }
      }
    }
  }

  func inputGradient(
    _ convolution: Convolution, _ test: Case, _ dy: [Float], _ w: [Float]
  ) -> [Float] {
    reading(dy) { dy in
      reading(w) { w in
        written(test.inputCount) {
          convolution.inputGradient(dy, weights: w, into: $0, rows: test.rows)
        }
      }
    }
  }

  func weightGradients(
    _ convolution: Convolution, _ test: Case, _ x: [Float], _ dy: [Float], _ isBiased: Bool
  ) -> (weights: [Float], bias: [Float]) {
    var weights: [Float] = []
    let bias = reading(x) { x in
      reading(dy) { dy in
        written(test.shape.outputs) { bias in
          weights = written(test.weightCount) {
            convolution.weightGradient(
              x, dy, into: $0, biasGradient: isBiased ? bias : nil, rows: test.rows)
          }
        }
      }
    }
    return (weights, bias)
  }
}
