// Cross-entropy over positions with label smoothing, and decisions over positions, against Double.
import Foundation
import Kernels
import Testing

@Suite struct CrossEntropyTests {
  /// Rows, classes, positions.
  static let shapes = [
    (1, 1, 1), (3, 2, 1), (2, 17, 1), (5, 33, 1), (2, 300, 1), (1, 1, 5), (2, 2, 3), (1, 3, 7),
    (3, 5, 8), (2, 4, 9), (2, 3, 17),
  ]

  static func labels(_ rows: Int, _ classes: Int, _ positions: Int) -> [Int32] {
    (0..<rows * positions).map { Int32($0 * 7 % classes) }
  }

  @Test(arguments: shapes, [0, 0.1, 1])
  func `the loss is the mean over all labels`(_ shape: (Int, Int, Int), _ smoothing: Double) {
    let (rows, classes, positions) = shape
    let count = rows * classes * positions
    let logits = random(count, seed: 1, scale: 8)
    let labels = CrossEntropyTests.labels(rows, classes, positions)
    let share = 1 / Double(rows * positions)
    var expected = 0.0
    var slopes = [Double](repeating: 0, count: count)
    for row in 0..<rows {
      for position in 0..<positions {
        let places = (0..<classes).map { (row * classes + $0) * positions + position }
        let powers = places.map { exp(Double(logits[$0])) }
        let sum = powers.reduce(0, +)
        for index in 0..<classes {
          let isLabel = index == Int(labels[row * positions + position])
          let target = smoothing / Double(classes) + (isLabel ? 1 - smoothing : 0)
          expected -= target * log(powers[index] / sum) * share
          slopes[places[index]] = (powers[index] / sum - target) * share
        }
      }
    }
    reading(labels) { labels in
      var plain = 0.0
      var loss = 0.0
      let gradient = reading(logits) { logits in
        plain = softmaxCrossEntropy(
          logits: logits, labels: labels, rows: rows, classes: classes, positions: positions,
          smoothing: smoothing, gradient: nil)
        return written(count) {
          loss = softmaxCrossEntropy(
            logits: logits, labels: labels, rows: rows, classes: classes, positions: positions,
            smoothing: smoothing, gradient: $0)
        }
      }
      #expect(plain == loss)
      #expect(abs(loss - expected) <= 1e-6 * (1 + expected))
      #expect(close(gradient, slopes))
      let inPlace = written(count, from: logits) { values in
        let again = softmaxCrossEntropy(
          logits: values, labels: labels, rows: rows, classes: classes, positions: positions,
          smoothing: smoothing, gradient: values)
        #expect(again == loss)
      }
      #expect(inPlace == gradient)
    }
  }

  @Test(arguments: [1, 3, 9])
  func `extreme logits are stable, and an impossible class costs nothing`(_ positions: Int) {
    // Classes at 1000, −1000 and −∞ in all places; the label is the second.
    let logits = [Float(1000), -1000, -.infinity].flatMap {
      [Float](repeating: $0, count: positions)
    }
    let gradient = reading(logits) { logits in
      reading([Int32](repeating: 1, count: positions)) { labels in
        written(3 * positions) {
          let loss = softmaxCrossEntropy(
            logits: logits, labels: labels, rows: 1, classes: 3, positions: positions,
            gradient: $0)
          #expect(loss == 2000)
        }
      }
    }
    #expect(
      close(
        gradient,
        [1, -1, 0].flatMap {
          [Double](repeating: $0 / Double(positions), count: positions)
        }))
  }

  @Test(arguments: [1, 3, 9])
  func `NaN shows in the loss`(_ positions: Int) {
    for place in 0..<20 * positions {
      var logits = random(20 * positions)
      logits[place] = .nan
      reading(logits) { logits in
        reading([Int32](repeating: 2, count: positions)) { labels in
          #expect(
            softmaxCrossEntropy(
              logits: logits, labels: labels, rows: 1, classes: 20, positions: positions,
              gradient: nil
            ).isNaN)
        }
      }
    }
  }

  @Test(arguments: shapes)
  func `the decision is the first of the largest logits`(_ shape: (Int, Int, Int)) {
    let (rows, columns, positions) = shape
    // Few different values, so that there are equals.
    let logits = random(rows * columns * positions, seed: 4, scale: 3).map { $0.rounded() }
    var expected: [Int32] = []
    for row in 0..<rows {
      for position in 0..<positions {
        let values = (0..<columns).map { logits[(row * columns + $0) * positions + position] }
        let best = values.firstIndex(of: values.max() ?? 0) ?? 0
        expected.append(Int32(best))
      }
    }
    let labels = CrossEntropyTests.labels(rows, columns, positions)
    reading(logits) { logits in
      var indices = [Int32](repeating: -1, count: expected.count + 1)
      indices.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        largestIndices(logits, rows: rows, columns: columns, positions: positions, into: base)
      }
      #expect(indices == expected + [-1])
      let hits = reading(labels) {
        countLargest(logits, rows: rows, columns: columns, positions: positions, labels: $0)
      }
      #expect(hits == zip(labels, expected).count { $0 == $1 })
    }
  }
}
