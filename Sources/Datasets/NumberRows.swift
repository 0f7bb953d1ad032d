// Numbers as a file has them, Doubles, and how they become the Floats that a network reads.
import Basics

/// Rows of numbers that are still Doubles.
///
/// They are asked for row by row and never held a second time: only the network's Floats are.
protocol NumberRows {
  /// Values in a row.
  var size: Int { get }
  /// Writes the `size` values of a row.
  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>)
}

extension NumberRows {
  /// Calls `body` with each of these rows in turn.
  func forEach(
    of rows: some Collection<Int>, _ body: (UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { values in
      values.initialize(repeating: 0)
      for row in rows {
        read(row, into: values)
        body(values)
      }
    }
  }
}

/// Rows that lie one after the other in memory.
struct StoredRows<Number: BinaryFloatingPoint>: NumberRows {
  /// Row-major.
  let values: [Number]
  let size: Int

  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    for place in 0..<size { values[place] = Double(self.values[row * size + place]) }
  }
}

/// What is done to examples on the way from a file to the network.
package struct Preparation: Sendable, Equatable {
  /// Training examples to keep; nil: all.
  package var train: Int?
  /// Brings every feature of the inputs to mean 0 and variance 1 of the training part.
  package var standardizesInputs: Bool
  /// Brings numbers to be predicted there likewise.
  package var standardizesTargets: Bool
  /// What is asked of the parts.
  package var parts: PartSettings

  package init(
    train: Int? = nil, standardizesInputs: Bool = false, standardizesTargets: Bool = false,
    parts: PartSettings = PartSettings()
  ) {
    self.train = train
    self.parts = parts
    self.standardizesInputs = standardizesInputs
    self.standardizesTargets = standardizesTargets
  }
}

/// Inputs or targets of all parts as the network reads them, made from Doubles.
///
/// Everything up to here is done in Double, since a Float has 7 digits: seconds since 1970, dates as
/// 20240115 and prices near 1e8 would lose what they differ by before it was brought to scale.
struct PreparedNumbers {
  /// Row-major.
  let train: [Float]
  /// Row-major.
  let validation: [Float]
  /// Row-major.
  let test: [Float]
  /// What the features of the training part look like in units.
  let scale: FeatureScale

  /// Where the numbers come from, for a message about one that collapses.
  struct Origin {
    /// What messages call the feature of this number, with the file.
    var place: (_ feature: Int) -> String
    /// The key that would bring it to scale.
    var key: String
  }

  /// - Throws: `ProgramError` if a feature of the training part varies, but no longer as Floats.
  init(
    _ rows: some NumberRows, features: FeatureLayout, split: RowSplit, standardizes: Bool,
    origin: Origin
  ) throws(ProgramError) {
    let scale = FeatureScale(rows, of: split.train, features: features)
    self.scale = scale
    func floats(_ rows: some NumberRows, of places: [Int]) -> [Float] {
      [Float](unsafeUninitializedCapacity: places.count * rows.size) { floats, count in
        rows.forEach(of: places) { values in
          var place = 0
          features.visit(UnsafeBufferPointer(values)) { feature, value in
            floats.initializeElement(
              at: count + place,
              to: standardizes
                ? Float((value - scale.means[feature]) / scale.deviations[feature]) : Float(value))
            place += 1
          }
          count += place
        }
      }
    }
    train = floats(rows, of: split.train)
    validation = floats(rows, of: split.validation)
    test = floats(rows, of: split.test)
    guard !standardizes else { return }
    // Not only a column that has become constant: where rounding moves the values by as much as they
    // differ, what is left of them is chance.
    var lost = [Double](repeating: 0, count: features.count)
    rows.forEach(of: split.train) { values in
      features.visit(UnsafeBufferPointer(values)) { feature, value in
        let error = Double(Float(value)) - value
        lost[feature] += error * error
      }
    }
    let count = Double(max(split.train.count * (rows.size / features.count), 1))
    for feature in 0..<features.count where scale.varies[feature] {
      let deviation = scale.deviations[feature]
      guard (lost[feature] / count).squareRoot() > deviation / 4 else { continue }
      throw .bad(
        place: origin.place(feature),
        problem: "expected numbers that differ in their first 7 digits (as Float), found a mean of "
          + "\(scale.means[feature]) and a standard deviation of \(deviation)",
        hint: "set \(origin.key) to true, or subtract an offset")
    }
  }
}
