// CRC-32C, the cyclic redundancy check of event files, and CRC-32, that of zlib.

/// A 32-bit cyclic redundancy check, bits reflected, all ones before and inverted after.
struct CyclicChecksum: Sendable {
  /// Castagnoli's polynomial.
  static let crc32C = CyclicChecksum(polynomial: 0x82f6_3b78)

  /// The polynomial of Ethernet, zlib and PNG.
  static let crc32 = CyclicChecksum(polynomial: 0xedb8_8320)

  /// Eight tables of 256: what a byte contributes to the checksum with 0 to 7 bytes behind it.
  private let tables: [UInt32]

  private init(polynomial: UInt32) {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? polynomial : 0) }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xff)]
    }
    self.tables = tables
  }

  /// The check of these bytes.
  func callAsFunction(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.withContiguousStorageIfAvailable { value(of: UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { value(of: $0) }
  }

  /// Eight bytes at a time: a log writes megabytes a second at full speed.
  private func value(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var check = UInt32.max
      var index = 0
      while index + 8 <= bytes.count {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
          ^ UInt64(check)
        check = 0
        for place in 0..<8 {
          check ^= tables[(7 - place) << 8 | Int(word >> (8 * UInt64(place)) & 0xff)]
        }
        index += 8
      }
      while index < bytes.count {
        check = check >> 8 ^ tables[Int((check ^ UInt32(bytes[index])) & 0xff)]
        index += 1
      }
      return ~check
    }
  }
}
