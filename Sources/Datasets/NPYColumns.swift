// The numbers of arrays on their way to Float.
import Basics

/// The numbers of an array and perhaps of others behind it, on their way to Float.
struct NPYColumns: NumberRows {
  private let first: NPYFile
  private let others: [NPYFile]

  /// At least one file.
  init(_ files: [NPYFile]) {
    first = files[0]
    others = Array(files.dropFirst())
  }

  var size: Int { first.rowSize }

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    if row < first.rowCount { return first.read(row, into: values) }
    var rest = row - first.rowCount
    for file in others {
      if rest < file.rowCount { return file.read(rest, into: values) }
      rest -= file.rowCount
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
    guard ([first] + others).contains(where: { $0.element?.isWide == true }),
      standardizes || mayCollapse(split.train, features)
    else { return nil }
    for file in [first] + others { try file.checkFinite() }
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
