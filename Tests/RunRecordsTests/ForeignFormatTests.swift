// Logs of other programs' own formats, read into records; fixtures are files that those programs made.
import Basics
import CZlib
import Foundation
import TestSupport
import Testing

@testable import RunRecords

@Suite struct ForeignFormatTests {
  private func fixture(_ name: String) -> [UInt8] {
    let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")
    return (try? Data(contentsOf: url)).map(Array.init) ?? []
  }

  private func records(
    _ name: String, _ bytes: [UInt8], _ senses: FigureSenses = .standard
  ) throws -> [Record] {
    try inTemporaryFolder([name: bytes]) { folder in
      var file = try RecordFile(
        at: folder.appendingPathComponent(name).path, .lenient, senses: senses)
      var records: [Record] = []
      while let record = try file.next() { records.append(record) }
      return records
    }
  }

  private func header(_ records: [Record]) throws -> RunHeader {
    guard case .header(let header)? = records.first else { throw Missing() }
    return header
  }

  private func steps(_ records: [Record]) -> [StepRecord] {
    records.compactMap { if case .step(let step) = $0 { step } else { nil } }
  }

  private func evaluations(_ records: [Record]) -> [EvaluationRecord] {
    records.compactMap { if case .evaluation(let record) = $0 { record } else { nil } }
  }

  private struct Missing: Error {}

  // MARK: JSON lines

  @Test func `lines of figures are steps, and tags mean what they are called`() throws {
    let text = """
      {"step": 0, "train/loss": 2.0, "lr": 0.1, "epoch": 0, "_timestamp": 1700000000.0}
      {"step": 10, "train/loss": 1.0, "lr": 0.1, "eval/loss": 1.5, "eval/accuracy": 50.0, \
      "eval/f1": 0.4, "_timestamp": 1700000005.0}
      not json
      {"step": 20, "train/loss": NaN, "grad_norm": 3}

      """
    let records = try records("metrics.jsonl", Array(text.utf8))
    let (steps, evaluations) = (steps(records), evaluations(records))
    #expect(steps.map(\.step) == [0, 10, 20])
    #expect(steps[0].loss == 2 && steps[0].learningRate == 0.1 && steps[0].epoch == 1)
    #expect(steps[1].elapsed == 5 && steps[1].steps == 10)
    #expect(steps[2].loss?.isNaN == true && steps[2].gradientNorm == 3)
    #expect(evaluations.count == 1 && evaluations[0].validationLoss == 1.5)
    // In per cent, as some write it.
    #expect(evaluations[0].validationAccuracy == 0.5)
    #expect(evaluations[0].metrics == [Metric(name: "validation_f1", value: 0.4)])
    let header = try header(records)
    #expect(header.metric == "validation_accuracy" && header.goal == .maximize)
    #expect(header.notes == ["1 line is no JSON object with figures"])
  }

  @Test func `a map decides where names say something else`() throws {
    let text = #"{"step": 1, "loss": 3.0, "objective": 0.5}"# + "\n"
    let senses = try FigureSenses(["loss=objective"])
    let step = try #require(steps(try records("a.jsonl", Array(text.utf8), senses)).first)
    #expect(step.loss == 0.5 && step.metrics == [Metric(name: "loss", value: 3)])
    #expect(throws: ProgramError.self) { try FigureSenses(["cost=objective"]) }
    #expect(throws: ProgramError.self) { try FigureSenses(["loss"]) }
  }

  @Test func `rows without a step are counted, by their epochs where they have them`() throws {
    let plain = #"{"loss": 3.0}"# + "\n" + #"{"loss": 2.0}"# + "\n"
    #expect(steps(try records("a.jsonl", Array(plain.utf8))).map(\.step) == [1, 2])
    // The last line may lack its end, but not be torn.
    let open = #"{"loss": 3.0}"# + "\n" + #"{"loss": 2.0}"#
    #expect(steps(try records("a.jsonl", Array(open.utf8))).map(\.loss) == [3, 2])
    #expect(steps(try records("a.jsonl", Array(open.utf8.dropLast(2)))).map(\.loss) == [3])
    let epochs = #"{"epoch": 1, "loss": 3.0}"# + "\n" + #"{"epoch": 2, "loss": 2.0}"# + "\n"
    let read = steps(try records("a.jsonl", Array(epochs.utf8)))
    #expect(read.map(\.step) == [1, 2] && read.map(\.epoch) == [1, 2])
  }

  @Test func `records stay records, whatever else stands between them`() throws {
    let text = "noise\n" + #"{"type":"step","step":1,"loss":2}"# + "\n"
    #expect(steps(try records("a.jsonl", Array(text.utf8))).first?.loss == 2)
  }

  // MARK: Tables

  @Test func `Lightning's table has a figure a row, and steps have both losses`() throws {
    let records = try records("metrics.csv", fixture("lightning.csv"))
    let (steps, evaluations) = (steps(records), evaluations(records))
    #expect(steps.map(\.step) == [1, 3, 5, 7, 9, 11])
    #expect(steps.map(\.epoch) == [1, 1, 2, 2, 3, 3])
    #expect(steps[0].loss == 1.2398225 && steps[1].loss == 1.0924168)
    #expect(evaluations.map(\.step) == [3, 7, 11])
    #expect(evaluations[0].validationLoss == 1.1035707 && evaluations[0].trainLoss == 1.1488285)
  }

