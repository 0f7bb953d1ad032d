// A small grey picture that is drawn on: background, blur and the noise of a bad camera.
import Basics
import Foundation

/// A square of grey values; (0, 0) is the top left.
struct Canvas {
  /// Pixels in a row, and rows.
  let size: Int
  /// Row by row, 0 black to 1 white.
  var pixels: [Float]

  init(size: Int) {
    self.size = size
    pixels = Array(repeating: 0, count: size * size)
  }

  /// A level with a linear gradient in a random direction, at most 0.15 from end to end.
  mutating func fill(level: Double, random: inout RandomSource) {
    let amplitude = random.uniform(in: 0...0.15)
    let angle = random.uniform(in: 0...(2 * .pi))
    let (x, y) = (cos(angle) * amplitude, sin(angle) * amplitude)
    let middle = Double(size) / 2
    for row in 0..<size {
      for column in 0..<size {
        let along = (x * (Double(column) - middle) + y * (Double(row) - middle)) / Double(size)
        pixels[row * size + column] = Float(level + along)
      }
    }
  }

  /// Gaussian blur of sigma 0.5: at three pixels its weights have fallen below 0.0004.
  mutating func blur() {
    let side = Float(exp(-2.0))
    let (center, edge) = (1 / (1 + 2 * side), side / (1 + 2 * side))
    blurLines(center: center, edge: edge, line: size, step: 1)
    blurLines(center: center, edge: edge, line: 1, step: size)
  }

  private mutating func blurLines(center: Float, edge: Float, line: Int, step: Int) {
    pixels.withUnsafeMutableBufferPointer { pixels in
      for start in stride(from: 0, to: line * size, by: line) {
        var before = pixels[start]
        for place in 0..<size {
          let index = start + place * step
          let value = pixels[index]
          let after = place + 1 < size ? pixels[index + step] : value
          pixels[index] = center * value + edge * (before + after)
          before = value
        }
      }
    }
  }

  /// Gaussian noise of sigma 0.02 to 0.12, black or white in half a percent of the pixels, and all
  /// values brought to 0…1.
  mutating func addNoise(random: inout RandomSource) {
    let sigma = random.uniform(in: 0.02...0.12)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in pixels.indices {
        let noisy = pixels[index] + Float(sigma * random.normal())
        pixels[index] = min(max(noisy, 0), 1)
        if random.uniform() < 0.005 { pixels[index] = random.uniform() < 0.5 ? 0 : 1 }
      }
    }
  }
}

/// A box of whole pixels; the right and lower ends are the first pixels outside.
struct PixelBox: Equatable {
  var x0, y0, x1, y1: Int

  /// Nothing yet.
  static let empty = PixelBox(x0: .max, y0: .max, x1: .min, y1: .min)

  var isEmpty: Bool { x0 >= x1 || y0 >= y1 }

  mutating func include(x: Int, y: Int) {
    x0 = min(x0, x)
    y0 = min(y0, y)
    x1 = max(x1, x + 1)
    y1 = max(y1, y + 1)
  }

  /// Intersection over union.
  func overlap(_ other: PixelBox) -> Double {
    func area(_ box: PixelBox) -> Int { box.isEmpty ? 0 : (box.x1 - box.x0) * (box.y1 - box.y0) }
    let common = area(
      PixelBox(
        x0: max(x0, other.x0), y0: max(y0, other.y0), x1: min(x1, other.x1),
        y1: min(y1, other.y1)))
    return Double(common) / Double(max(area(self) + area(other) - common, 1))
  }

  /// x0, y0, x1, y1 as shares of a square's side.
  func scaled(size: Int) -> [Float] {
    [x0, y0, x1, y1].map { Float($0) / Float(size) }
  }
}
