// One line of a chart: its points, and what becomes of them in columns of dots.
import PlainText

/// A value at a place on the x axis, or what remains of several: none of them is lost.
package struct LinePoint: Hashable, Sendable {
  package var x: Double
  package var minimum: Double
  package var maximum: Double
  package var mean: Double

  package init(x: Double, minimum: Double, maximum: Double, mean: Double) {
    self.x = x
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
  }

  package init(x: Double, value: Double) {
    self.init(x: x, minimum: value, maximum: value, mean: value)
  }
}

/// A named line.
package struct LineSeries: Hashable, Sendable {
  package var name: String
  package var role: Role
  /// How the line is drawn without colour; in colour lines are solid, see below.
  package var mark: LineMark
  /// Whether the mark is meant in colour too.
  package var isMarkedInColor = false
  /// In ascending order of x; one before and one after what is shown lead the line to the edges.
  package var points: [LinePoint]
  /// The measured values behind a smoothed line, drawn faintly and read out at the cursor; empty
  /// where the points are what was measured.
  package var raw: [LinePoint] = []
  /// Whether minimum and maximum of each column are drawn behind the line.
  package var showsBand: Bool
  /// False: the band alone; such a series has no place in the legend.
  package var showsLine = true
  /// What the legend says while there is no cursor; nil: the mean of the last point.
  ///
  /// A smoothed line ends beside the value that was measured last.
  package var latest: Double?
  /// What the legend says in place of the value, where that needs more digits.
  package var reading: String?

  package init(
    name: String, role: Role, points: [LinePoint], mark: LineMark = .solid, showsBand: Bool = true
  ) {
    self.name = name
    self.role = role
    self.mark = mark
    self.points = points
    self.showsBand = showsBand
  }

  /// How the line is drawn on such a terminal.
  func mark(_ look: Appearance) -> LineMark {
    look.theme.isMonochrome || isMarkedInColor ? mark : .solid
  }

  /// What was measured, be the line smoothed or not.
  package var measured: [LinePoint] { raw.isEmpty ? points : raw }

  /// The measured value nearest to x, or the last one.
  package func value(at x: Double?) -> Double? {
    guard let x else { return latest ?? measured.last?.mean }
    return measured.min { abs($0.x - x) < abs($1.x - x) }?.mean
  }
}

extension [LinePoint] {
  /// Where a line and its band pass an x that no point lies on; nil if none passes.
  func passing(_ x: Double) -> LinePoint? {
    guard let after = firstIndex(where: { $0.x >= x }), after > 0, self[after].x > x else {
      return nil
    }
    let (start, end) = (self[after - 1], self[after])
    let part = (x - start.x) / (end.x - start.x)
    let between = { (figure: KeyPath<LinePoint, Double>) in
      start[keyPath: figure] + (end[keyPath: figure] - start[keyPath: figure]) * part
    }
    let point = LinePoint(
      x: x, minimum: between(\.minimum), maximum: between(\.maximum), mean: between(\.mean))
    return point.mean.isFinite && point.minimum.isFinite && point.maximum.isFinite ? point : nil
  }
}

/// What falls on one column of dots.
struct LineColumn {
  var minimum = Double.infinity
  var maximum = -Double.infinity
  private var total = 0.0
  private var count = 0.0
  /// NaN or infinity upward.
  var isBrokenHigh = false
  /// Infinity downward.
  var isBrokenLow = false

  var hasValue: Bool { count > 0 }
  var isBroken: Bool { isBrokenHigh || isBrokenLow }
  var mean: Double { count > 0 ? total / count : .nan }

  mutating func add(_ point: LinePoint) {
    for value in [point.minimum, point.maximum, point.mean] where !value.isFinite {
      if value == -.infinity { isBrokenLow = true } else { isBrokenHigh = true }
    }
    if point.minimum.isFinite { minimum = min(minimum, point.minimum) }
    if point.maximum.isFinite { maximum = max(maximum, point.maximum) }
    guard point.mean.isFinite else { return }
    minimum = min(minimum, point.mean)
    maximum = max(maximum, point.mean)
    // Scaled down, since the sum of two huge values is infinite.
    total += point.mean / 1024
    count += 1.0 / 1024
  }

  /// Points gathered by the column of dots they fall on.
  static func gathered(_ points: [LinePoint], on x: AxisScale, columns: Int) -> [LineColumn] {
    var gathered = Array(repeating: LineColumn(), count: max(0, columns))
    for point in points where point.x >= x.lower && point.x <= x.upper {
      if let index = x.step(point.x, of: columns) { gathered[index].add(point) }
    }
    return gathered
  }
}
