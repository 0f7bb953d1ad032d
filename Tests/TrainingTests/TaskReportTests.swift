// The results of an evaluation for each kind of task: figures against plain loops, and samples.
import Basics
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Training

@Suite struct TaskReportTests {
  private func setup(_ yaml: String) throws -> RunSetup {
    let experiment = try Experiment(
      JSONValue(yaml: yaml, name: "task"), name: "task", folder: URL(fileURLWithPath: "/"))
    return try RunSetup(experiment, seed: 1)
  }

  private func value(_ name: String, _ report: TaskReport) throws -> Double {
    Double(try #require(report.metrics.first { $0.name == name }).value)
  }

  @Test func `a segmentation reports the mean overlap of its classes`() throws {
    let setup = try setup(
      """
      data: {source: shapes, size: 24, train: 4, validation: 12}
      model: [conv2d: {channels: 4, kernel: 3, padding: same}]
      loss: cross_entropy
      """)
    let (_, report) = setup.measure(seed: 1, step: 0)
    guard case .classes(let labels, let classes, let pixels) = setup.validation.targets else {
      return #expect(Bool(false))
    }
    let outputs = setup.learner.predict(setup.validation.inputs, count: 12)
    func decision(_ row: Int, _ pixel: Int) -> Int {
      let logits = (0..<classes).map { outputs[(row * classes + $0) * pixels + pixel] }
      return logits.firstIndex(of: logits.max() ?? 0) ?? 0
    }
    var overlaps: [Double] = []
    for index in 0..<classes {
      var (both, either) = (0, 0)
      for row in 0..<12 {
        for pixel in 0..<pixels {
          let isTruth = labels[row * pixels + pixel] == Int32(index)
          let isAnswer = decision(row, pixel) == index
          if isTruth && isAnswer { both += 1 }
          if isTruth || isAnswer { either += 1 }
        }
      }
      if either > 0 { overlaps.append(Double(both) / Double(either)) }
    }
    let mean = overlaps.reduce(0, +) / Double(overlaps.count)
    #expect(abs(try value("validation_mean_iou", report) - mean) < 1e-6)
    #expect(report.samples.count == 6)
    guard case .image(let image) = report.samples[1].content else {
      return #expect(Bool(false))
    }
    #expect(image.width == 24 && image.classes.count == 4)
    #expect(image.plane("prediction") == (0..<pixels).map { Float(decision(1, $0)) })
    #expect(image.plane("truth") == labels[pixels..<2 * pixels].map(Float.init))
  }

  /// Answers that are coarser than the pictures have no masks to show, and still their overlap.
  @Test func `a mask coarser than the picture is only measured`() throws {
    let folder = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(npy("<f4", [3, 1, 4, 4], Data(count: 3 * 16 * 4)))
      .write(to: URL(fileURLWithPath: folder + "/x.npy"))
    try Data(npy("<i4", [3, 2, 2], Data((0..<12).flatMap { [UInt8($0 % 3), 0, 0, 0] })))
      .write(to: URL(fileURLWithPath: folder + "/y.npy"))
    let setup = try setup(
      """
      data: {npy: {inputs: \(folder)/x.npy, targets: \(folder)/y.npy}, validation: 0}
      model: [conv2d: {channels: 3, kernel: 2, stride: 2}]
      loss: cross_entropy
      """)
    let (evaluation, report) = setup.measure(seed: 1, step: 0)
    #expect(evaluation.count == 3)
    #expect(!report.samples.contains { if case .image = $0.content { true } else { false } })
  }

  /// A NumPy file of version 1.
  private func npy(_ type: String, _ shape: [Int], _ data: Data) -> Data {
    let header =
      "{'descr': '\(type)', 'fortran_order': False, "
      + "'shape': (\(shape.map(String.init).joined(separator: ", "))), }\n"
    return Data([0x93]) + Data("NUMPY".utf8)
      + Data([1, 0, UInt8(header.utf8.count % 256), UInt8(header.utf8.count / 256)])
      + Data(header.utf8) + data
  }

  @Test func `a detection reports the mean overlap of its boxes`() throws {
    let setup = try setup(
      """
      data: {source: shapes, task: detection, size: 24, train: 4, validation: 20}
      model: [dense: {units: 7}]
      loss: class_and_box
      """)
    let (evaluation, report) = setup.measure(seed: 1, step: 0)
    guard case .classesAndBoxes(let labels, let boxes, _) = setup.validation.targets else {
      return #expect(Bool(false))
    }
    let outputs = setup.learner.predict(setup.validation.inputs, count: 20).map(Double.init)
    var total = 0.0
    var hits = 0
    for row in 0..<20 {
      let logits = Array(outputs[row * 7..<row * 7 + 3])
      if logits.firstIndex(of: logits.max() ?? 0) == Int(labels[row]) { hits += 1 }
      let a = boxes[4 * row..<4 * row + 4].map(Double.init)
      let b = Array(outputs[row * 7 + 3..<row * 7 + 7])
      let width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
      let height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
      let areas = [a, b].map { max(0, $0[2] - $0[0]) * max(0, $0[3] - $0[1]) }
      let both = width * height
      if both > 0 { total += both / (areas[0] + areas[1] - both) }
    }
    #expect(abs(try value("validation_box_iou", report) - total / 20) < 1e-6)
    #expect(evaluation.accuracy == Double(hits) / 20)
    guard case .image(let image) = report.samples[0].content else {
      return #expect(Bool(false))
    }
    #expect(image.label != nil)
    #expect(
      image.truthBox
        == .init(
          left: boxes[0] * 24, top: boxes[1] * 24, right: boxes[2] * 24, bottom: boxes[3] * 24))
  }

