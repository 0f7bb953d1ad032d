// Points in the plane, and sequences whose answer lies far back.
import Basics
import Foundation

/// Two classes of points in the plane.
package enum PointSet: String, Sendable, CaseIterable {
  /// Two arms of one and a half turns, within the unit circle.
  case spirals
  /// Two half circles of radius 1, each around an end of the other.
  case moons

  /// The standard deviation of the points around their curve, unless an experiment says otherwise.
  package var noise: Double { self == .spirals ? 0.03 : 0.2 }

  fileprivate func point(label: Int, random: inout RandomSource) -> (x: Double, y: Double) {
    let along = random.uniform()
    switch self {
    case .spirals:
      // The root spreads the points evenly along the arm.
      let radius = along.squareRoot()
      let angle = 3 * .pi * radius + (label == 0 ? 0 : .pi)
      return (radius * cos(angle), radius * sin(angle))
    case .moons:
      let angle = .pi * along
      return label == 0 ? (cos(angle), sin(angle)) : (1 - cos(angle), 0.5 - sin(angle))
    }
  }
}

extension Dataset {
  /// Points `[2]` of two classes, as many of each.
  package static func points(
    _ set: PointSet, noise: Double, train: Int, validation: Int, seed: UInt64
  ) -> Dataset {
    func part(_ count: Int, _ stream: UInt64) -> Examples {
      var random = RandomSource(seed: seed, stream: stream)
      var inputs: [Float] = []
      for index in 0..<count {
        let point = set.point(label: index % 2, random: &random)
        inputs.append(Float(point.x + noise * random.normal()))
        inputs.append(Float(point.y + noise * random.normal()))
      }
      return Examples(
        inputs: inputs, targets: .classes((0..<count).map { Int32($0 % 2) }, classes: 2),
        count: count)
    }
    return Dataset(
      train: part(train, Stream.trainRows), validation: part(validation, Stream.validationRows),
      inputShape: [2], classNames: ["0", "1"], task: .classification)
  }

  /// The adding problem: sequences `[length, 2]` of a number from 0 to 1 and a marker, which is 1 at
  /// one place of each half; the answer is the sum of the two marked numbers.
  ///
  /// After Hochreiter and Schmidhuber (1997), Long Short-Term Memory, experiment 4. Always answering
  /// 1 has a mean squared error of 1/6; a net must carry the numbers over many steps to be better.
  package static func delayedSum(
    length: Int, train: Int, validation: Int, seed: UInt64
  ) -> Dataset {
    precondition(length >= 2, "a sequence without two halves")
    func part(_ count: Int, _ stream: UInt64) -> Examples {
      var random = RandomSource(seed: seed, stream: stream)
      var inputs: [Float] = []
      var sums: [Float] = []
      inputs.reserveCapacity(count * length * 2)
      for _ in 0..<count {
        let first = random.index(below: length / 2)
        let second = length / 2 + random.index(below: length - length / 2)
        var sum: Float = 0
        for step in 0..<length {
          let value = random.nextUnit()
          let isMarked = step == first || step == second
          inputs.append(value)
          inputs.append(isMarked ? 1 : 0)
          if isMarked { sum += value }
        }
        sums.append(sum)
      }
      return Examples(inputs: inputs, targets: .values(sums, size: 1), count: count)
    }
    return .regression(
      "sum", train: part(train, Stream.trainRows),
      validation: part(validation, Stream.validationRows), inputShape: [length, 2])
  }
}
