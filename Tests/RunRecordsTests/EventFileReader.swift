// Reads event files for tests, by the formats' definitions and without the writer's code.
import CZlib
import Testing

/// A protobuf message as its fields in order.
struct Message {
  enum Value: Equatable {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes([UInt8])
    case fixed32(UInt32)
  }

  private(set) var fields: [(number: Int, value: Value)] = []

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    func varint() throws -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while true {
        guard let byte = rest.popFirst() else { throw Unreadable() }
        value |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift += 7
        guard shift < 64 else { throw Unreadable() }
      }
    }
    func take(_ count: Int) throws -> [UInt8] {
      guard count <= rest.count else { throw Unreadable() }
      defer { rest.removeFirst(count) }
      return Array(rest.prefix(count))
    }
    while !rest.isEmpty {
      let key = try varint()
      let value: Value
      switch key & 7 {
      case 0: value = .varint(try varint())
      case 1: value = .fixed64(littleEndian(try take(8)))
      case 2: value = .bytes(try take(Int(try varint())))
      case 5: value = .fixed32(UInt32(littleEndian(try take(4))))
      default: throw Unreadable()
      }
      fields.append((Int(key >> 3), value))
    }
  }

  struct Unreadable: Error {}

  private func all(_ number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }

  func int(_ number: Int) -> Int? {
    guard case .varint(let value)? = all(number).first else { return nil }
    return Int(Int64(bitPattern: value))
  }

  func double(_ number: Int) -> Double? {
    guard case .fixed64(let bits)? = all(number).first else { return nil }
    return Double(bitPattern: bits)
  }

  func float(_ number: Int) -> Float? {
    guard case .fixed32(let bits)? = all(number).first else { return nil }
    return Float(bitPattern: bits)
  }

  func bytes(_ number: Int) -> [UInt8]? {
    guard case .bytes(let bytes)? = all(number).first else { return nil }
    return bytes
  }

  func text(_ number: Int) -> String? {
    bytes(number).flatMap { String(validating: $0, as: UTF8.self) }
  }

  func message(_ number: Int) throws -> Message? { try bytes(number).map(Message.init) }

  func messages(_ number: Int) throws -> [Message] {
    try all(number).map { value in
      guard case .bytes(let bytes) = value else { throw Unreadable() }
      return try Message(bytes)
    }
  }

  func doubles(_ number: Int) -> [Double] {
    let bytes = bytes(number) ?? []
    return stride(from: 0, to: bytes.count, by: 8).map {
      Double(bitPattern: littleEndian(Array(bytes[$0..<$0 + 8])))
    }
  }
}

enum EventFileReader {
  /// The entries of an event file, frames and checks verified.
  static func entries(_ bytes: [UInt8]) throws -> [Message] {
    var entries: [Message] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      try #require(rest.count >= 12)
      let length = Array(rest.prefix(8))
      let count = Int(littleEndian(length))
      try #require(rest.count >= 16 + count)
      let entry = Array(rest.dropFirst(12).prefix(count))
      for (part, place) in [(length, 8), (entry, 12 + count)] {
        let check = UInt32(littleEndian(Array(rest.dropFirst(place).prefix(4))))
        let turned = crc32C(part) >> 15 | crc32C(part) << 17
        #expect(check == turned &+ 0xa282_ead8)
      }
      entries.append(try Message(entry))
      rest.removeFirst(16 + count)
    }
    return entries
  }

  /// Bit by bit.
  static func crc32C(_ bytes: [UInt8]) -> UInt32 {
    var check = UInt32.max
    for byte in bytes {
      check ^= UInt32(byte)
      for _ in 0..<8 { check = check & 1 == 1 ? check >> 1 ^ 0x82f6_3b78 : check >> 1 }
    }
    return ~check
  }

  /// The values of an entry by their tags.
  static func values(_ entry: Message) throws -> [String: Message] {
    let values = try entry.message(5)?.messages(1) ?? []
    return Dictionary(uniqueKeysWithValues: try values.map { (try #require($0.text(1)), $0) })
  }

  /// A PNG file's size, colour type and rows without their filters, checked and unpacked by zlib.
  static func png(_ file: [UInt8]) throws -> (
    width: Int, height: Int, type: UInt8, rows: [[UInt8]]
  ) {
    try #require(Array(file.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    var rest = file.dropFirst(8)
    var chunks: [String: [UInt8]] = [:]
    while !rest.isEmpty {
      let count = Int(bigEndian(Array(rest.prefix(4))))
      let chunk = Array(rest.dropFirst(4).prefix(4 + count))
      #expect(
        bigEndian(Array(rest.dropFirst(8 + count).prefix(4)))
          == UInt64(crc32(0, chunk, UInt32(chunk.count))))
      chunks[String(decoding: chunk.prefix(4), as: UTF8.self)] = Array(chunk.dropFirst(4))
      rest = rest.dropFirst(12 + count)
    }
    let header = try #require(chunks["IHDR"])
    let data = try #require(chunks["IDAT"])
    #expect(chunks["IEND"] == [] && header.count == 13 && header[8] == 8)
    let (width, height) = (
      Int(bigEndian(Array(header[..<4]))), Int(bigEndian(Array(header[4..<8])))
    )
    let size = 1 + width * (header[9] == 2 ? 3 : 1)
    var unpacked = [UInt8](repeating: 0, count: height * size)
    var length = UInt(unpacked.count)
    #expect(uncompress(&unpacked, &length, data, UInt(data.count)) == Z_OK)
    #expect(length == unpacked.count)
    let rows = (0..<height).map { Array(unpacked[$0 * size..<($0 + 1) * size]) }
    #expect(rows.allSatisfy { $0.first == 0 })
    return (width, height, header[9], rows.map { Array($0.dropFirst()) })
  }
}

private func littleEndian(_ bytes: [UInt8]) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}

private func bigEndian(_ bytes: [UInt8]) -> UInt64 { littleEndian(bytes.reversed()) }
