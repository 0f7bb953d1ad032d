// Files for tests: written to a temporary folder, packed, or found in the project's shared data.
import Basics
import CZlib
import Foundation
import TestSupport
import Testing

@testable import Datasets

enum TestFiles {
  /// Calls `body` with a folder of these files, and removes it.
  static func inFolder<Result>(
    _ files: [String: [UInt8]], _ body: (URL) throws -> Result
  ) throws -> Result {
    try inTemporaryFolder(files, body)
  }

  /// Packed by zlib's own gzip writer.
  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    try inFolder([:]) { folder in
      let path = folder.appendingPathComponent("x.gz").path
      let file = try #require(gzopen(path, "wb"))
      #expect(gzwrite(file, bytes, UInt32(bytes.count)) == Int32(bytes.count))
      gzclose(file)
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  /// An IDX file of unsigned bytes.
  static func idx(_ shape: [Int], _ values: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)]
      + shape.flatMap { size in [24, 16, 8, 0].map { UInt8(size >> $0 & 0xff) } } + values
  }

  /// An NPY file, as numpy.save writes it.
  static func npy(
    _ type: String, _ shape: [Int], _ values: [UInt8], fortran: Bool = false
  ) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header =
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(header.utf8) + values
  }

  static func bytes(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
  }

  static func bytes(_ numbers: [Float]) -> [UInt8] { bytes(numbers.map(\.bitPattern)) }

  /// What an error says; "none" without one.
  static func problem(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }
}

/// Real data sets that do not ship; tests that need them are left out where they are missing.
enum SharedData {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data")

  static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url(name).path)
  }

  static func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
}

extension Examples {
  /// The labels of classes; empty for other targets.
  var labels: [Int32] {
    switch targets {
    case .classes(let labels, _, _), .classesAndBoxes(let labels, _, _): labels
    case .values: []
    }
  }

  /// The values of a regression; empty for other targets.
  var values: [Float] {
    if case .values(let values, _) = targets { values } else { [] }
  }
}
