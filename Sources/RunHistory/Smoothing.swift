// Smoothing of curves, done on every value before anything is merged, as TensorBoard defines it.

/// How strongly curves are smoothed.
package enum Smoothing: Int, Sendable, CaseIterable {
  case off, light, strong

  /// The weight of the past.
  package var weight: Double {
    switch self {
    case .off: 0
    case .light: 0.6
    case .strong: 0.9
    }
  }

  /// As it is called in files and on the command line.
  package var name: String {
    switch self {
    case .off: "off"
    case .light: "light"
    case .strong: "strong"
    }
  }

  /// In words, for a panel's title.
  package var label: String {
    switch self {
    case .off: "not smoothed"
    case .light, .strong: "smoothed \(weight)"
    }
  }

  package var next: Smoothing { Smoothing(rawValue: rawValue + 1) ?? .off }
}

/// An exponential moving average without the bias towards 0 at its start.
///
/// Values that are not finite pass through and leave no trace; a constant stays exactly what it is.
struct ExponentialAverage: Sendable {
  let weight: Double
  private var accumulated = 0.0
  /// weight^n after n values.
  private var decay = 1.0
  private var constant: Float?
  private var isConstant = true

  init(weight: Double) { self.weight = weight }

  mutating func next(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    accumulated = accumulated * weight + (1 - weight) * Double(value)
    decay *= weight
    if let constant { isConstant = isConstant && value == constant } else { constant = value }
    return isConstant ? value : Float(accumulated / (1 - decay))
  }
}

/// A figure's history as it was and at each level of smoothing.
package struct SmoothedHistory: Sendable {
  package private(set) var raw: History<Reading>
  private var light: History<Reading>
  private var strong: History<Reading>
  private var lightAverage = ExponentialAverage(weight: Smoothing.light.weight)
  private var strongAverage = ExponentialAverage(weight: Smoothing.strong.weight)

  package init(recentCapacity: Int = 512, wholeCapacity: Int = 1024) {
    raw = History(recentCapacity: recentCapacity, wholeCapacity: wholeCapacity)
    light = raw
    strong = raw
  }

  package var isEmpty: Bool { raw.isEmpty }

  /// The fewest values that are smoothed: the average of a handful would only lag behind the
  /// figures beside it.
  package static let fewest = 32
  private var count = 0

  /// The smoothing with which a curve of these values is shown.
  package func shown(_ smoothing: Smoothing) -> Smoothing { count < Self.fewest ? .off : smoothing }

  /// The values as a curve of single measurements shows them.
  package func curve(_ smoothing: Smoothing) -> History<Reading> { self[shown(smoothing)] }

  /// The value appended last, whatever it is; nil before the first.
  package var last: Float? { raw.last?.entry.last }

  package subscript(smoothing: Smoothing) -> History<Reading> {
    switch smoothing {
    case .off: raw
    case .light: light
    case .strong: strong
    }
  }

  /// Adds a value with the extremes of what it is the mean of; nothing where it is unknown.
  package mutating func append(
    _ value: Float?, minimum: Float? = nil, maximum: Float? = nil, at step: Int
  ) {
    guard let value else { return }
    count += 1
    raw.append(value, minimum: minimum, maximum: maximum, at: step)
    light.append(lightAverage.next(value), at: step)
    strong.append(strongAverage.next(value), at: step)
  }
}
