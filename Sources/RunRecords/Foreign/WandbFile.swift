// Files that W&B writes offline, `run-ID.wandb`: LevelDB's log format around messages of its own.
//
// The framing is LevelDB's doc/log_format.md with zlib's CRC-32; the numbers of fields are those of
// wandb/proto/wandb_internal.proto, of which history, run, configuration and exit are read.
import Basics
import Foundation

/// A run of W&B: what it logged, what it was set to, how it ended.
struct WandbFile: ForeignFormat {
  let name = "an offline file of W&B"

  static let magic: [UInt8] = Array(":W&B".utf8)

  func recognizes(_ log: LogHead) -> Bool { log.bytes.starts(with: Self.magic) }

  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError) {
    run.header.program = "W&B"
    var blocks = try LevelLog(log.path)
    var history = WandbHistory()
    while !run.hasEnough, let message = blocks.next() {
      var reader = ProtobufReader(message)
      while let (number, value) = reader.next() {
        switch number {
        case 2: history.add(value.bytes, to: &run)
        case 5: Self.configure(value.bytes, &run)
        case 17: Self.begin(value.bytes, &run)
        case 18: Self.end(value.bytes, &run)
        default: break
        }
      }
    }
    if let damage = blocks.damage { run.note("\(damage): what stands before was read") }
  }

  private static func begin(_ bytes: ArraySlice<UInt8>, _ run: inout ForeignRun) {
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 4: configure(value.bytes, &run)
      // Empty where nobody gave it one.
      case 8: if !value.text.isEmpty { run.header.name = value.text }
      case 9: run.header.title = value.text
      default: break
      }
    }
  }

  private static func configure(_ bytes: ArraySlice<UInt8>, _ run: inout ForeignRun) {
    var fields: [JSONValue.Field] = []
    if case .fields(let known) = run.header.experiment { fields = known }
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      guard number == 1 else { continue }
      let item = WandbItem(value.bytes)
      // What W&B keeps for itself is no setting.
      guard !item.key.isEmpty, item.key != "_wandb",
        let setting = try? JSONDecoder().decode(JSONValue.self, from: Data(item.value))
      else { continue }
      fields.removeAll { $0.key == item.key }
      fields.append(.init(item.key, setting))
    }
    if !fields.isEmpty { run.header.experiment = .fields(fields) }
  }

  private static func end(_ bytes: ArraySlice<UInt8>, _ run: inout ForeignRun) {
    var status = 0
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      if number == 1 { status = value.integer ?? 0 }
    }
    run.end = status == 0 ? .finished : .interrupted
  }
}

/// A key with its value as JSON; keys within keys are parted by strokes.
private struct WandbItem {
  private(set) var key = ""
  private(set) var value: ArraySlice<UInt8> = []

  init(_ bytes: ArraySlice<UInt8>) {
    var nested: [String] = []
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 1: key = value.text
      case 2: nested.append(value.text)
      case 16: self.value = value.bytes
      default: break
      }
    }
    if !nested.isEmpty { key = nested.joined(separator: "/") }
  }
}

/// The rows of a run's history.
private struct WandbHistory {
  private var counter = StepCounter()
  private var scanner = FigureScanner()

  mutating func add(_ bytes: ArraySlice<UInt8>, to run: inout ForeignRun) {
    var row: [(name: String, value: Double)] = []
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 1:
        let item = WandbItem(value.bytes)
        // An object in it has names of its own: the line of a log with one key.
        var line = Array("{\(JSONValue.text(item.key).json):".utf8)
        line += item.value
        line.append(UInt8(ascii: "}"))
        guard scanner.scan(line[...]) else { continue }
        for figure in scanner.line.figures {
          row.append((name: scanner.names[figure.name], value: figure.value))
        }
      case 2:
        // None stands there for 0.
        var step = 0
        var inner = ProtobufReader(value.bytes)
        while let (number, value) = inner.next() {
          if number == 1 { step = value.integer ?? 0 }
        }
        row.append((name: "_step", value: Double(step)))
      default: break
      }
    }
    if row.count > 1 { counter.add(row, to: &run) }
  }
}

/// The records of a file in LevelDB's log format, put together from their pieces.
private struct LevelLog {
  private let bytes: [UInt8]
  private var position = 7
  private(set) var damage: String?

  private static let block = 32768
  private static let mostBytes = 1 << 31

  /// - Throws: `ProgramError` if the file cannot be read.
  init(_ path: String) throws(ProgramError) {
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) <= Self.mostBytes,
      let data = FileManager.default.contents(atPath: path)
    else { throw .cannotOpen(path: path, reason: "not there, or over 2 GB") }
    bytes = Array(data)
  }

  /// The next record; nil at the end, and at the first one that is damaged.
  mutating func next() -> ArraySlice<UInt8>? {
    var record: ArraySlice<UInt8> = []
    while damage == nil {
      // No piece begins where its head finds no room.
      let left = Self.block - position % Self.block
      if left < 7 { position += left }
      guard position < bytes.count else { return nil }
      guard position + 7 <= bytes.count else { return fail("cut") }
      let check = bytes[position..<position + 4].reversed().reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
      let length = Int(bytes[position + 4]) | Int(bytes[position + 5]) << 8
      let end = position + 7 + length
      guard end <= bytes.count else { return fail("cut") }
      let piece = bytes[position + 6..<end]
      guard CyclicChecksum.crc32(piece) == check else { return fail("damaged") }
      position = end
      record = record.isEmpty ? piece.dropFirst() : record + piece.dropFirst()
      switch piece[piece.startIndex] {
      // All of it, or its last piece.
      case 1, 4: return record
      case 2, 3: continue
      default: return fail("damaged")
      }
    }
    return nil
  }

  private mutating func fail(_ word: String) -> ArraySlice<UInt8>? {
    damage = "\(word) at byte \(position)"
    return nil
  }
}