  @Test func `a classification counts how often each class was taken for each other`() throws {
    let setup = try setup(
      """
      data: {source: digits, image: true, train: 50}
      model: [dense: {units: 10}]
      loss: cross_entropy
      """)
    let (evaluation, report) = setup.measure(seed: 1, step: 0)
    guard case .confusion(let classes, let counts) = report.samples.first?.content,
      case .classes(let labels, _, _) = setup.validation.targets
    else { return #expect(Bool(false)) }
    #expect(classes.count == 10 && counts.flatMap { $0 }.reduce(0, +) == labels.count)
    let right = (0..<10).reduce(0) { $0 + counts[$1][$1] }
    #expect(evaluation.accuracy == Double(right) / Double(labels.count))
    for index in 0..<10 {
      #expect(counts[index].reduce(0, +) == labels.count { $0 == Int32(index) })
    }
    #expect(report.samples.count == 7)
  }

  @Test func `a forecast stands beside the naive ones`() throws {
    let setup = try setup(
      """
      data: {source: airline}
      model: [rnn: {hidden: 4}, dense: {units: 1}]
      loss: mse
      """)
    let (_, report) = setup.measure(seed: 1, step: 0)
    guard case .forecast(let forecast) = setup.dataset.task,
      case .series(let truth, let prediction, let baseline, _) = report.samples.first?.content
    else { return #expect(Bool(false)) }
    let outputs = setup.learner.predict(
      setup.validation.inputs, count: setup.validation.count)
    let values = outputs.indices.map { forecast.value(output: outputs[$0], example: $0) }
    #expect(abs(try value("validation_rmse", report) - forecast.rmse(values)) < 1e-3)
    #expect(abs(try value("last_value_rmse", report) - forecast.lastValueRMSE) < 1e-3)
    #expect(try value("seasonal_rmse", report) > 0)
    #expect(truth.count == prediction.count && truth.count == baseline?.count)
    // A year before is nearer than the last month's value here.
    #expect(baseline == forecast.seasonal)
    #expect(zip(prediction, values).allSatisfy { abs($0 - $1) <= abs($1) * 1e-4 })
  }

  @Test func `a regression stands beside the mean`() throws {
    let setup = try setup(
      "data: {source: diabetes}\nmodel: [dense: {units: 1}]\nloss: mse")
    let (evaluation, report) = setup.measure(seed: 1, step: 0)
    guard case .regression(let scale) = setup.dataset.task else { return #expect(Bool(false)) }
    let rmse = evaluation.loss.squareRoot() * scale.deviations[0]
    #expect(abs(try value("validation_rmse", report) - rmse) < 1e-3 * rmse)
    #expect(abs(try value("baseline_rmse", report) - scale.baselineRMSE) < 1e-3)
  }

  @Test func `a language model continues the validation text`() throws {
    let setup = try setup(
      """
      data: {source: kjv, window: 20}
      model: [embedding: {vocabulary: 63, size: 4}, gru: {hidden: 4, return: sequence}, dense: {units: 63}]
      loss: cross_entropy
      """)
    let (evaluation, report) = setup.measure(seed: 1, step: 3)
    #expect(abs(try value("validation_perplexity", report) - exp(evaluation.loss)) < 1e-3)
    guard case .language(let alphabet) = setup.dataset.task,
      case .text(let text) = report.samples.first?.content
    else { return #expect(Bool(false)) }
    let start = alphabet.decode(setup.dataset.validation.inputs.prefix(20).map { Int32($0) })
    #expect(text.hasPrefix(start) && text.unicodeScalars.count == 420)
    guard case .text(let again) = setup.measure(seed: 1, step: 3).1.samples.first?.content else {
      return #expect(Bool(false))
    }
    #expect(again == text)
  }

  @Test func `a translation counts exact answers`() throws {
    let setup = try setup(
      """
      data: {source: dates, train: 20, validation: 30}
      model:
        - encoder: [embedding: {vocabulary: 64, size: 4}, lstm: {hidden: 6}]
        - decoder:
            - embedding: {vocabulary: 12, size: 4}
            - lstm: {hidden: 6, return: sequence}
            - dense: {units: 12}
      loss: cross_entropy
      """)
    let (_, report) = setup.measure(seed: 1, step: 0)
    guard case .classes(let labels, _, let length) = setup.validation.targets else {
      return #expect(Bool(false))
    }
    let answers = setup.learner.decode(setup.validation)
    let exact = (0..<30).count { row in
      answers[row * length..<(row + 1) * length] == labels[row * length..<(row + 1) * length]
    }
    #expect(try value("validation_exact_match", report) == Double(Float(Double(exact) / 30)))
    let right = zip(answers, labels).count { $0 == $1 }
    let share = Double(right) / Double(labels.count)
    #expect(abs(try value("validation_character_accuracy", report) - share) < 1e-6)
    guard case .table(let columns, let rows) = report.samples.first?.content else {
      return #expect(Bool(false))
    }
    #expect(columns == ["source", "answer", "truth"] && rows.count == 12)
  }
}
