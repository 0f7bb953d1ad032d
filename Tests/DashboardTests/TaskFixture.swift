// Runs of every kind of task, with the samples that their records would carry.
import Foundation
import RunRecords
import TerminalUI

@testable import Dashboard

/// Small tasks, the same every time.
enum Tasks: CaseIterable {
  case segmentation, detection, classification, language, forecast

  static var all: [Tasks] { allCases }

  // MARK: Samples

  /// A little up and down that is the same every time.
  private static func noise(_ seed: Int) -> Float { Float(seed * 7919 % 101) / 100 - 0.5 }

  /// A disc and a square on 16x16 pixels, and the prediction one pixel off.
  static func segments(_ number: Int) -> SampleRecord {
    let side = 16
    func classes(shift: Int) -> [Float] {
      (0..<side * side).map { index in
        let (row, column) = ((index / side) - number % 3, index % side - shift)
        if (row - 5) * (row - 5) + (column - 5) * (column - 5) <= 12 { return 1 }
        return (8...12).contains(row) && (9...13).contains(column) ? 2 : 0
      }
    }
    let truth = classes(shift: 0)
    return SampleRecord(
      step: 600, title: "validation \(number)",
      content: .image(
        SampleImage(
          width: side, height: side,
          planes: [
            .init("input", truth.enumerated().map { 0.2 + $1 * 0.3 + noise($0) * 0.1 }),
            .init("truth", truth), .init("prediction", classes(shift: 1)),
          ], classes: ["background", "disc", "square"])))
  }

  static func boxed(_ number: Int) -> SampleRecord {
    let left = Float(4 + number % 3)
    let input = (0..<32 * 32).map { index -> Float in
      let (row, column) = (Float(index / 32), Float(index % 32))
      return (10..<20).contains(row) && (left..<left + 12).contains(column) ? 0.9 : 0.1
    }
    let isRight = number != 2
    return SampleRecord(
      step: 600, title: "picture \(number)",
      content: .image(
        SampleImage(
          width: 32, height: 32, planes: [.init("input", input)],
          truthBox: .init(left: left, top: 10, right: left + 12, bottom: 20),
          predictionBox: .init(left: left - 2, top: 8, right: left + 14, bottom: 25),
          label: .init(truth: "square", prediction: isRight ? "square" : "triangle"))))
  }

  static func coloured(_ number: Int) -> SampleRecord {
    let plane = { (seed: Int) in (0..<12 * 12).map { Float($0 / 12 * seed % 12) / 11 } }
    return SampleRecord(
      step: 600, title: "validation \(number)",
      content: .image(
        SampleImage(
          width: 12, height: 12,
          planes: [
            .init("red", plane(number)), .init("green", plane(3)), .init("blue", plane(5)),
          ],
          label: .init(truth: "T-shirt", prediction: number == 3 ? "shirt" : "T-shirt"))))
  }

  static let clothes = ["T-shirt", "trouser", "pullover", "dress", "coat", "shirt"]

  static func confusions(_ classes: [String] = clothes) -> SampleRecord {
    let counts = classes.indices.map { truth in
      classes.indices.map { prediction in
        truth == prediction ? 80 + truth : (truth * 7 + prediction * 3) % 5 == 0 ? 14 - truth : 0
      }
    }
    return SampleRecord(
      step: 600, title: "validation", content: .confusion(classes: classes, counts: counts))
  }

  static let text = SampleRecord(
    step: 600, title: "generated",
    content: .text(
      """
      ROMEO:
      But, soft! what light through yonder window breaks?
      \tIt is the east, and Juliet is the sun.

      JULIET:
      O Romeo, Romeo! wherefore art thou Romeo? Deny thy father and refuse thy name; or, if thou \
      wilt not, be but sworn my love, and I'll no longer be a Capulet.
      """))

  static func series(count: Int = 60) -> SampleRecord {
    let truth = (0..<count).map { index -> Double in
      340 + Double(index) * 0.2 + 4 * sin(Double(index) / 4)
    }
    return SampleRecord(
      step: 600, title: "validation, one step ahead",
      content: .series(
        truth: truth, prediction: truth.enumerated().map { $1 + Double(noise($0)) * 2 },
        baseline: [truth.first ?? 0] + truth.dropLast(), unit: "ppm"))
  }

  /// Dates as people write them, and as a net and ISO 8601 do.
  static let translations = SampleRecord(
    step: 600, title: "translations",
    content: .table(
      columns: ["source", "answer", "truth"],
      rows: [
        ("22/01/1910 (UK)", "1910-02-11", "1910-01-22"),
        ("saturday, 20th of september 1947", "1947-09-20", "1947-09-20"),
        ("5th of april 1917", "1917-04-05", "1917-04-05"),
        ("19-may-2057", "2057-05-13", "2057-05-19"),
      ].map { [.text($0.0), .text($0.1), .text($0.2)] }))

