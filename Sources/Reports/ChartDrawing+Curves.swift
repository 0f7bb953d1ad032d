// Draws what lies within a chart's axes: curves, bands, points, rules and marks.
import PlainText

extension Chart {
  // MARK: Curves

  func draw(_ curve: Curve, _ area: PlotArea, into markup: inout Markup) {
    var path = ""
    var isDown = false
    var last = ""
    for value in curve.values {
      guard let number = value.y, number.isFinite, let place = area.horizontal(value.x),
        let height = area.vertical(number)
      else {
        isDown = false
        continue
      }
      let (x, y) = (Markup.number(place), Markup.number(height))
      let command =
        !isDown ? "M\(x) \(y)" : curve.isStepped ? "H\(x)V\(y)" : "L\(x) \(y)"
      // Many values on one dot of the picture are one.
      if "\(x) \(y)" != last || !isDown { path += command }
      last = "\(x) \(y)"
      isDown = true
    }
    guard !path.isEmpty else { return }
    markup.empty(
      "path",
      [("d", path)] + curve.pen.ink.stroke + curve.pen.dash.attributes + [
        ("stroke-width", Markup.number(curve.pen.width)), ("stroke-linejoin", "round"),
      ])
    markup.newLine()
  }

  /// Markers at a few values of a curve, those of several curves beside each other.
  func drawMarkers(of curve: Curve, _ index: Int, _ area: PlotArea, into markup: inout Markup) {
    let places = curve.values.compactMap { value -> (Double, Double)? in
      guard let y = value.y, y.isFinite, let place = area.horizontal(value.x),
        let height = area.vertical(y), height >= area.top - 2, height <= area.bottom + 2
      else { return nil }
      return (place, height)
    }
    // A few values are points that a line joins rather than a line.
    guard let marker = curve.pen.marker ?? (places.count <= 12 && !curve.isStepped ? .circle : nil)
    else { return }
    let width = area.right - area.left
    let distance = width / 6
    var next = area.left + distance * (0.35 + 0.13 * Double(index % 6))
    for (number, (x, y)) in places.enumerated() {
      let isAlone = places.count <= 12
      guard isAlone || x >= next || number == places.count - 1 else { continue }
      while next <= x { next += distance }
      markup.marker(marker, x, y, size: curve.pen.marker == nil ? 2.4 : 3.2, ink: curve.pen.ink)
    }
  }

  func draw(_ band: Band, _ area: PlotArea, into markup: inout Markup) {
    let edges = band.values.compactMap { value -> (x: Double, low: Double, high: Double)? in
      guard let x = area.horizontal(value.x), let low = area.vertical(value.range.lowerBound),
        let high = area.vertical(value.range.upperBound)
      else { return nil }
      return (x, low, high)
    }
    guard edges.count > 1 else { return }
    func place(_ x: Double, _ y: Double) -> String { "\(Markup.number(x)) \(Markup.number(y))" }
    let upper = edges.map { place($0.x, $0.high) }.joined(separator: "L")
    let lower = edges.reversed().map { place($0.x, $0.low) }.joined(separator: "L")
    markup.empty(
      "path",
      [("d", "M\(upper)L\(lower)z")] + band.ink.fill
        + [("fill-opacity", Self.share(band.opacity)), ("stroke", "none")])
    markup.newLine()
  }

  // MARK: Points

  func draw(_ point: DataPoint, _ area: PlotArea, into markup: inout Markup) {
    guard let x = area.horizontal(point.x), let y = area.vertical(point.y) else { return }
    if let bar = point.bar, let low = area.vertical(bar.lowerBound),
      let high = area.vertical(bar.upperBound)
    {
      let (left, place) = (Markup.number(x - 4), Markup.number(x))
      let (bottom, top) = (Markup.number(low), Markup.number(high))
      markup.empty(
        "path",
        [("d", "M\(place) \(bottom)V\(top)M\(left) \(bottom)h8M\(left) \(top)h8")]
          + point.ink.stroke + [("stroke-width", "1.3")])
    }
    markup.marker(point.marker, x, y, size: point.size, ink: point.ink)
    guard !point.label.isEmpty else { return }
    // On the side where there is room.
    let isRight = x + 10 + Lettering.width(point.label) < area.right
    markup.label(
      point.label, isRight ? x + 10 : x - 10, y - 8, anchor: isRight ? .start : .end, isBold: true,
      hasHalo: true)
  }

  // MARK: Rules and marks

  func drawRules(_ area: PlotArea, into markup: inout Markup) {
    for rule in rules {
      guard let y = area.vertical(rule.y) else { continue }
      let (left, place) = (Markup.number(area.left), Markup.number(y))
      markup.empty(
        "path",
        [("d", "M\(left) \(place)H\(Markup.number(area.right))")] + Ink.muted.stroke
          + [("stroke-dasharray", "3 3")])
    }
  }

  /// On top of the curves.
  func drawNames(of rules: [Rule], _ area: PlotArea, into markup: inout Markup) {
    for rule in rules {
      guard let y = area.vertical(rule.y) else { continue }
      markup.label(
        rule.name, area.right - 4, y - 5, anchor: .end, size: Lettering.small, ink: .muted,
        hasHalo: true)
    }
  }

  func drawShade(_ area: PlotArea, into markup: inout Markup) {
    guard let shade, let left = area.horizontal(shade.range.lowerBound),
      let right = area.horizontal(shade.range.upperBound)
    else { return }
    markup.empty(
      "rect",
      Self.box(left - 8, area.top, right + 8, area.bottom) + Ink.muted.fill
        + [("fill-opacity", "0.12")])
  }

  /// Where changes crowd, every other label stands a line higher, and some are left to the list of
  /// events.
  func drawMarks(_ area: PlotArea, into markup: inout Markup) {
    var lines = ""
    var free = [-Double.infinity, -Double.infinity]
    for mark in marks {
      guard let x = area.horizontal(mark.x), x >= area.left - 1, x <= area.right + 1 else {
        continue
      }
      lines += "M\(Markup.number(x)) \(Markup.number(area.top))V\(Markup.number(area.bottom))"
      let width = Lettering.width(mark.label, size: Lettering.small)
      let left = min(x - width / 2, area.right - width)
      guard let lane = free.firstIndex(where: { $0 < left }) else { continue }
      free[lane] = left + width + 8
      markup.label(mark.label, left, area.top - 5 - Double(lane) * 13, size: Lettering.small)
    }
    guard !lines.isEmpty else { return }
    markup.empty(
      "path",
      [("d", lines)] + Ink.text.stroke
        + [("stroke-dasharray", "1.5 3"), ("stroke-width", "1"), ("stroke-opacity", "0.7")])
  }
}
