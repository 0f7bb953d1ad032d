// Losses against their definitions in Double, at ordinary and at extreme logits.
import Foundation
import Kernels
import Testing

@Suite struct LossTests {
  static let shapes = [(1, 1), (1, 3), (7, 8), (9, 17), (33, 10)]

  @Test(arguments: shapes)
  func `cross-entropy is the mean over the rows`(_ shape: (Int, Int)) {
    let (rows, classes) = shape
    let logits = random(rows * classes, seed: 1, scale: 5)
    let labels = (0..<rows).map { Int32($0 * 5 % classes) }
    var expected = 0.0
    var slopes: [Double] = []
    for row in 0..<rows {
      let powers = (0..<classes).map { exp(Double(logits[row * classes + $0])) }
      let sum = powers.reduce(0, +)
      expected -= log(powers[Int(labels[row])] / sum) / Double(rows)
      slopes += powers.indices.map {
        (powers[$0] / sum - ($0 == Int(labels[row]) ? 1 : 0)) / Double(rows)
      }
    }
    var loss = 0.0
    let gradient = reading(logits) { logits in
      reading(labels) { labels in
        let plain = softmaxCrossEntropy(
          logits: logits, labels: labels, rows: rows, classes: classes, gradient: nil)
        let gradient = written(rows * classes) {
          loss = softmaxCrossEntropy(
            logits: logits, labels: labels, rows: rows, classes: classes, gradient: $0)
        }
        #expect(plain == loss)
        return gradient
      }
    }
    #expect(abs(loss - expected) <= 1e-6 * (1 + expected))
    #expect(close(gradient, slopes))
  }

  @Test func `cross-entropy is stable`() {
    let logits: [Float] = [1000, -1000, 0, -1000, -1000, -1001]
    let gradient = reading(logits) { logits in
      reading([Int32(1), 0]) { labels in
        written(6) {
          let loss = softmaxCrossEntropy(
            logits: logits, labels: labels, rows: 2, classes: 3, gradient: $0)
          #expect(abs(loss - (2000 + log(2 + exp(-1))) / 2) < 1e-3)
        }
      }
    }
    #expect(gradient.allSatisfy { $0.isFinite })
  }

  @Test(arguments: oddSizes.dropFirst())
  func `binary cross-entropy is the mean over all elements`(_ count: Int) {
    let logits = random(count, seed: 3, scale: 6)
    let targets = random(count, seed: 4).map { abs($0) }
    let expected =
      zip(logits, targets).reduce(0.0) { sum, pair in
        let p = 1 / (1 + exp(-Double(pair.0)))
        return sum - Double(pair.1) * log(p) - (1 - Double(pair.1)) * log(1 - p)
      } / Double(count)
    let gradient = reading(logits) { logits in
      reading(targets) { targets in
        written(count) {
          let loss = binaryCrossEntropy(
            logits: logits, targets: targets, count: count, gradient: $0)
          #expect(abs(loss - expected) < 1e-6 * (1 + expected))
          #expect(
            loss
              == binaryCrossEntropy(logits: logits, targets: targets, count: count, gradient: nil))
        }
      }
    }
    #expect(
      close(
        gradient,
        zip(logits, targets).map {
          (1 / (1 + exp(-Double($0))) - Double($1)) / Double(count)
        }))
  }

  @Test func `binary cross-entropy is stable`() {
    let gradient = reading([Float(1000), -1000, 1000, -1000]) { logits in
      reading([Float(1), 0, 0, 1]) { targets in
        written(4) {
          let loss = binaryCrossEntropy(logits: logits, targets: targets, count: 4, gradient: $0)
          #expect(loss == 500)
        }
      }
    }
    #expect(gradient == [0, 0, 0.25, -0.25])
  }

  @Test(arguments: oddSizes.dropFirst())
  func `mean squared error is the mean over all elements`(_ count: Int) {
    let outputs = random(count, seed: 5, scale: 3)
    let targets = random(count, seed: 6, scale: 3)
    let differences = zip(outputs, targets).map { Double($0) - Double($1) }
    let expected = differences.reduce(0) { $0 + $1 * $1 } / Double(count)
    let gradient = reading(outputs) { outputs in
      reading(targets) { targets in
        written(count) {
          let loss = meanSquaredError(
            outputs: outputs, targets: targets, count: count, gradient: $0)
          #expect(abs(loss - expected) < 1e-6 * (1 + expected))
          #expect(
            loss
              == meanSquaredError(outputs: outputs, targets: targets, count: count, gradient: nil))
        }
      }
    }
    #expect(close(gradient, differences.map { 2 * $0 / Double(count) }))
  }

  @Test func `losses of NaN are NaN`() {
    reading([Float.nan, 1, 2]) { values in
      reading([Int32(1)]) { label in
        #expect(
          softmaxCrossEntropy(logits: values, labels: label, rows: 1, classes: 3, gradient: nil)
            .isNaN)
      }
      reading([Float(0), 0, 0]) { zeros in
        #expect(meanSquaredError(outputs: values, targets: zeros, count: 3, gradient: nil).isNaN)
        #expect(binaryCrossEntropy(logits: values, targets: zeros, count: 3, gradient: nil).isNaN)
      }
    }
  }

  @Test func `correct decisions are counted`() {
    reading([Float(1), 3, 2, 5, 5, 4, 0, 0, 1]) { logits in
      reading([Int32(1), 0, 1]) { labels in
        #expect(countLargest(logits, rows: 3, columns: 3, labels: labels) == 2)
      }
    }
    reading([Float(0.1), -0.1, 0, 3]) { logits in
      reading([Float(1), 0.4, 0.6, 0]) { targets in
        #expect(countSigns(logits, targets: targets, count: 4) == 2)
      }
    }
  }
}
