// Readers and damaged files: always an answer or an error, never a crash or a large allocation.
import Basics
import CZlib
import Foundation
import Testing

@testable import Datasets

@Suite struct FuzzTests {
  /// Seeded damage: cut, lengthened, bytes changed or set to extremes, a piece moved, or mere noise.
  private struct Damage {
    private var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      switch random.index(below: 6) {
      case 0: bytes.removeLast(random.index(below: bytes.count + 1))
      case 1: bytes += noise(1 + random.index(below: 40))
      case 2, 3:
        let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff]
        // Most damage goes to the front, where the sizes stand.
        let reach = random.index(below: 2) == 0 ? min(bytes.count, 128) : bytes.count
        for _ in 0...random.index(below: 4) {
          let byte = UInt8(truncatingIfNeeded: random.next())
          bytes[random.index(below: reach)] =
            random.index(below: 2) == 0 ? extremes[random.index(below: 5)] : byte
        }
      case 4:
        let start = random.index(below: bytes.count)
        bytes.insert(
          contentsOf: bytes[start...].prefix(random.index(below: 30)),
          at: random.index(below: bytes.count))
      default: bytes = noise(random.index(below: 200))
      }
      return bytes
    }

    private mutating func noise(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
  }

  /// How many of `count` damaged files were refused; anything but a `ProgramError` is an issue.
  private func refused(
    _ count: Int, of files: [[UInt8]], seed: UInt64, by read: ([UInt8]) throws -> Void
  ) -> Int {
    var damage = Damage(seed: seed)
    var errors = 0
    for round in 0..<count {
      let bytes = damage.damaged(files[round % files.count])
      do {
        try read(bytes)
      } catch let error as ProgramError {
        errors += 1
        let text = "\(error)"
        if text.contains("\n") || text.count > 1500 { Issue.record("no short line: \(text)") }
      } catch {
        Issue.record("\(error)")
      }
    }
    return errors
  }

  @Test func `IDX`() throws {
    let images = TestFiles.idx([3, 4, 5], (0..<60).map { UInt8($0) })
    let packed = try TestFiles.gzip(images)
    let plain = refused(3000, of: [images], seed: 1) { bytes in
      let file = try IDXFile(bytes: bytes, name: "f")
      #expect(file.values.count == file.shape.reduce(file.type.size, *))
    }
    // Only a changed pixel, an unused header byte or a lucky size is not damage.
    #expect(plain > 1200)
    let gzip = refused(3000, of: [packed], seed: 2) { bytes in
      let file = try IDXFile(bytes: bytes, name: "f")
      #expect(file.values.count == file.shape.reduce(file.type.size, *))
    }
    #expect(gzip > 2000)
  }

  @Test func `images with labels`() throws {
    let images = TestFiles.idx([3, 2, 2], Array(repeating: 9, count: 12))
    let labels = TestFiles.idx([3], [0, 1, 2])
    let errors = refused(1500, of: [images, labels], seed: 3) { bytes in
      let file = try IDXFile(bytes: bytes, name: "f")
      let good = try IDXFile(bytes: images, name: "g")
      let part = try IDXPart(good, file, isMask: false, name: "f")
      let numbering = try ClassNumbering([part.labels], count: nil, place: "f")
      #expect(part.examples(numbering, classes: 256).count == 3)
    }
    #expect(errors > 900)
  }

  @Test func `CIFAR batches`() {
    let batch = [UInt8](repeating: 3, count: 2 * 3073)
    let errors = refused(600, of: [batch], seed: 4) { bytes in
      var pixels: [UInt8] = []
      var labels: [Int32] = []
      try CIFARBatch(bytes: bytes, classes: 10, name: "f").append(to: &pixels, labels: &labels)
      #expect(pixels.count == labels.count * 3072)
    }
    #expect(errors > 300)
  }

  @Test func `NPY`() {
    let files = [
      TestFiles.npy("<f4", [3, 2], TestFiles.bytes([1, 2, 3, 4, 5, 6] as [Float])),
      TestFiles.npy("<i8", [4], TestFiles.bytes([0, 1, 2, 3] as [Int64])),
      TestFiles.npy("|u1", [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]),
      TestFiles.npy(">i2", [2, 2, 2], [UInt8](0..<16), fortran: true),
    ]
    let errors = refused(3000, of: files, seed: 5) { bytes in
      let file = try NPYFile(bytes: bytes, name: "f")
      let count = file.shape.reduce(1, *)
      #expect(try file.floats(of: 0..<file.rowCount).count == count)
      if file.element?.isInteger == true { #expect(try file.labels().count == count) }
    }
    #expect(errors > 1000)
  }

  /// Text as a file would bring it.
  private func text(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ProgramError.bad(place: "f", problem: "expected UTF-8 text", hint: "")
    }
    return text
  }

  @Test func `tables`() {
    let table = Array(
      "a,\"b \"\"c\"\"\",kind,y\n1,2,red,0\n3,,blue,1\n5,\"6\",red,1\n7,8,amber,0\n".utf8)
    let errors = refused(3000, of: [table], seed: 6) { bytes in
      let table = try CSVTable(text(bytes), name: "f")
      for (task, missing) in [
        (Dataset.TableTask.classification, MissingCells.drop), (.regression, .mean),
      ] {
        let data = try Dataset.table(
          table, TableOptions(target: table.columns[0], task: task, missing: missing), seed: 1)
        #expect(data.train.inputs.allSatisfy { $0.isFinite })
      }
    }
    #expect(errors > 1000)
  }

  @Test func `series`() {
    let table = Array("t,v,w\n1,2,3\n2,,4\n3,5,4\n4,7,4\n5,9,4\n6,7,4\n7,4,3\n".utf8)
    let errors = refused(3000, of: [table], seed: 7) { bytes in
      let table = try CSVTable(text(bytes), name: "f")
      for transform in Forecast.Transform.allCases {
        let series = try Series(table, column: "v", inputs: ["w"], missing: .interpolate)
        let data = try Dataset.forecast(
          series, ForecastOptions(column: "v", window: 2, season: 2, transform: transform))
        #expect(data.train.count > 0 && data.validation.count > 0)
      }
    }
    #expect(errors > 1000)
  }

  @Test func `texts`() {
    let file = Array("Zażółć gęślą jaźń, said the 🦊.\r\nAnd so on.\n".utf8)
    let errors = refused(2000, of: [file], seed: 8) { bytes in
      let data = try Dataset.language(text(bytes), name: "f", window: 3, validation: 0.3)
      #expect(data.train.labels.count == data.train.inputs.count)
    }
    #expect(errors > 300)
  }
}
