// The text of a table's file: unpacked, decoded, and refused if it is not text.
import Basics
import Foundation
import Resources

/// A table's file as UTF-8.
enum TableText {
  /// The bytes of a file, unpacked where they are gzip, as UTF-8 without a byte-order mark.
  ///
  /// UTF-16 is read if a byte-order mark says so; nothing else is guessed.
  ///
  /// - Throws: `ProgramError` if the file cannot be read or is not such text.
  static func bytes(contentsOf url: URL) throws(ProgramError) -> [UInt8] {
    try utf8(
      try textBytes(
        at: url, hint: "check data.csv; it is relative to the experiment's file", copies: 4,
        readable: .utf16),
      name: url.path)
  }

  static func utf8(_ file: [UInt8], name: String) throws(ProgramError) -> [UInt8] {
    var bytes = file
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      return try utf8(fromUTF16: bytes, name: name)
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
    if let place = bytes.firstIndex(of: 0) {
      throw .bad(
        place: "\(name): line \(line(of: place, in: bytes))",
        problem: "expected text, found a NUL byte",
        hint: "save the table as CSV, UTF-8 (UTF-16 needs a byte-order mark)")
    }
    let isPlain = bytes.withUnsafeBufferPointer { bytes in bytes.allSatisfy { $0 < 0x80 } }
    guard !isPlain, String(validating: bytes, as: UTF8.self) == nil else { return bytes }
    let place = firstInvalid(bytes)
    throw .bad(
      place: "\(name): line \(line(of: place, in: bytes))",
      problem: "expected UTF-8 text, found the byte 0x\(String(bytes[place], radix: 16))",
      hint: "convert the file to UTF-8: iconv -f latin1 -t utf-8 FILE, or -f windows-1252")
  }

  private static func utf8(
    fromUTF16 bytes: [UInt8], name: String
  ) throws(ProgramError) -> [UInt8] {
    let isLittle = bytes[0] == 0xff
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
      isLittle
        ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
        : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }
    guard bytes.count.isMultiple(of: 2), !units.contains(0),
      let text = String(validating: units, as: UTF16.self)
    else {
      throw .bad(
        place: name, problem: "expected UTF-16 text as its byte-order mark says, found other bytes",
        hint: "save the file as UTF-8")
    }
    return Array(text.utf8)
  }

  private static func line(of place: Int, in bytes: [UInt8]) -> Int {
    1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") }
  }

  /// The first byte that UTF-8 does not have there.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let length =
        switch byte {
        case ..<0x80: 1
        case 0xc2..<0xe0: 2
        case 0xe0..<0xf0: 3
        case 0xf0..<0xf5: 4
        default: 0
        }
      guard length > 0, index + length <= bytes.count,
        String(validating: bytes[index..<index + length], as: UTF8.self) != nil
      else { return index }
      index += length
    }
    return max(bytes.count - 1, 0)
  }
}
