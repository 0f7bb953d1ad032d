// What this machine does at its best of what steps consist of, measured in the run that they are.
import Kernels
import NeuralNetwork

/// The rates of products, convolutions and memory on the calling thread's threads.
package struct MachineRates: Sendable, Equatable {
  /// Multiplications with an addition a second in the fastest matrix product, and convolution, tried.
  package var products: Double
  package var convolutions: Double

  package init(products: Double, convolutions: Double) {
    self.products = products
    self.convolutions = convolutions
  }

  /// Measures with this number of threads on the calling thread, for a few seconds.
  package static func measure(threads: Int) -> MachineRates {
    Learner.setThreads(threads)
    return MachineRates(
      products: [256, 512, 1024].map(productRate(size:)).reduce(0, max),
      convolutions: [(32, 32), (64, 16)].map(convolutionRate(channels:side:)).reduce(0, max))
  }

  /// The least time of a step, in milliseconds: its arithmetic at these rates, and one pass over its state.
  func bound(of work: StepWork) -> Double {
    (work.products / products + work.convolutions / convolutions) * 1000
      + Self.pass(over: work.state)
  }

  /// Milliseconds to read this many floats once, and to write them back unless `writes` is false.
  static func pass(over floats: Double, writes: Bool = true) -> Double {
    let count = max(1, Int(floats))
    var values = [Float](repeating: 1, count: count)
    return values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return Timing(repetitions: 5, seconds: 0.02) {
        if writes {
          scale(base, count: count, by: 1)
        } else {
          _ = sumOfSquares(base, count: count)
        }
      }.fastest
    }
  }

  /// C = A·Bᵀ with square matrices.
  private static func productRate(size: Int) -> Double {
    let a = [Float](repeating: 1, count: size * size)
    var c = a
    let timing = c.withUnsafeMutableBufferPointer { result in
      a.withUnsafeBufferPointer { factor in
        Timing(repetitions: 5, seconds: 0.1) {
          guard let a = factor.baseAddress, let c = result.baseAddress else { return }
          matrixProduct(
            .secondTransposed, rows: size, columns: size, inner: size, a, a, into: c)
        }
      }
    }
    return Double(size * size * size) / timing.fastest * 1000
  }

  /// A 3x3 convolution of 64 images that keeps their shape.
  private static func convolutionRate(channels: Int, side: Int) -> Double {
    let rows = 64
    var shape = ConvolutionShape(
      channels: channels, height: side, width: side, outputs: channels, outputHeight: side,
      outputWidth: side, kernelHeight: 3, kernelWidth: 3, stride: 1, paddingTop: 1,
      paddingLeft: 1, paddingBottom: 1, paddingRight: 1)
    (shape.inputBlock, shape.outputBlock) = (Convolution.bestBlock, Convolution.bestBlock)
    guard let convolution = try? Convolution(shape, rows: rows, forTraining: false) else {
      return .nan
    }
    let x = [Float](repeating: 1, count: rows * channels * side * side)
    let weights = [Float](repeating: 1, count: channels * channels * 9)
    var y = x
    let timing = y.withUnsafeMutableBufferPointer { result in
      x.withUnsafeBufferPointer { image in
        weights.withUnsafeBufferPointer { kernel in
          Timing(repetitions: 5, seconds: 0.1) {
            guard let x = image.baseAddress, let w = kernel.baseAddress, let y = result.baseAddress
            else { return }
            convolution.forward(x, weights: w, bias: nil, into: y, rows: rows)
          }
        }
      }
    }
    return Double(x.count) * Double(channels * 9) / timing.fastest * 1000
  }
}
