// Event files: checks and encodings against published values, and every record read back.
import Testing

@testable import RunRecords

@Suite struct EventFileTests {
  private func checked(_ text: String) -> UInt32 { CyclicChecksum.crc32C(Array(text.utf8)) }

  /// The values of RFC 3720, appendix B.4, and of "123456789", which catalogues go by.
  @Test func `the checksum of frames has the published values`() {
    #expect(checked("123456789") == 0xe306_9283)
    #expect(checked("") == 0)
    #expect(CyclicChecksum.crc32C([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CyclicChecksum.crc32C([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CyclicChecksum.crc32C(Array(0..<32)) == 0x46dd_794e)
    // All lengths around the eight bytes that are taken at a time.
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(CyclicChecksum.crc32C(bytes) == EventFileReader.crc32C(bytes))
      #expect(CyclicChecksum.crc32C([9] + bytes) == CyclicChecksum.crc32C(([9] + bytes)[...]))
    }
  }

  /// Examples of the encoding's documentation.
  @Test func `messages are encoded as protocol buffers' documentation shows`() {
    var message = ProtobufWriter()
    message.field(1, 150)
    message.field(2, "testing")
    message.field(3) { $0.field(1, 150) }
    #expect(
      message.bytes
        == [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8) + [0x1a, 3, 8, 0x96, 1])
    var numbers = ProtobufWriter()
    numbers.field(1, -1)
    numbers.field(16, Int.max)
    numbers.field(2, Float(1))
    numbers.field(3, 1.0)
    #expect(
      numbers.bytes
        == [0x08] + [UInt8](repeating: 0xff, count: 9) + [1, 0x80, 0x01]
        + [UInt8](repeating: 0xff, count: 8) + [0x7f, 0x15, 0, 0, 0x80, 0x3f]
        + [0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
  }

  @Test func `a file begins with its version and the step it counts from`() throws {
    let start = EventFileRecords(RecordExamples.header).start(restartStep: 41, wallTime: 1.5)
    let entries = try EventFileReader.entries(start)
    #expect(entries.count == 2 && entries.allSatisfy { $0.double(1) == 1.5 })
    #expect(entries[0].text(3) == "brain.Event:2" && entries[0].int(2) == 0)
    #expect(try entries[1].message(7)?.int(1) == 1 && entries[1].int(2) == 41)
  }

  private func values(of record: Record) throws -> [String: Message] {
    let bytes = EventFileRecords(RecordExamples.header).bytes(for: record, wallTime: 1e9)
    let entries = try EventFileReader.entries(bytes)
    #expect(entries.count <= 1)
    guard let entry = entries.first else { return [:] }
    #expect(entry.int(2) == record.step && entry.double(1) == 1e9)
    return try EventFileReader.values(entry)
  }

  @Test func `a step record's numbers stand under tags that group`() throws {
    let expected: [String: Float] = [
      "loss/batches": 0.41, "loss/batches_min": 0.30, "loss/batches_max": 0.52,
      "training/learning_rate": 0.1, "training/gradient_norm": 1.9,
      "training/gradient_norm_max": 2.8, "training/examples_per_second": 51_234,
      "training/epoch": 10, "constraint/enabled": 1, "constraint/max_norm": 3,
      "norms/fc1/min": 0.2, "norms/fc1/p25": 0.8, "norms/fc1/median": 1.1, "norms/fc1/p75": 1.9,
      "norms/fc1/max": 3, "norms/fc1/ceiling": 3, "at_ceiling/fc1": 17 / 256,
      "clipping/fc1/exceeded_rate": 2.2 / 256, "clipping/fc1/clipped_rate": 2.2 / 256,
      "clipping/fc1/clipped_total": 310, "clipping/fc1/shrink_mean": 0.98,
      "update_ratio/fc1": 0.002,
    ]
    for record in [Record.step(RecordExamples.step), .twin(.step(RecordExamples.step))] {
      #expect(try values(of: record).mapValues { $0.float(2) } == expected)
    }
    var step = RecordExamples.step
    step.constraint = .init(enabled: false, maxNorm: nil)
    step.layers[0].maxNorm = nil
    step.loss = .nan
    let bare = try values(of: .step(step))
    #expect(bare["loss/batches"]?.float(2)?.isNaN == true)
    #expect(bare["constraint/enabled"]?.float(2) == 0)
    // No ceiling: nothing that is counted against it.
    #expect(bare.keys.filter { $0.contains("ceiling") || $0.contains("clip") }.isEmpty)
    #expect(bare["constraint/max_norm"] == nil && bare["norms/fc1/max"]?.float(2) == 3)
  }

  @Test func `an evaluation's figures stand beside those of the batches`() throws {
    #expect(
      try values(of: .evaluation(RecordExamples.evaluation)).mapValues { $0.float(2) } == [
        "loss/train": 0.4, "accuracy/train": 0.91, "loss/validation": 0.62,
        "accuracy/validation": 0.87, "metrics/validation_mean_iou": 0.5,
      ])
  }

  @Test func `norms are histograms that count every finite one`() throws {
    let norms: [Float] = [0.5, 0.75, 1, 3, 3, 3, 2.9999998, .nan, .infinity]
    let value = try self.values(
      of: .norms(NormsRecord(step: 7, layers: [.init(name: "fc1", norms: norms)])))
    let histogram = try #require(try value["norms/fc1"]?.message(5))
    #expect(histogram.double(1) == 0.5 && histogram.double(2) == 3 && histogram.double(3) == 7)
    let (limits, counts) = (histogram.doubles(6), histogram.doubles(7))
    #expect(limits.count == 30 && limits == limits.sorted() && limits.last == 3)
    #expect(counts.reduce(0, +) == 7 && counts[0] == 1 && counts[29] == 4)
    let finite = norms.filter(\.isFinite).map(Double.init)
    for (index, count) in counts.enumerated() {
      let low = index == 0 ? 0 : limits[index - 1]
      let inside = finite.filter { low <= $0 && ($0 < limits[index] || index == 29) }
      #expect(count == Double(inside.count))
    }
    #expect(histogram.double(4) == finite.reduce(0, +))
    #expect(histogram.double(5) == finite.map { $0 * $0 }.reduce(0, +))
    // All at the ceiling are one range, and none are nothing.
    #expect(NormHistogram([2, 2])?.limits == [2] && NormHistogram([2, 2])?.counts == [2])
    #expect(NormHistogram([]) == nil && NormHistogram([.nan]) == nil)
  }

  @Test(arguments: RecordExamples.all)
  func `every record is an entry that reads back`(record: Record) throws {
    let values = try self.values(of: record)
    if case .header = record { return #expect(values.isEmpty) }
    if case .sample(let sample) = record, case .image(let image) = sample.content,
      image.width == 0
    {
      return #expect(values.isEmpty)
    }
    #expect(!values.isEmpty)
    for (tag, value) in values where value.bytes(8) != nil {
      let tensor = try #require(try value.message(8))
      #expect(tensor.int(1) == 7 && tensor.bytes(2) == [] && tensor.text(8) != nil, "\(tag)")
      #expect(try value.message(9)?.message(1)?.text(1) == "text")
    }
  }

  @Test func `events, ends and the run itself are texts`() throws {
    func text(_ record: Record, _ tag: String) throws -> String? {
      try values(of: record)[tag]?.message(8)?.text(8)
    }
    let off = EventRecord(step: 131, action: .constraint, from: .flag(true), value: .flag(false))
    #expect(try text(.event(off), "events/constraint") == "**constraint**: off (was on)")
    let lower = EventRecord(
      step: 170, action: .maxNorm, from: .number(3), value: .number(1.5), clipped: 4,
      layer: "fc_1", undo: true)
    #expect(
      try text(.event(lower), "events/max_norm")
        == #"**max_norm** of fc_1: 1.5 (was 3.0), 4 units scaled back, an undo"#)
    let end = EndRecord(9, .diverged) {
      $0.clippedTotal = 2
      $0.elapsed = 1
    }
    #expect(try text(.twin(.end(end)), "run/end")?.contains("| reason | diverged |") == true)
    let opening = EventFileRecords(RecordExamples.header).opening(
      experiment: "name: a\nbatch: 3\n", wallTime: 0)
    let entry = try #require(try EventFileReader.entries(opening).first)
    let texts = try EventFileReader.values(entry)
    #expect(
      try texts["run/experiment"]?.message(8)?.text(8) == "    name: a\n    batch: 3\n    \n")
    let header = try #require(try texts["run/header"]?.message(8)?.text(8))
    #expect(header.contains("| seed | 18446744073709551615 |"))
    #expect(header.contains("| fc2 | dense | 10 x 256 | 10 | incoming | none |"))
  }

  @Test func `samples are tables and code, whatever their text`() throws {
    func text(_ content: SampleRecord.Content, _ kind: String) throws -> String? {
      let record = Record.sample(SampleRecord(step: 3, title: "a/b, c", content: content))
      let value = try #require(try values(of: record)["samples/a_b__c/\(kind)"])
      #expect(try value.message(9)?.text(2) == "a/b, c")
      return try value.message(8)?.text(8)
    }
    #expect(
      try text(
        .table(columns: ["°C", "a|b"], rows: [[.number(20.5), .text("x\ny<z*")]]), "table")
        == "| °C | a\\|b |\n| --- | --- |\n| 20.5 | x y&lt;z\\* |\n")
    #expect(try text(.text("```\r\n<b> end"), "text") == "    ```\n    <b> end\n")
    #expect(
      try text(
        .series(truth: [1, 2], prediction: [1.5, 2.5], baseline: nil, unit: "ppm"), "series")
        == "|  | truth (ppm) | prediction (ppm) |\n| --- | --- | --- |\n| 1 | 1.0 | 1.5 |\n"
        + "| 2 | 2.0 | 2.5 |\n")
    #expect(
      try text(.confusion(classes: ["a", "b"], counts: [[1, 2], [3, 4]]), "confusion")
        == "| truth down, prediction across | a | b |\n| --- | --- | --- |\n| a | 1 | 2 |\n"
        + "| b | 3 | 4 |\n")
  }
}
