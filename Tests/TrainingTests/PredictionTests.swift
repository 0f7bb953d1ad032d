// Predictions from files of weights alone: the same as the run's own, row for row.
import Basics
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct PredictionTests {
  /// Trains in a folder of these files and returns the file of weights, the files gone.
  private func trained(
    _ files: [String: [UInt8]], _ yaml: String, in folder: URL, checkpoint: Bool = false
  ) throws -> (weights: String, setup: RunSetup) {
    for (name, bytes) in files {
      try Data(bytes).write(to: folder.appendingPathComponent(name))
    }
    let experiment = try Experiment(
      JSONValue(yaml: yaml, name: "mine"), name: "mine", folder: folder)
    let path = folder.appendingPathComponent("mine.safetensors").path
    var options = RunOptions()
    if checkpoint {
      options.checkpoint = CheckpointOptions(path: path)
    } else {
      options.savedWeights = path
    }
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    if case .failed(let error) = run.outcome { throw error }
    let setup = try RunSetup(experiment, seed: experiment.seed)
    _ = try setup.learner.loadWeights(from: path)
    for name in files.keys {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
    return (path, setup)
  }

  /// What the run itself answers to its validation part.
  private func own(_ setup: RunSetup) -> [Float] {
    var outputs: [Float] = []
    _ = setup.learner.evaluate(setup.validation, into: &outputs)
    return outputs
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func probabilities(_ logits: ArraySlice<Float>) -> [Double] {
    let powers = logits.map { exp(Double($0)) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  private func expect(_ answer: Answer, _ logits: ArraySlice<Float>) {
    guard case .classes(let steps) = answer, steps.count == 1 else {
      Issue.record("expected a class, found \(answer)")
      return
    }
    for (left, right) in zip(steps[0], probabilities(logits)) { #expect(abs(left - right) < 1e-5) }
  }

  // MARK: Tables

  private static let header = "width,colour,day,kind"
  private static let rows = (0..<100).map { row -> String in
    let width = row % 9 == 0 ? "" : String(Double(row % 13) / 4)
    let colour = ["red", "green", "blue"][row % 3]
    let kind = row % 4 < 2 ? "yes" : "no"
    return "\(width),\(colour),2024-0\(row % 9 + 1)-10,\(kind)"
  }
  private static let yaml = """
    data: {csv: mine.csv, target: kind, missing: mean, date: day, split: last}
    model: [dense: {units: 8}, relu, batch_norm, dense: {units: 2}]
    loss: cross_entropy
    steps: 60
    """

  private func tableRows(
    _ predictor: Predictor, _ lines: [String], header: String = Self.header
  ) throws -> EncodedRows {
    let text = ([header] + lines).joined(separator: "\n") + "\n"
    return try predictor.rows(of: .bytes(bytes(text), name: "table"), name: "table")
  }

  @Test(arguments: [false, true])
  func `the rows of the validation part get the run's own answers`(checkpoint: Bool) throws {
    try inTemporaryFolder { folder in
      let table = ([Self.header] + Self.rows).joined(separator: "\n")
      let (weights, setup) = try trained(
        ["mine.csv": bytes(table)], Self.yaml, in: folder, checkpoint: checkpoint)
      let predictor = try Predictor(weights: weights)
      let last = Array(Self.rows.suffix(20))
      let rows = try tableRows(predictor, last)
      let answers = predictor.answers(rows)
      let outputs = own(setup)
      #expect(rows.inputs == setup.validation.inputs && rows.reasons.allSatisfy { $0 == nil })
      for (row, answer) in answers.enumerated() { expect(answer, outputs[2 * row..<2 * row + 2]) }
      // Beside the score of the run itself.
      let accuracy = try #require(setup.learner.evaluate(setup.validation).accuracy)
      guard case .accuracy(let right, 20, _)? = PredictionScore(rows, answers) else {
        Issue.record("no score")
        return
      }
      #expect(Double(right) / 20 == accuracy)
      // A row by itself is answered as among others.
      let one = try tableRows(predictor, [last[7]])
      guard case .classes(let alone) = try #require(predictor.answers(one).first),
        case .classes(let among) = answers[7]
      else { return }
      for (left, right) in zip(alone[0], among[0]) { #expect(abs(left - right) < 1e-6) }
    }
  }

  @Test func `columns go by their names, without a target there is no score`() throws {
    try inTemporaryFolder { folder in
      let table = ([Self.header] + Self.rows).joined(separator: "\n")
      let (weights, _) = try trained(["mine.csv": bytes(table)], Self.yaml, in: folder)
      let predictor = try Predictor(weights: weights)
      let plain = try tableRows(predictor, Self.rows)
      let other = Self.rows.map { row in
        let cells = row.split(separator: ",", omittingEmptySubsequences: false)
        return "x;\(cells[2]);\(cells[0]);\(cells[1])"
      }
      let rows = try tableRows(predictor, other, header: "note;day;width;colour")
      #expect(rows.inputs == plain.inputs)
      #expect(rows.truth == nil && PredictionScore(rows, predictor.answers(rows)) == nil)
      #expect(throws: ProgramError.self) {
        try tableRows(predictor, ["1,red"], header: "width,colour")
      }
    }
  }

  @Test func `a row that cannot be an input has a reason, the others answers`() throws {
    try inTemporaryFolder { folder in
      let table = ([Self.header] + Self.rows).joined(separator: "\n")
      let (weights, _) = try trained(["mine.csv": bytes(table)], Self.yaml, in: folder)
      let predictor = try Predictor(weights: weights)
      let rows = try tableRows(
        predictor,
        [
          "1,red,2024-01-10,yes", "1,violet,2024-01-10,yes", ",red,2024-01-10,no",
          "wide,red,2024-01-10,no", "1,red,soon,no", ",,,", "1,blue,2024-01-10,maybe", ",,,",
        ])
      #expect(
        rows.reasons == [
          nil, "column 'colour': 'violet' was not in the training data", nil,
          "column 'width': expected a number, found 'wide'",
          "column 'day': expected a date, found 'soon'", nil, nil, nil,
        ])
      #expect(rows.truth == .classes([1, 1, 0, 0, 0, nil, nil, nil]))
      #expect(predictor.answers(rows).count == 5 && rows.count == 5)
    }
  }

  @Test func `numbers come in their unit, and without fills a missing cell is a reason`() throws {
    try inTemporaryFolder { folder in
      let lines = (0..<80).map { "\(Double($0 % 17)),\(1000 + 3 * ($0 % 17))" }
      let (weights, setup) = try trained(
        ["mine.csv": bytes((["size,price"] + lines).joined(separator: "\n"))],
        """
        data: {csv: mine.csv, target: price, task: regression, split: last}
        model: [dense: {units: 8}, relu, dense: {units: 1}]
        loss: mse
        steps: 300
        """, in: folder)
      let predictor = try Predictor(weights: weights)
      let rows = try tableRows(predictor, Array(lines.suffix(16)) + [",5"], header: "size,price")
      #expect(rows.reasons.last == "column 'size': the cell is missing")
      guard case .regression(let scale) = setup.dataset.task else { return }
      let answers = predictor.answers(rows)
      for (output, answer) in zip(own(setup), answers) {
        guard case .numbers(let numbers) = answer else { continue }
        #expect(abs(numbers[0] - scale.value(output: output)) < 1e-3)
      }
      guard case .error(let error, 16, _)? = PredictionScore(rows, answers) else {
        Issue.record("no score")
        return
      }
      #expect(abs(error - scale.rmse(outputs: own(setup))) < 1e-3)
    }
  }

  // MARK: Series

  @Test(arguments: ["none", "difference", "log_difference"])
  func `a series is forecast from each row, from new to old too`(transform: String) throws {
    try inTemporaryFolder { folder in
      let values = (0..<90).map { 100 + 10 * sin(Double($0) / 3) }
      func day(_ row: Int) -> String {
        let day = row % 28 + 1
        return "2024-0\(row / 28 + 1)-" + (day < 10 ? "0\(day)" : "\(day)")
      }
      let lines = values.enumerated().map { "\(day($0)),\($1)" }
      let (weights, setup) = try trained(
        ["mine.csv": bytes((["day,sales"] + lines).joined(separator: "\n"))],
        """
        data:
          {csv: mine.csv, column: sales, task: forecast, window: 6, horizon: 2, transform: \(transform)}
        model: [rnn: {hidden: 6}, dense: {units: 1}]
        loss: mse
        steps: 40
        """, in: folder)
      let predictor = try Predictor(weights: weights)
      let rows = try tableRows(predictor, lines, header: "day,sales")
      let first = transform == "none" ? 5 : 6
      #expect(
        rows.reasons.prefix(first + 1).map { $0 == nil }
          == Array(repeating: false, count: first) + [true])
      #expect(rows.reasons[0] == "expected \(first) earlier rows for its window, found 0")
      guard case .forecast(let forecast) = setup.dataset.task else { return }
      let answers = predictor.answers(rows).map { answer -> Double in
        if case .numbers(let numbers) = answer { numbers[0] } else { .nan }
      }
      // The last rows forecast what has not come yet; before them lies the validation part.
      let own = own(setup)
      let measured = answers.dropLast(2).suffix(own.count)
      for (place, (output, answer)) in zip(own, measured).enumerated() {
        #expect(abs(answer - forecast.value(output: output, example: place)) < 1e-3)
      }
      let reversed = try tableRows(predictor, lines.reversed(), header: "day,sales")
      #expect(reversed.reasons == rows.reasons.reversed())
      let back = predictor.answers(reversed).map { answer -> Double in
        if case .numbers(let numbers) = answer { numbers[0] } else { .nan }
      }
      for (left, right) in zip(back, answers.reversed()) { #expect(abs(left - right) < 1e-3) }
    }
  }

  @Test func `a gap in a series leaves the rows without a window empty`() throws {
    try inTemporaryFolder { folder in
      let lines = (0..<60).map { "\(100 + $0 % 7)" }
      let (weights, _) = try trained(
        ["mine.csv": bytes((["sales"] + lines).joined(separator: "\n"))],
        """
        data: {csv: mine.csv, column: sales, task: forecast, window: 3}
        model: [rnn: {hidden: 4}, dense: {units: 1}]
        loss: mse
        steps: 10
        """, in: folder)
      let rows = try tableRows(
        try Predictor(weights: weights), ["1", "2", "3", "NA", "5", "6", "7", "8"], header: "sales")
      #expect(rows.reasons[2] == nil && rows.reasons[6] == nil)
      #expect(rows.reasons[3] == "column 'sales': the cell is missing")
      #expect(rows.reasons[5] == "a cell of column 'sales' in its window is missing")
    }
  }

  // MARK: Arrays and images

  /// Pictures of 6 x 6 bytes, bright above or below.
  private static let pictures: [UInt8] = (0..<60).flatMap { image in
    (0..<36).map { pixel -> UInt8 in
      let isBright = (pixel < 18) == (image % 2 == 0)
      return isBright ? UInt8(200 + image % 40) : UInt8(10 + pixel)
    }
  }

  private func idx(_ shape: [Int], _ values: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, 8, UInt8(shape.count)]
    for size in shape { bytes += [0, 0, 0, UInt8(size)] as [UInt8] }
    return bytes + values
  }

  private func npy(_ type: String, _ shape: [Int], _ values: [UInt8]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8)
    bytes += [1, 0, UInt8(header.utf8.count), 0] as [UInt8]
    return bytes + Array(header.utf8) + values
  }

  @Test(arguments: [false, true])
  func `images come from IDX and NPY files`(standardize: Bool) throws {
    try inTemporaryFolder { folder in
      let labels = (0..<60).map { UInt8($0 % 2) }
      let (weights, setup) = try trained(
        [
          "train-images-idx3-ubyte": idx([60, 6, 6], Self.pictures),
          "train-labels-idx1-ubyte": idx([60], labels),
        ],
        """
        data: {idx: ., split: last, standardize: \(standardize)}
        model: [flatten, dense: {units: 8}, relu, dense: {units: 2}]
        loss: cross_entropy
        steps: 40
        """, in: folder)
      let predictor = try Predictor(weights: weights)
      let measured = Array(Self.pictures.suffix(12 * 36))
      let files: [String: [UInt8]] = [
        "new.idx": idx([12, 6, 6], measured), "new.npy": npy("|u1", [12, 1, 6, 6], measured),
        "labels.idx": idx([12], Array(labels.suffix(12))),
        "labels.npy": npy("|u1", [12], Array(labels.suffix(12))),
      ]
      for (name, bytes) in files {
        try Data(bytes).write(to: folder.appendingPathComponent(name))
      }
      let outputs = own(setup)
      for ending in ["idx", "npy"] {
        let rows = try predictor.rows(
          of: folder.appendingPathComponent("new.\(ending)"),
          targets: folder.appendingPathComponent("labels.\(ending)"))
        let answers = predictor.answers(rows)
        #expect(answers.count == 12)
        for (row, answer) in answers.enumerated() { expect(answer, outputs[2 * row..<2 * row + 2]) }
        let accuracy = setup.learner.evaluate(setup.validation).accuracy
        guard case .accuracy(let right, 12, 6)? = PredictionScore(rows, answers) else {
          Issue.record("no score")
          return
        }
        #expect(accuracy == Double(right) / 12)
      }
      #expect(throws: ProgramError.self) {
        try predictor.rows(of: folder.appendingPathComponent("labels.npy"), targets: nil)
      }
    }
  }

  // MARK: Files

  @Test func `the metadata is text that others read, the tensors are as they were`() throws {
    try inTemporaryFolder { folder in
      let table = ([Self.header] + Self.rows).joined(separator: "\n")
      let (weights, setup) = try trained(["mine.csv": bytes(table)], Self.yaml, in: folder)
      let file = try SafetensorsFile(contentsOf: weights)
      #expect(file.metadata["format"] == "pt")
      #expect(file.tensors.map(\.name) == setup.learner.tensors.map(\.name))
      let text = try #require(file.metadata["maxnorm_data"])
      let data = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
      #expect(data["input_shape"] == .list([.integer(5)]))
      guard case .list(let columns)? = data["input"]?["table"]?["columns"] else {
        Issue.record("no columns")
        return
      }
      #expect(columns.map { $0["name"]?.string } == ["width", "colour", "day"])
      #expect(columns.map { $0["kind"]?.string } == ["number", "categories", "date"])
      #expect(columns[1]["categories"] == .list([.text("blue"), .text("green"), .text("red")]))
      #expect(data["output"]?["classes"] == .list([.text("no"), .text("yes")]))
    }
  }

  @Test func `weights without a description, and descriptions that were altered, are refused`()
    throws
  {
    try inTemporaryFolder { folder in
      let table = ([Self.header] + Self.rows).joined(separator: "\n")
      let (weights, _) = try trained(["mine.csv": bytes(table)], Self.yaml, in: folder)
      var file = try SafetensorsFile(contentsOf: weights)
      let text = try #require(file.metadata["maxnorm_data"])
      for altered in [
        nil, "{}", text.replacing("\"input_shape\":[5]", with: "\"input_shape\":[-5]"),
        text.replacing("\"input_shape\":[5]", with: "\"input_shape\":[6]"),
        text.replacing("\"version\":1", with: "\"version\":2"),
        text.replacing("[\"blue\",\"green\",\"red\"]", with: "[\"blue\"]"),
        text.replacing("\"classes\":[\"no\",\"yes\"]", with: "\"classes\":[\"no\"]"),
      ] {
        #expect(altered != text)
        file.metadata["maxnorm_data"] = altered
        try file.write(to: weights)
        #expect(throws: ProgramError.self) { try Predictor(weights: weights) }
      }
    }
  }
}
