// The numbers of arrays on their way to Float.
import Basics

/// The numbers of an array and perhaps a second one behind it, on their way to Float.
struct NPYColumns: NumberRows {
  private let first: NPYFile
  private let second: NPYFile?

  init(_ first: NPYFile, _ second: NPYFile?) {
    self.first = first
    self.second = second
  }

  var size: Int { first.rowSize }

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    if row < first.rowCount {
      first.read(row, into: values)
    } else {
      second?.read(row - first.rowCount, into: values)
    }
  }

  func doubles(of rows: [Int]) -> [Double] {
    var doubles: [Double] = []
    doubles.reserveCapacity(rows.count * size)
    forEach(of: rows) { doubles += UnsafeBufferPointer($0) }
    return doubles
  }

  /// The numbers as Floats made from Doubles; nil if Floats hold them as well.
  ///
  /// - Throws: `ProgramError` if one is not finite, or a feature would be lost.
  func prepared(
    _ split: RowSplit, features: FeatureLayout, standardizes: Bool, key: String
  ) throws(ProgramError) -> PreparedNumbers? {
    guard [first, second].contains(where: { $0?.element?.isWide == true }),
      standardizes || mayCollapse(split.train, features)
    else { return nil }
    try first.checkFinite()
    try second?.checkFinite()
    let name = first.name
    return try PreparedNumbers(
      self, features: features, split: split, standardizes: standardizes,
      origin: .init(place: { "\(name): column \($0)" }, key: key))
  }

  /// Whether a feature varies so little for its size that Floats might lose it, by a sample of rows.
  private func mayCollapse(_ rows: [Int], _ features: FeatureLayout) -> Bool {
    let step = max(1, rows.count / 4096)
    let scale = FeatureScale(
      self, of: stride(from: 0, to: rows.count, by: step).map { rows[$0] }, features: features)
    // Rounding to Float moves a number by 3e-8 of it: this is a tenth of a thousandth of what counts.
    return (0..<features.count).contains {
      !(abs(scale.means[$0]) < 1e5 * scale.deviations[$0]) && scale.varies[$0]
    }
  }
}
