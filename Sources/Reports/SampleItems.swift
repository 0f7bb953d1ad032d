// What the task had to show last: tables, texts, series, confusions, pictures.
import Comparisons
import RunHistory
import PlainText
import RunRecords

/// The last samples of a run as items of its report.
struct SampleItems {
  let segment: RunSegment

  private static let mostRows = 30
  private static let mostCharacters = 4000
  private static let mostValues = 700
  private static let mostPictures = 8

  var items: [Report.Item] {
    var items: [Report.Item] = []
    var pictures: [(title: String, image: SampleImage)] = []
    for sample in segment.samples {
      switch sample.content {
      case .table(let columns, let rows): items += table(sample.title, columns, rows)
      case .text(let text): items.append(.text(name: sample.title, text: Self.short(text)))
      case .series(let truth, let prediction, let baseline, let unit):
        items += series(sample.title, truth, prediction, baseline, unit).map { [.figure($0)] } ?? []
      case .confusion(let classes, let counts): items += confusion(sample.title, classes, counts)
      case .image(let image): pictures.append((sample.title, image))
      }
    }
    let charts = pictures.prefix(Self.mostPictures).compactMap { title, image in
      ImageChart(title: title, image: image)
    }
    // What the colours and lines mean is said once.
    return items
      + charts.enumerated().map { index, chart in
        .figure(
          Figure(
            drawing: chart, isWide: false, height: ImageChart.height,
            caption: index == 0 ? chart.key : "", isMain: false))
      }
  }

  // MARK: Words

  private func table(_ title: String, _ columns: [String], _ rows: [[JSONValue]]) -> [Report.Item] {
    guard !columns.isEmpty, !rows.isEmpty else { return [] }
    let cells = rows.prefix(Self.mostRows).map { row in
      columns.indices.map { $0 < row.count ? Self.cell(row[$0]) : "" }
    }
    let more = rows.count - cells.count
    return [.paragraph(title), .table(TextTable(header: columns, rows: Array(cells)))]
      + (more > 0 ? [.paragraph("and \(more) rows more")] : [])
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .text(let text): text
    case .number(let number): Wording.short(Float(number))
    case .null: ""
    default: value.json
    }
  }

  private static func short(_ text: String) -> String {
    text.count > mostCharacters ? text.prefix(mostCharacters) + "…" : text
  }

  /// The truth down, what it was taken for across.
  private func confusion(
    _ title: String, _ classes: [String], _ counts: [[Int]]
  ) -> [Report.Item] {
    guard !classes.isEmpty, classes.count <= Self.mostRows else { return [] }
    let rows = zip(classes, counts).map { name, row in
      [name] + row.map { NumberText.grouped($0) }
    }
    return [
      .paragraph("\(title): the true class down, the predicted one across"),
      .table(TextTable(header: [""] + classes, rows: rows)),
    ]
  }

  // MARK: Series

  private func series(
    _ title: String, _ truth: [Double], _ prediction: [Double], _ baseline: [Double]?,
    _ unit: String?
  ) -> Figure? {
    // The end of a long one: all of it would be a band of ink.
    let first = max(0, truth.count - Self.mostValues)
    func values(_ series: [Double]) -> RunCharts.Values {
      series.enumerated().dropFirst(first).map { index, value in
        (Double(index), value.isFinite ? value : nil)
      }
    }
    var curves: [Chart.Curve] = [
      .init(name: "truth", pen: Pen(ink: .series(0), width: 1.2), values: values(truth)),
      .init(
        name: "prediction", pen: Pen(ink: .series(2), dash: .short), values: values(prediction)),
    ]
    if let baseline {
      curves.append(
        .init(
          name: "without learning", pen: Pen(ink: .series(1), dash: .dotted, width: 1.2),
          values: values(baseline)))
    }
    guard truth.count > 1, curves.contains(where: { $0.values.contains { $0.y != nil } }) else {
      return nil
    }
    let name = title.isEmpty ? "Truth and prediction" : title
    let chart = Chart(
      title: name.capitalizedFirst, summary: "\(name): truth and prediction over time.",
      x: Axis("time step", AxisScale(Double(first), Double(truth.count - 1))),
      y: Axis(unit ?? "value", RunCharts.scale(curves.map(\.values))), curves: curves)
    return Figure(drawing: chart, height: 280, isMain: false)
  }
}
