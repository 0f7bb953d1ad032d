// Runs with every kind of sample at once, and with samples that a damaged or hostile log may hold.
import RunRecords

@testable import Dashboard

extension Tasks {
  /// Every kind of sample at once.
  static let everything: DashboardModel = {
    var model = Tasks.model(.forecast)
    let samples = [Story.sample, text] + (1...3).map(segments) + [confusions(), series()]
    model.feed(samples.map(Record.sample))
    model.press("8")
    return model
  }()

  /// Samples that a damaged or hostile log may hold.
  static let damaged: DashboardModel = {
    var model = Tasks.model(.language)
    let huge = SampleImage(
      width: 300, height: 2,
      planes: [
        .init("input", Array(repeating: .nan, count: 600)),
        .init("truth", (0..<600).map { Float($0) * 1e36 }),
        .init("prediction", Array(repeating: -.infinity, count: 600)),
      ], truthBox: .init(left: .nan, top: 0, right: 3, bottom: 1),
      predictionBox: .init(left: -1e38, top: -1e38, right: 1e38, bottom: .greatestFiniteMagnitude),
      classes: ["", "\u{1B}[31m", "漢字", "漢字"], label: .init(truth: "", prediction: "\u{9B}2J"))
    let contents: [SampleRecord.Content] = [
      .image(huge), .image(SampleImage(width: 0, height: 0, planes: [])),
      .image(SampleImage(width: 2, height: 0, planes: [.init("input", [])])),
      .image(SampleImage(width: 1, height: 1, planes: [.init("other", [7])])),
      .text("\u{1B}]0;title\u{7}\r\n\t漢字" + String(repeating: "\u{301}", count: 5000)),
      .text(String(repeating: "wide 漢字 and\tnarrow ", count: 3000)), .text(""), .text(" \n \n"),
      .series(truth: [], prediction: []), .series(truth: [.nan], prediction: [.infinity]),
      .series(
        truth: (0..<5000).map { Double($0 % 97) }, prediction: (0..<5000).map { Double($0 % 89) },
        unit: "\u{202E}m"),
      .series(
        truth: [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], prediction: [0, .nan],
        baseline: [1]),
      .confusion(classes: [], counts: []), .confusion(classes: ["one"], counts: [[.max]]),
      .confusion(classes: ["a", "漢字漢字漢字", "\u{1B}[2J"], counts: [[.min, .max], [.max]]),
      .confusion(
        classes: (0..<50).map { "class \($0)" },
        counts: Array(repeating: Array(repeating: 1, count: 50), count: 50)),
    ]
    model.feed(
      contents.enumerated().map { index, content in
        .sample(
          SampleRecord(step: .max, title: index == 0 ? "" : "\u{1B}[\(index)m", content: content))
      })
    model.press("7")
    return model
  }()
}
