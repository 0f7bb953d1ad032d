// A chart over two axes: curves, bands, points with bars, marks. What it holds, not how it is drawn.

/// Curves over an axis.
struct Chart: Drawing {
  var title: String
  var summary: String
  var x: Axis
  var y: Axis
  var bands: [Band] = []
  var curves: [Curve] = []
  var points: [DataPoint] = []
  var rules: [Rule] = []
  var marks: [Mark] = []
  /// Between which values of x nothing is shown to differ; shaded.
  var shade: Shade?
  /// What the shapes of points mean.
  var keys: [Key] = []

  /// A value at each place; nil if it is missing: the curve is broken there.
  struct Curve: Sendable {
    /// In the legend; empty: not there.
    var name: String
    var pen: Pen
    var values: [(x: Double, y: Double?)]
    /// It stays where it is until the next value.
    var isStepped = false
  }

  /// Between which values something lies.
  struct Band: Sendable {
    var name: String
    var ink: Ink
    var opacity = 0.18
    var values: [(x: Double, range: ClosedRange<Double>)]
  }

  /// A point with what it may stray by.
  struct DataPoint: Sendable {
    var x: Double
    var y: Double
    var bar: ClosedRange<Double>?
    var marker: Marker
    var ink: Ink
    var size = 4.0
    var label = ""
  }

  /// A line right across, at a value of y.
  struct Rule: Sendable {
    var y: Double
    var name: String
  }

  /// A line from top to bottom where something was changed.
  struct Mark: Sendable {
    var x: Double
    var label: String
  }

  struct Shade: Sendable {
    var range: ClosedRange<Double>
    var name: String
  }

  /// An entry of the legend for the shape of points.
  struct Key: Sendable {
    var name: String
    var marker: Marker
    var ink: Ink
  }
}

extension Chart {
  /// The entries of the legend: a sample and a name each.
  enum Sample: Sendable {
    case curve(Pen)
    case band(Ink, Double)
    case point(Marker, Ink)
  }

  var legend: [(sample: Sample, name: String)] {
    curves.filter { !$0.name.isEmpty }.map { (.curve($0.pen), $0.name) }
      + bands.filter { !$0.name.isEmpty }.map { (.band($0.ink, $0.opacity), $0.name) }
      + keys.map { (.point($0.marker, $0.ink), $0.name) }
      + (shade.map { [(.band(.muted, 0.12), $0.name)] } ?? [])
  }
}
