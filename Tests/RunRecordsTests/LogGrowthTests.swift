// Logs that are still written, cut, replaced, not yet there; and places in them.
import Basics
import Foundation
import Testing

@testable import RunRecords

@Suite struct LogGrowthTests {
  /// A log that a test writes bit by bit.
  private struct Log {
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    func append(_ bytes: [UInt8]) throws {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(bytes))
      try file.close()
    }

    func cut(to length: Int, then bytes: [UInt8]) throws {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.truncate(atOffset: UInt64(length))
      try file.seekToEnd()
      try file.write(contentsOf: Data(bytes))
      try file.close()
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
  }

  private let examples = RecordExamples.all

  private func all(_ file: inout RecordFile) throws -> [Record] {
    var records: [Record] = []
    while let record = try file.next() { records.append(record) }
    return records
  }

  @Test func `a log that grows gives each record once its line is whole`() throws {
    let log = Log()
    defer { log.remove() }
    let lines = examples.map(\.line)
    try log.write(lines[0] + lines[1].prefix(20))
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try all(&file) == [examples[0]])
    #expect(try file.next() == nil && !file.isAtEnd)
    try log.append(Array(lines[1].dropFirst(20).dropLast()))
    #expect(try file.next() == nil)
    try log.append(lines[1].suffix(1) + lines[2])
    #expect(try all(&file) == [examples[1], examples[2]])
    #expect(file.position == LogPosition(offset: lines[...2].joined().count, line: 3))
    #expect(file.size == file.position.offset && file.restarts == 0)
  }

  @Test func `a followed log may be empty, or come later`() throws {
    let log = Log()
    defer { log.remove() }
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try file.next() == nil && file.size == nil)
    try log.write([])
    #expect(try file.next() == nil)
    try log.append(examples[0].line)
    #expect(try file.next() == examples[0])
    #expect(file.restarts == 0)
    #expect(throws: ProgramError.self) {
      _ = try RecordFile(at: log.path + "/none", .strict, growth: .appended)
    }
  }

  @Test func `a followed log that is cut is read from its start again`() throws {
    let log = Log()
    defer { log.remove() }
    try log.write(examples[...4].flatMap(\.line))
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try all(&file).count == 5)
    try log.cut(to: examples[0].line.count, then: examples[2].line)
    #expect(try all(&file) == [examples[0], examples[2]])
    #expect(file.restarts == 1 && file.position.line == 2)
  }

  @Test func `a followed log that is written anew and longer is known by its first bytes`() throws {
    let log = Log()
    defer { log.remove() }
    try log.write(examples[...1].flatMap(\.line))
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try all(&file).count == 2)
    var header = RecordExamples.header
    header.name = "another"
    try log.cut(to: 0, then: Record.header(header).line + examples.dropFirst().flatMap(\.line))
    #expect(try file.next() == .header(header))
    #expect(file.restarts == 1)
  }

  @Test func `a followed log that was cut and has grown again is known by its last bytes`()
    throws
  {
    let log = Log()
    defer { log.remove() }
    try log.write(examples[...1].flatMap(\.line))
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try all(&file).count == 2)
    // The same header, then other records of the same kinds.
    let rest = examples.dropFirst(2)
    try log.cut(to: examples[0].line.count, then: rest.flatMap(\.line))
    #expect(try all(&file) == [examples[0]] + rest)
    #expect(file.restarts == 1)
  }

  @Test func `zeros before a log are passed over`() throws {
    let log = Log()
    defer { log.remove() }
    // More than is read at once: a file with a hole.
    let zeros = [UInt8](repeating: 0, count: 300_000)
    try log.write(zeros + examples[...3].flatMap(\.line))
    #expect(try RecordFile.records(at: log.path) == Array(examples[...3]))
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try all(&file) == Array(examples[...3]))
    #expect(file.position.offset == zeros.count + examples[...3].flatMap(\.line).count)
    #expect(file.position.line == 4 && file.size == file.position.offset)
    try log.cut(to: 0, then: zeros)
    #expect(try all(&file) == [] && file.restarts == 1)
  }

  @Test func `a followed log that is replaced is read to its end, then the new one`() throws {
    let log = Log()
    defer { log.remove() }
    try log.write(examples[0].line)
    var file = try RecordFile(at: log.path, .strict, growth: .appended)
    #expect(try file.next() == examples[0])
    try log.append(examples[1].line)
    let other = Log()
    try other.write(examples[0].line + examples[3].line)
    #expect(rename(other.path, log.path) == 0)
    #expect(try all(&file) == [examples[1], examples[0], examples[3]])
    #expect(file.restarts == 1)
    log.remove()
    #expect(try file.next() == nil)
  }

  @Test func `the records behind a place are the same again`() throws {
    let log = Log()
    defer { log.remove() }
    try log.write(examples.flatMap(\.line) + Array("{\"torn".utf8))
    var file = try RecordFile(at: log.path, .strict)
    var places: [LogPosition] = []
    for _ in examples {
      places.append(file.position)
      _ = try file.next()
    }
    #expect(try file.next() == nil && file.isAtEnd)
    for (index, place) in places.enumerated().reversed() {
      file.seek(to: place)
      #expect(!file.isAtEnd && file.position == place)
      #expect(try all(&file) == Array(examples[index...]))
    }
    // Of another file's lines only the number is reported.
    try log.append(Array("\noops\n".utf8))
    file.seek(to: places[2])
    #expect(throws: ProgramError.self) { try all(&file) }
    #expect(file.position.line == examples.count + 1)
  }

  @Test func `reading a pipe never waits, and ends when its writer does`() throws {
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).pipe"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let writer = open(path, O_RDWR)
    var file = try RecordFile(at: path, .strict, growth: .piped)
    #expect(try file.next() == nil && !file.isAtEnd && file.size == nil)
    let line = examples[0].line
    #expect(write(writer, line, 30) == 30)
    #expect(try file.next() == nil)
    #expect(write(writer, Array(line[30...]), line.count - 30) == line.count - 30)
    #expect(try file.next() == examples[0])
    close(writer)
    #expect(try file.next() == nil && file.isAtEnd)
  }
}
