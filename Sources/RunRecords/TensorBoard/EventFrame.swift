// The frame of an entry of an event file: TFRecord's lengths and masked checks.

/// Frames entries: length, its check, the entry, its check, all little-endian.
enum EventFrame {
  /// Appends an entry in its frame.
  static func append(_ entry: [UInt8], to bytes: inout [UInt8]) {
    let length = withUnsafeBytes(of: UInt64(entry.count).littleEndian) { Array($0) }
    bytes += length
    appendCheck(of: length, to: &bytes)
    bytes += entry
    appendCheck(of: entry, to: &bytes)
  }

  /// A check that stands in data that may be checked again is turned and shifted.
  static func masked(_ check: UInt32) -> UInt32 { (check >> 15 | check << 17) &+ 0xa282_ead8 }

  private static func appendCheck(of part: [UInt8], to bytes: inout [UInt8]) {
    let check = masked(CyclicChecksum.crc32C(part))
    withUnsafeBytes(of: check.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
