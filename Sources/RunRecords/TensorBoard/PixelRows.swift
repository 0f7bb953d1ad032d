// Pixels row by row, grey or in colour, and their PNG file.
import CZlib

/// A picture of bytes; each pixel has one (grey) or three (red, green, blue).
struct PixelRows: Equatable {
  let width: Int
  let height: Int
  /// 1 or 3.
  let channels: Int
  /// Row by row from the top, channels side by side.
  var bytes: [UInt8]

  init(width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
    bytes = Array(repeating: 0, count: width * height * channels)
  }

  // MARK: PNG

  /// The picture as a PNG file.
  var png: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    // Eight bits; grey or red, green and blue; the only compression and filter methods, rows in order.
    let header =
      Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height))
      + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    Self.append("IHDR", header, to: &file)
    Self.append("IDAT", Self.compressed(rows), to: &file)
    Self.append("IEND", [], to: &file)
    return file
  }

  /// The rows, each behind the number of its filter: none.
  private var rows: [UInt8] {
    var rows: [UInt8] = []
    let size = width * channels
    rows.reserveCapacity(height * (size + 1))
    for row in 0..<height {
      rows.append(0)
      rows += bytes[row * size..<(row + 1) * size]
    }
    return rows
  }

  private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let chunk = Array(type.utf8) + data
    file +=
      bigEndian(UInt32(data.count)) + chunk + bigEndian(UInt32(crc32(0, chunk, uInt(chunk.count))))
  }

  /// The bytes as a zlib stream.
  private static func compressed(_ data: [UInt8]) -> [UInt8] {
    var size = compressBound(uLong(data.count))
    var stream = [UInt8](repeating: 0, count: Int(size))
    // With as much room as zlib asks for it cannot fail but for want of memory.
    let status = compress(&stream, &size, data, uLong(data.count))
    precondition(status == Z_OK, "zlib has no memory for \(data.count) bytes")
    return Array(stream.prefix(Int(size)))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
