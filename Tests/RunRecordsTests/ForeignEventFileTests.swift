// Event files of TensorBoard, read into records.
import Basics
import Foundation
import TestSupport
import Testing

@testable import RunRecords

@Suite struct ForeignEventFileTests: ForeignLogSuite {
  @Test func `an event file of PyTorch gives losses, norms, texts and hyperparameters`() throws {
    let records = try records("events.out.tfevents.1.host", fixture("torch.tfevents.bin"))
    let header = try header(records)
    #expect(header.layers.map(\.name) == ["fc1"] && header.layers[0].units == 4)
    #expect(
      header.experiment
        == .fields([
          .init("lr", .number(0.1)), .init("nesterov", .integer(1)),
          .init("optimizer", .text("adam")),
        ]))
    #expect(steps(records).map(\.step) == [0, 10, 20, 30, 40])
    #expect(steps(records)[1].loss == 2 / Float(11) && steps(records)[1].elapsed == 10)
    // A tensor of the new style.
    #expect(steps(records)[4].learningRate == 0.1)
    #expect(evaluations(records).map(\.step) == [0, 20, 40])
    #expect(evaluations(records)[0].metrics.map(\.name) == ["validation_f1"])
    let norms = records.compactMap { if case .norms(let norms) = $0 { norms } else { nil } }
    #expect(norms.map(\.step) == [0, 20, 40] && norms[0].layers.map(\.name) == ["fc1"])
    #expect(norms[0].layers[0].norms.first == 0.5 && norms[0].layers[0].norms.last == 2)
    let texts = records.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
    #expect(texts.map(\.content) == [.text("a text of the run")])
  }

  /// What this program writes for TensorBoard it reads back.
  @Test func `an event file of our own gives its steps, evaluations and norms again`() throws {
    let header = RunHeader("digits") { $0.layers = [.init("fc1", maxNorm: 3) { $0.units = 3 }] }
    let step = StepRecord(10) {
      ($0.loss, $0.learningRate, $0.gradientNorm) = (0.5, 0.1, 2)
      $0.layers = [.init("fc1", maxNorm: 3) { ($0.normMin, $0.normMedian, $0.normMax) = (1, 2, 3) }]
    }
    let evaluation = EvaluationRecord(10) {
      ($0.trainLoss, $0.validationLoss, $0.validationAccuracy) = (0.4, 0.6, 0.9)
    }
    let norms = NormsRecord(step: 10, layers: [.init(name: "fc1", norms: [1, 2, 3])])
    let writer = EventFileRecords(header)
    var bytes = writer.start(restartStep: 0, wallTime: 1)
    for record: Record in [.step(step), .evaluation(evaluation), .norms(norms)] {
      bytes += writer.bytes(for: record, wallTime: 2)
    }
    let records = try records("events.out.tfevents.1.host", bytes)
    let read = try #require(steps(records).first)
    #expect(read.loss == 0.5 && read.learningRate == 0.1 && read.gradientNorm == 2)
    #expect(read.layers.first?.normMin == 1 && read.layers.first?.normMax == 3)
    #expect(read.layers.first?.maxNorm == 3)
    let evaluated = try #require(evaluations(records).first)
    #expect(evaluated.trainLoss == 0.4 && evaluated.validationLoss == 0.6)
    #expect(evaluated.validationAccuracy == 0.9)
    let layers = records.compactMap { if case .norms(let norms) = $0 { norms.layers } else { nil } }
    #expect(layers.first?.first?.name == "fc1" && layers.first?.first?.norms.count == 3)
    #expect(layers.first?.first?.norms.first == 1 && layers.first?.first?.norms.last == 3)
  }

  @Test func `an event file that is cut or damaged gives what stands before, and says so`() throws {
    let whole = fixture("torch.tfevents.bin")
    let name = "events.out.tfevents.1.host"
    let cut = try records(name, Array(whole.prefix(1200)))
    #expect(try header(cut).notes.contains { $0.contains("cut at byte") })
    #expect(!steps(cut).isEmpty)
    var damaged = whole
    damaged[700] ^= 0xff
    #expect(try header(records(name, damaged)).notes.contains { $0.contains("damaged at byte") })
    #expect(throws: ProgramError.self) { try records(name, Array("no event file".utf8)) }
    // A length that asks for everything.
    #expect(throws: ProgramError.self) { try records(name, [UInt8](repeating: 0xff, count: 64)) }
  }

  @Test
  func `a folder of event files is one run, train and validation in folders of their own too`()
    throws
  {
    let file = fixture("torch.tfevents.bin")
    let files = [
      "run/train/events.out.tfevents.1": file, "run/validation/events.out.tfevents.1": file,
    ]
    try inTemporaryFolder(files) { folder in
      let path = folder.appendingPathComponent("run").path
      let records = try RecordFile.records(at: path, .lenient)
      #expect(!evaluations(records).isEmpty && !steps(records).isEmpty)
      #expect(try header(records).name == "run")
    }
  }

  @Test func `what add_hparams puts into a folder of its own belongs to the run above`() throws {
    let writer = EventFileRecords(RunHeader("own"))
    let own = writer.bytes(for: .step(StepRecord(5) { $0.loss = 3 }), wallTime: 1)
    let files = [
      "runs/a/events.out.tfevents.1": writer.start(restartStep: 0, wallTime: 1) + own,
      "runs/a/1701365000.125/events.out.tfevents.2": fixture("torch.tfevents.bin"),
      "runs/1701365001.5/events.out.tfevents.3": fixture("torch.tfevents.bin"),
    ]
    try inTemporaryFolder(files) { folder in
      let runs = folder.appendingPathComponent("runs")
      let records = try RecordFile.records(
        at: runs.appendingPathComponent("a").path, .lenient)
      #expect(try header(records).experiment["optimizer"]?.string == "adam")
      #expect(steps(records).contains { $0.step == 5 && $0.loss == 3 })
      // A folder of that name without a run above it is a run.
      let alone = try RecordFile.records(
        at: runs.appendingPathComponent("1701365001.5").path, .lenient)
      #expect(try header(alone).name == "1701365001.5")
    }
  }

  @Test(arguments: [
    ("fc1.weight", "fc1"), ("dense/kernel_0", "dense.kernel_0"), ("fc1.weight.grad", nil),
    ("weights/encoder/0", "encoder.0"), ("weight", "weight"),
    ("norms/fc1", nil), ("activations/relu", nil), ("weight_norm/fc1", nil), ("fc1.bias", nil),
  ])
  func `a histogram is one of weights where its tag says so`(tag: String, name: String?) {
    #expect(HistogramNorms.weights(of: tag) == name)
  }

  @Test func `a histogram of weights is put into parts of equal width, all weights counted`() throws
  {
    let histogram = try #require(
      HistogramNorms(rows: [-1, -0.5, 10, -0.5, 0, 30, 0, 1, 24])?.weights)
    #expect(histogram.low == -1 && histogram.high == 1 && histogram.counts.count == 64)
    #expect(histogram.counts.reduce(0, +) == 64 && histogram.counts[..<16].reduce(0, +) == 10)
    #expect(histogram.counts[16..<32].reduce(0, +) > histogram.counts[..<16].reduce(0, +))
    let one = try #require(HistogramNorms(rows: [2, 2, 7])?.weights)
    #expect(one.counts == [7] && one.low == 2 && one.high == 2)
  }
}