  var samples: [SampleRecord] {
    switch self {
    case .segmentation: (1...6).map(Self.segments)
    case .detection: (1...4).map(Self.boxed)
    case .classification: (1...8).map(Self.coloured) + [Self.confusions()]
    case .language: [Self.text]
    case .forecast: [Self.series()]
    }
  }

  // MARK: Runs

  private typealias Kind = (name: String, kind: String, tensor: String, shape: [Int])

  private var layers: [Kind] {
    switch self {
    case .segmentation:
      [
        ("conv1", "conv2d", "weight", [64, 1, 3, 3]),
        ("up1", "conv_transpose2d", "weight", [32, 64, 2, 2]),
        ("head", "conv2d", "weight", [10, 32, 1, 1]),
      ]
    case .detection, .classification:
      [("conv1", "conv2d", "weight", [64, 3, 3, 3]), ("fc", "dense", "weight", [64, 1024])]
    case .language:
      [
        ("embedding", "embedding", "weight", [64, 32]),
        ("lstm.weight_ih_l0", "lstm", "weight_ih_l0", [64, 32]),
        ("lstm.weight_hh_l0_reverse", "lstm", "weight_hh_l0_reverse", [10, 16]),
      ]
    case .forecast:
      [
        ("gru.weight_ih_l0", "gru", "weight_ih_l0", [64, 1]),
        ("gru.weight_hh_l0", "gru", "weight_hh_l0", [64, 32]),
        ("out", "dense", "weight", [10, 32]),
      ]
    }
  }

  var metric: (name: String, goal: Goal) {
    switch self {
    case .segmentation: ("validation_mean_iou", .maximize)
    case .detection: ("validation_box_iou", .maximize)
    case .classification: ("validation_accuracy", .maximize)
    case .language: ("validation_perplexity", .minimize)
    case .forecast: ("validation_rmse", .minimize)
    }
  }

  private func metrics(_ step: Int) -> [Metric] {
    let progress = min(1, Float(step) / 1000)
    switch self {
    case .segmentation:
      return [
        .init(name: "validation_mean_iou", value: 0.3 + 0.4 * progress),
        .init(name: "validation_pixel_accuracy", value: 0.8 + 0.15 * progress),
      ]
    case .detection: return [.init(name: "validation_box_iou", value: 0.2 + 0.5 * progress)]
    case .classification: return []
    case .language: return [.init(name: "validation_perplexity", value: 30 - 20 * progress)]
    case .forecast:
      return [
        .init(name: "validation_rmse", value: 0.9 - 0.55 * progress),
        .init(name: "last_value_rmse", value: 0.38), .init(name: "seasonal_rmse", value: 0.412),
      ]
    }
  }

  private var header: RunHeader {
    var header = Story.header(names: layers.map(\.name), name: "\(self)", title: "A task")
    for (index, layer) in layers.enumerated() {
      header.layers[index].kind = layer.kind
      header.layers[index].tensor = layer.tensor
      header.layers[index].shape = layer.shape
    }
    (header.metric, header.goal) = metric
    if self == .language || self == .forecast, case .fields(let fields) = header.experiment {
      header.experiment = .fields(
        fields + [
          .init("gradient_clip", .fields([.init("norm", .number(2))])),
          .init("schedule", .fields([.init("name", .text("cosine"))])),
        ])
    }
    return header
  }

  /// The dashboard in the middle of the task, the constraint on.
  static func model(_ task: Tasks, to last: Int = 600) -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["dark", "light"])
    model.resize(120, 36)
    var records: [Record] = [.header(task.header)]
    for record in Story.records(to: last, names: task.layers.map(\.name)) {
      switch record {
      case .step(var step):
        // Gradients over decades, as recurrent nets have them.
        if task == .language {
          let factor: Float = step.step % 300 == 0 ? 40 : 0.2
          step.gradientNorm = step.gradientNorm.map { $0 * factor }
          step.gradientNormMax = step.gradientNormMax.map { $0 * factor }
        }
        records.append(.step(step))
      case .evaluation(var evaluation):
        evaluation.metrics = task.metrics(evaluation.step)
        if task != .classification {
          (evaluation.trainAccuracy, evaluation.validationAccuracy) = (nil, nil)
        }
        records.append(.evaluation(evaluation))
      default: records.append(record)
      }
    }
    model.feed(records + task.samples.map(Record.sample))
    return model
  }
}
