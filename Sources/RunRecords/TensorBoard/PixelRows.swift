// Pixels row by row, grey or in colour, and their PNG file.

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
  ///
  /// Its data is stored, not compressed: sample pictures are a few kilobytes, and this needs no
  /// library.
  var png: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    // Eight bits; grey or red, green and blue; the only compression and filter methods, rows in order.
    let header =
      Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height))
      + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    Self.append("IHDR", header, to: &file)
    Self.append("IDAT", Self.stored(rows), to: &file)
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
    file += bigEndian(UInt32(data.count)) + chunk + bigEndian(CyclicChecksum.crc32(chunk))
  }

  /// A zlib stream of deflate's stored blocks, which hold at most 65,535 bytes.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let count = min(data.count - start, 65_535)
      stream.append(start + count == data.count ? 1 : 0)
      for size in [UInt16(count), ~UInt16(count)] {
        stream += [UInt8(truncatingIfNeeded: size), UInt8(size >> 8)]
      }
      stream += data[start..<start + count]
      start += count
    } while start < data.count
    return stream + bigEndian(adler32(data))
  }

  /// zlib's check: two sums modulo the largest prime below 65,536.
  private static func adler32(_ data: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
