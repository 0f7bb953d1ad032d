// The charts of a run's layers: norms against the ceiling, and how many units were scaled back.
import PlainText
import RunHistory
import RunRecords

extension RunCharts {
  /// More layers than that are in the table alone.
  static let mostLayers = 12
  private static let mostMainLayers = 6

  /// One chart a layer.
  var norms: [Figure] {
    zip(segment.layers, course.ceilings).prefix(Self.mostLayers).enumerated().compactMap {
      index, pair in
      norms(of: pair.0, pair.1).map { chart in
        Figure(
          drawing: chart, isWide: false, height: 250, isMain: index < Self.mostMainLayers)
      }
    }
  }

  private func norms(of layer: LayerState, _ ceilings: [RunCourse.Ceiling]) -> Chart? {
    let buckets = layer.quantiles.whole
    guard !buckets.isEmpty else { return nil }
    func values(_ part: (NormQuantiles) -> Reading) -> Values {
      buckets.map { bucket in
        let reading = part(bucket.entry)
        return (Double(bucket.lastStep), reading.hasValue ? Double(reading.mean) : nil)
      }
    }
    let largest = buckets.map { bucket -> (x: Double, y: Double?) in
      let reading = bucket.entry.maximum
      return (Double(bucket.lastStep), reading.hasValue ? Double(reading.maximum) : nil)
    }
    let median = values(\.median)
    let quartiles = buckets.compactMap { bucket -> (x: Double, range: ClosedRange<Double>)? in
      let (low, high) = (bucket.entry.p25, bucket.entry.p75)
      guard low.hasValue, high.hasValue, low.mean <= high.mean else { return nil }
      return (Double(bucket.lastStep), Double(low.mean)...Double(high.mean))
    }
    let held = Self.course(of: ceilings, upTo: segment.step)
    // A ceiling far above all norms would press them onto the axis.
    let top = (largest + median).compactMap(\.y).max() ?? 0
    let isShown = held.contains { ($0.y ?? .infinity) <= max(3 * top, 1e-9) }
    var curves: [Chart.Curve] = []
    if layer.units > 1 {
      curves = [
        .init(name: "largest", pen: Pen(ink: .series(1)), values: largest),
        .init(name: "median", pen: Pen(ink: .series(1), dash: .short), values: median),
      ]
    } else {
      curves = [.init(name: "norm", pen: Pen(ink: .series(1)), values: median)]
    }
    if isShown {
      curves.append(
        .init(
          name: Self.words(ceilings), pen: Pen(ink: .series(2), dash: .long, width: 1.8),
          values: held.map { (x: $0.x, y: $0.isEnforced ? $0.y : nil) }, isStepped: true))
      if held.contains(where: { !$0.isEnforced && $0.y != nil }) {
        curves.append(
          .init(
            name: "off", pen: Pen(ink: .series(2), dash: .dotted, width: 1.2),
            values: held.map { (x: $0.x, y: $0.isEnforced ? nil : $0.y) }, isStepped: true))
      }
    }
    let shape = layer.header.shape.map(String.init).joined(separator: "×")
    return Chart(
      title: "\(layer.name) · \(layer.header.kind) \(shape)",
      summary:
        "Norms of the units of \(layer.name) over the steps: largest, median and quartiles.",
      x: steps, y: Axis("L2 norm of a unit", Self.scale(curves.map(\.values), fromZero: true)),
      bands: layer.units > 1
        ? [.init(name: "quartiles", ink: .series(1), opacity: 0.22, values: quartiles)] : [],
      curves: curves, marks: marks)
  }

  /// The ceiling from change to change, up to the last step; both ends of each stretch.
  private static func course(
    of ceilings: [RunCourse.Ceiling], upTo step: Int
  ) -> [(x: Double, y: Double?, isEnforced: Bool)] {
    var places: [(x: Double, y: Double?, isEnforced: Bool)] = []
    for (index, ceiling) in ceilings.enumerated() {
      let end = index + 1 < ceilings.count ? ceilings[index + 1].step : max(step, ceiling.step)
      let value = ceiling.value.map(Double.init)
      places.append((Double(ceiling.step), value, ceiling.isEnforced))
      places.append((Double(end), value, ceiling.isEnforced))
    }
    return places
  }

  private static func words(_ ceilings: [RunCourse.Ceiling]) -> String {
    let values = Set(ceilings.compactMap(\.value))
    guard values.count == 1, let value = values.first else { return "ceiling r" }
    return "r = \(Wording.short(value))"
  }

  // MARK: Clipping

  private static let mostCurves = 6

  /// The share of each layer's units that a step scaled back; where none was, that it found over r.
  var clipping: Figure? {
    let layers = segment.layers.filter { $0.latest?.maxNorm != nil && !$0.clippedPerStep.isEmpty }
    guard !layers.isEmpty else { return nil }
    let isClipping = layers.contains { ($0.latest?.clippedTotal ?? 0) > 0 }
    // A constraint that never found a unit over r has nothing to draw; the table says so.
    let hasExceeded = layers.contains { layer in
      layer.exceededPerStep.whole.contains { $0.entry.hasValue && $0.entry.maximum > 0 }
    }
    guard isClipping || hasExceeded else { return nil }
    let chosen =
      layers.sorted { ($0.latest?.clippedTotal ?? 0) > ($1.latest?.clippedTotal ?? 0) }
      .prefix(Self.mostCurves).map(\.name)
    let curves = layers.filter { chosen.contains($0.name) }.enumerated().map { index, layer in
      Chart.Curve(
        name: layer.name, pen: .series(index + 1),
        values: Self.means(
          isClipping ? layer.clippedPerStep : layer.exceededPerStep,
          scale: 100 / Double(max(1, layer.units))))
    }
    var scale = Self.scale(curves.map(\.values), fromZero: true)
    if scale.upper <= 0 { scale = AxisScale(0, 1) }
    let title = isClipping ? "Units scaled back at a step" : "Units over r (the constraint is off)"
    let chart = Chart(
      title: title, summary: "\(title), in per cent of each layer's units.", x: steps,
      y: Axis("% of the layer's units", scale), curves: curves, marks: marks)
    return Figure(
      drawing: chart, isWide: false, height: 250,
      caption: layers.count > chosen.count
        ? "The \(chosen.count) layers with the most of \(layers.count)." : "", isMain: false)
  }
}
