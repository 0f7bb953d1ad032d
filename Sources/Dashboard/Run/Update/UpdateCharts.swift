// What keys and the wheel do to the charts: zoom, pan, cursor, scales.
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  private static let zoomFactor = 1.5
  private static let panPart = 0.25
  /// A chart shows at least about this many records, or else there would be nothing to see.
  private static let leastRecords = 8

  mutating func look(_ action: KeyAction) {
    switch action {
    case .zoomOut: zoom(by: Self.zoomFactor, around: visibleCursor)
    case .zoomIn: zoom(by: 1 / Self.zoomFactor, around: visibleCursor)
    case .panBack: pan(by: -Self.panPart)
    case .panForward: pan(by: Self.panPart)
    case .logScale:
      let isLogarithmic = !isLogarithmic(focus)
      charts.scales[focus] = isLogarithmic ? .logarithmic : .linear
      let values = focus.description.logarithmicScale?.values ?? focus.description.title
      say("\(values) on a \(isLogarithmic ? "logarithmic" : "linear") scale")
    case .smoothing:
      charts.smoothing = charts.smoothing.next
      say("curves \(charts.smoothing.label)")
    case .outliers:
      charts.isRobust.toggle()
      say(charts.isRobust ? "scaled without outliers: arrows mark them" : "scaled to all values")
    case .axisUnit:
      charts.unit = nextUnit
      say("charts by \(axis.word)")
    default:
      let isWhole = charts.zoom != nil || charts.window == .recent
      charts.zoom = nil
      charts.window = isWhole ? .all : .recent
      say(isWhole ? "the whole run" : "the recent part of the run")
    }
  }

  /// Epochs only where it is known how long they are.
  private var nextUnit: ChartState.Unit {
    switch charts.unit {
    case .steps: segment?.stepsPerEpoch != nil ? .epochs : .time
    case .epochs: .time
    case .time: .steps
    }
  }

  // MARK: Zoom and pan

  /// What the charts show of the steps there are.
  private var inSight: ClosedRange<Int> {
    let visible = visibleSteps
    let last = max(1, lastStep)
    return min(visible.lowerBound, last - 1)...min(visible.upperBound, last)
  }

  private mutating func zoom(by factor: Double, around step: Int?) {
    charts.zoom = .scaled(
      inSight, by: factor, around: step, least: leastSpan, last: lastStep)
    if charts.zoom == nil { charts.window = .all }
  }

  private mutating func pan(by part: Double) {
    charts.zoom = .moved(inSight, by: part, last: lastStep)
  }

  /// The fewest steps worth looking at: a few of the entries that are held there.
  private var leastSpan: Int {
    guard let loss = segment?.loss.raw, let record = segment?.latest else { return 1 }
    let covered = record.steps ?? 1
    let steps = inSight
    // At the newest end, where a closer look begins, the last records count.
    let center = visibleCursor ?? steps.upperBound
    let isFine = loss.holdsUnmerged(
      from: center - Self.leastRecords * max(1, min(covered, 1000)))
    let width = isFine ? max(1, min(covered, lastStep)) : loss.stepsPerBucket
    return Self.leastRecords * width
  }

  /// Turns the wheel over a chart: zooms with the step under the pointer staying where it is.
  mutating func zoom(at point: Point, isUp: Bool) {
    guard let step = step(at: point) else { return }
    let action: KeyAction = isUp ? .zoomIn : .zoomOut
    if let refusal = refusalToLook(action) { return say(refusal, .refusal) }
    zoom(by: isUp ? 1 / Self.zoomFactor : Self.zoomFactor, around: step)
  }

  /// The step at a place in a chart; nil outside charts.
  func step(at point: Point) -> Int? {
    guard let plot = plots.first(where: { $0.contains(point) }), segment != nil else { return nil }
    let axis = axis
    let part = Double(point.column - plot.left) / Double(max(1, plot.columns - 1))
    let length = axis.range.upperBound - axis.range.lowerBound
    return axis.step(at: axis.range.lowerBound + part * length)
  }

  // MARK: Cursor

  /// Whether left and right move the cursor: on a chart, and on a layer's page.
  var movesCursor: Bool { topLayer == .detail || topLayer == .main && focus.isChart }

  /// Whether esc takes the cursor away: on a layer's page only one that is in sight.
  var hasCursorToTakeAway: Bool {
    switch topLayer {
    case .main: charts.cursor != nil
    case .detail: visibleCursor != nil
    case .filter, .settings, .entry, .help, .dialog: false
    }
  }

  /// Moves the cursor by a column, or whatever else left and right move.
  mutating func moveAside(_ action: KeyAction) {
    if !movesCursor, let page = consolePage { return turn(page, action) }
    guard movesCursor else { return select(action == .left ? .up : .down) }
    let axis = axis
    let steps = inSight
    guard let cursor = visibleCursor else {
      charts.cursor = action == .left ? steps.upperBound : steps.lowerBound
      return
    }
    let columns = max(1, (focusedPlot?.columns ?? 60) - 1)
    let column = (axis.range.upperBound - axis.range.lowerBound) / Double(columns)
    let place = axis.x(cursor) + (action == .left ? -column : column)
    // A column may be less than a step wide.
    let step =
      action == .left
      ? min(axis.step(at: place), cursor - 1) : max(axis.step(at: place), cursor + 1)
    charts.cursor = min(steps.upperBound, max(steps.lowerBound, step))
  }

  // MARK: Where the charts are

  /// The plots of all charts on the screen, within a column or two.
  private var plots: [Rect] {
    guard ScreenLayout.isLargeEnough(shell.size) else { return [] }
    let body = ScreenLayout(shell.size).body
    if topLayer == .detail { return pageCharts(body).map { Self.plot($0.rect) } }
    guard topLayer == .main else { return [] }
    return PanelLayout(model: self).places(in: body).filter(\.panel.isChart).flatMap {
      plots($0.panel, $0.rect)
    }
  }

  private var focusedPlot: Rect? {
    guard ScreenLayout.isLargeEnough(shell.size) else { return nil }
    if topLayer == .detail, let layer {
      let charts = pageCharts(ScreenLayout(shell.size).body)
      let place = charts.first { $0.panel == pageFocus(of: layer) } ?? charts.first
      return place.map { Self.plot($0.rect) }
    }
    let places = PanelLayout(model: self).places(in: ScreenLayout(shell.size).body)
    return places.first { $0.panel == focus }.flatMap { plots($0.panel, $0.rect).first }
  }

  private func plots(_ panel: PanelKind, _ rect: Rect) -> [Rect] {
    panel.description.charts(self, rect).map { $0.inset(left: Self.labelWidth + 2) }
  }

  private func pageCharts(_ body: Rect) -> [LayerPage.Place] {
    guard let layer else { return [] }
    return LayerPage(model: self, layer: layer).places(in: body).panels.filter(\.panel.isChart)
  }

  /// Of a panel of a layer's page.
  private static func plot(_ panel: Rect) -> Rect {
    Panel.interior(of: panel).inset(left: labelWidth + 2)
  }

  // MARK: Refusals

  /// Why a key for the charts has nothing to act on.
  func refusalToLook(_ action: KeyAction) -> String? {
    switch action {
    case .logScale:
      return canBeLogarithmic(focus) ? nil : "only for " + Self.logarithmicCharts
    case .axisUnit: return segment == nil ? "no run yet: nothing to count along the charts" : nil
    default: break
    }
    let steps = inSight
    let last = lastStep
    guard segment != nil, last > 1 else { return "no run yet: nothing to look at closer" }
    switch action {
    case .zoomIn:
      let isClosest = steps.upperBound - steps.lowerBound <= min(leastSpan, last)
      return isClosest ? "no closer: there are only a few records in sight" : nil
    case .zoomOut:
      return charts.zoom == nil && charts.window == .all ? "the whole run is in sight" : nil
    case .panBack:
      return steps.lowerBound > 0 ? nil : "this is where the run begins"
    default:
      return steps.upperBound < last ? nil : "this is the newest step"
    }
  }

  /// What can be on a logarithmic scale, in words: first what always can.
  private static let logarithmicCharts: String = {
    let scales = PanelKind.allCases.compactMap(\.description.logarithmicScale)
    let words =
      scales.filter { $0.condition == nil }.map(\.values)
      + scales.compactMap { $0.condition?.words }
    return words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }()
}