  @Test func `Keras' table has an epoch a row, counted from 1 here`() throws {
    let records = try records("keras.csv", fixture("keras.csv"))
    #expect(try header(records).stepsPerEpoch == 1)
    #expect(steps(records).map(\.step) == [1, 2, 3, 4])
    #expect(steps(records).map(\.epoch) == [1, 2, 3, 4])
    #expect(steps(records)[0].loss == 0.5982923)
    let last = try #require(evaluations(records).last)
    #expect(last.validationAccuracy == 0.75 && last.validationLoss == 0.57995665)
    #expect(last.trainAccuracy == 0.7083333)
  }

  @Test func `a table of data is no log`() throws {
    #expect(throws: ProgramError.self) {
      try records("iris.csv", Array("length,width\n1,2\n".utf8))
    }
  }

  // MARK: TensorBoard

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
    ("fc1.weight", "fc1.weight"), ("dense/kernel_0", "dense/kernel_0"), ("fc1.weight.grad", nil),
    ("norms/fc1", nil), ("activations/relu", nil), ("weight_norm/fc1", nil), ("fc1.bias", nil),
  ])
  func `a histogram is one of weights where its tag says so`(tag: String, name: String?) {
    #expect(HistogramNorms.weights(of: tag) == name)
  }

  @Test func `a histogram of weights is put into parts of equal width, all weights counted`() throws {
    let histogram = try #require(
      HistogramNorms(rows: [-1, -0.5, 10, -0.5, 0, 30, 0, 1, 24])?.weights)
    #expect(histogram.low == -1 && histogram.high == 1 && histogram.counts.count == 64)
    #expect(histogram.counts.reduce(0, +) == 64 && histogram.counts[..<16].reduce(0, +) == 10)
    #expect(histogram.counts[16..<32].reduce(0, +) > histogram.counts[..<16].reduce(0, +))
    let one = try #require(HistogramNorms(rows: [2, 2, 7])?.weights)
    #expect(one.counts == [7] && one.low == 2 && one.high == 2)
  }

  // MARK: W&B

  @Test func `an offline file of W&B gives its name, settings, steps and end`() throws {
    let records = try records("run-x.wandb", fixture("offline.wandb"))
    let header = try header(records)
    #expect(header.name == "pretty-name" && header.program == "W&B")
    #expect(header.experiment["optimizer"] == .text("adam"))
    #expect(header.experiment["net"]?["width"]?.whole == 64)
    #expect(steps(records).map(\.step) == [0, 10, 20, 30, 40, 50])
    #expect(steps(records)[1].loss == 0.5 && steps(records)[1].learningRate == 0.1)
    #expect(evaluations(records).map(\.validationLoss) == [1.2, 0.6, 0.4, 0.3, 0.24, 0.2])
    guard case .end(let end)? = records.last else { throw Missing() }
    #expect(end.reason == .finished)
  }

  @Test func `every cut of an offline file is read without a trap`() throws {
    let whole = fixture("offline.wandb")
    for length in stride(from: 7, to: whole.count, by: 37) {
      _ = try? records("run-x.wandb", Array(whole.prefix(length)))
    }
    #expect(steps(try records("run-x.wandb", Array(whole.prefix(800)))).count > 0)
  }

  // MARK: Trackio

  @Test func `a run of a database of trackio has its metrics, settings and times`() throws {
    try inTemporaryFolder(["p.db": fixture("trackio.db")]) { folder in
      let path = folder.appendingPathComponent("p.db").path
      let records = try RecordFile.records(at: path + "#calm-owl-1", .lenient)
      let header = try header(records)
      #expect(header.name == "calm-owl-1" && header.program == "trackio")
      #expect(
        header.experiment
          == .fields([.init("lr", .number(0.3)), .init("net", .fields([.init("width", .integer(64))]))]))
      #expect(steps(records).map(\.step) == [0, 10, 20, 30])
      #expect(steps(records).map(\.epoch) == [1, 1, 2, 2])
      #expect(steps(records)[1].loss == 0.3)
      #expect(abs((steps(records)[3].elapsed ?? 0) - 15) < 0.001)
      #expect(evaluations(records).map(\.validationLoss) == [0.45, 0.225])
    }
  }

  @Test func `of several runs one must be named, and only those that there are`() throws {
    try inTemporaryFolder(["p.db": fixture("trackio.db")]) { folder in
      let path = folder.appendingPathComponent("p.db").path
      for name in [path, path + "#none", path + "#"] {
        #expect(throws: ProgramError.self) { try RecordFile.records(at: name, .lenient) }
      }
      do {
        _ = try RecordFile.records(at: path, .lenient)
      } catch let error as ProgramError {
        #expect(error.description.contains("expected one run of 2: brave-fox-0, calm-owl-1"))
      }
    }
  }

  @Test func `a database that is cut, damaged or of something else ends in an error or a note`() throws {
    let whole = fixture("trackio.db")
    for length in stride(from: 16, to: whole.count, by: 509) {
      _ = try? records("p.db", Array(whole.prefix(length)))
    }
    for place in stride(from: 100, to: whole.count, by: 97) {
      var bytes = whole
      bytes[place] ^= 0xff
      try inTemporaryFolder(["p.db": bytes]) { folder in
        _ = try? RecordFile.records(
          at: folder.appendingPathComponent("p.db").path + "#calm-owl-1", .lenient)
      }
    }
    #expect(throws: ProgramError.self) { try records("p.db", SQLiteFile.magic) }
  }

  // MARK: gzip

  @Test func `packed logs are read, of records and of figures, cut ones as far as they go`() throws
  {
    let header = #"{"type":"header","name":"packed"}"# + "\n"
    let lines = (1...200).map { #"{"type":"step","step":\#($0),"loss":0.5}"# + "\n" }.joined()
    let packed = gzip(Array((header + lines).utf8))
    #expect(steps(try records("a.jsonl.gz", packed)).count == 200)
    // Two members, as of `cat a.gz b.gz`.
    let two = gzip(Array(header.utf8)) + gzip(Array(lines.utf8))
    #expect(steps(try records("a.jsonl.gz", two)).count == 200)
    let figures = gzip(Array((#"{"step":1,"loss":2}"# + "\n").utf8))
    #expect(steps(try records("a.jsonl.gz", figures)).first?.loss == 2)
    #expect(throws: ProgramError.self) { try records("a.jsonl.gz", [0x1f, 0x8b, 1, 2, 3, 4, 5]) }
  }

  @Test func `of a packed log that is cut or damaged the records are read, and a note says so`()
    throws
  {
    let header = #"{"type":"header","name":"packed"}"# + "\n"
    let lines = (1...20_000).map { #"{"type":"step","step":\#($0),"loss":0.5}"# + "\n" }.joined()
    let packed = gzip(Array((header + lines).utf8))
    func read(_ bytes: [UInt8]) throws -> (count: Int, note: String?) {
      try inTemporaryFolder(["a.jsonl.gz": bytes]) { folder in
        var file = try RecordFile(
          at: folder.appendingPathComponent("a.jsonl.gz").path, .lenient)
        var count = 0
        while let record = try file.next() {
          if case .step(let step) = record {
            count += 1
            #expect(step.step == count)
          }
        }
        return (count, file.passedOver.sentence)
      }
    }
    let whole = try read(packed)
    #expect(whole.count == 20_000 && whole.note == nil)
    let length = packed.count * 2 / 3
    let cut = try read(Array(packed.prefix(length)))
    #expect(cut.count > 10_000 && cut.count < 20_000)
    #expect(cut.note == "the packed file is cut at byte \(length): what stands before was read")
    var bytes = packed
    // The head of the third stored block.
    bytes[10 + 2 * 60_005] = 7
    let damaged = try read(bytes)
    #expect(damaged.count > 3000 && damaged.count < 4000)
    #expect(damaged.note?.hasPrefix("the packed file is damaged at byte") == true)
  }

  @Test func `a packed log is gone back in, and reached from its end, while it is unpacked`() throws {
    let header = #"{"type":"header","name":"packed"}"# + "\n"
    let lines = (1...50_000).map { #"{"type":"step","step":\#($0),"loss":0.5}"# + "\n" }.joined()
    let packed = gzip(Array((header + lines).utf8))
    try inTemporaryFolder(["a.jsonl.gz": packed]) { folder in
      var file = try RecordFile(at: folder.appendingPathComponent("a.jsonl.gz").path, .lenient)
      _ = try file.next()
      let place = file.position
      #expect(try file.next()?.step == 1)
      file.seek(backFromEnd: 100)
      #expect(try file.next()?.step ?? 0 > 49_990)
      #expect(file.size == header.utf8.count + lines.utf8.count)
      file.seek(to: place)
      #expect(try file.next()?.step == 1)
    }
  }

  private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    // Stored blocks between a header and a trailer need no compressor.
    var result: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    for start in stride(from: 0, to: bytes.count, by: 60_000) {
      let part = bytes[start..<min(bytes.count, start + 60_000)]
      let length = UInt16(part.count)
      result.append(start + 60_000 >= bytes.count ? 1 : 0)
      for value in [length, ~length] { result += [UInt8(value & 0xff), UInt8(value >> 8)] }
      result += part
    }
    for value in [CyclicChecksum.crc32(bytes), UInt32(bytes.count)] {
      result += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
    return result
  }

  @Test func `only records can be followed, and a strict reader takes nothing else`()
    throws
  {
    try inTemporaryFolder(["a.jsonl": Array(#"{"step":1,"loss":2}"#.utf8)]) { folder in
      let path = folder.appendingPathComponent("a.jsonl").path
      #expect(throws: ProgramError.self) {
        _ = try RecordFile(at: path, .lenient, growth: .appended)
      }
      #expect(throws: ProgramError.self) { try RecordFile.records(at: path, .strict) }
    }
  }
}
