// Logs that gzip has packed: whole, of several members, cut and damaged.
import Basics
import Foundation
import TestSupport
import Testing

@testable import RunRecords

@Suite struct PackedLogTests: ForeignLogSuite {
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
        return (count, file.skippedLines.sentence)
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

  @Test func `a packed log is gone back in, and reached from its end, while it is unpacked`() throws
  {
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
}
