// Reads IDX files, the format of MNIST: a big-endian header, then the values, row by row.
import Foundation

/// The content of an IDX file of unsigned bytes, plain or packed with gzip.
package struct IDXFile: Sendable, Equatable {
  /// The length of each dimension, outermost first.
  package var shape: [Int]
  /// Row-major.
  package var values: [UInt8]

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` where the file is missing or no IDX file of unsigned bytes.
  package init(contentsOf url: URL) throws(DatasetError) {
    try self.init(bytes: try datasetBytes(at: url, hint: "check the path"), name: url.path)
  }

  init(bytes: [UInt8], name: String) throws(DatasetError) {
    func bad(_ problem: String) -> DatasetError {
      .bad(place: name, problem: problem, hint: "give an IDX file of unsigned bytes")
    }
    let reader = try ByteReader(bytes, name: name)
    let magic = try reader.read(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      throw bad("expected an IDX header, found other bytes")
    }
    guard magic[2] == 0x08 else {
      throw bad("expected unsigned bytes (type 0x08), found type 0x\(String(magic[2], radix: 16))")
    }
    let rank = Int(magic[3])
    let header = try reader.read(4 * rank)
    guard header.count == 4 * rank else {
      throw bad("expected \(rank) dimensions, found the file's end")
    }
    let shape = (0..<rank).map { dimension in
      header[(4 * dimension)..<(4 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let count = shape.elementCount else {
      throw bad("expected a shape that fits memory, found \(shape)")
    }
    // Asked before anything is allocated: a header may claim what it likes.
    guard count <= reader.remainingAtMost else {
      throw bad(
        "expected \(count) values for shape \(shape), found at most \(reader.remainingAtMost)")
    }
    let values = try reader.read(count)
    guard values.count == count else {
      throw bad("expected \(count) values for shape \(shape), found \(values.count)")
    }
    guard try reader.read(1).isEmpty else {
      throw bad("expected \(count) values for shape \(shape), found more")
    }
    self.shape = shape
    self.values = values
  }
}

extension [Int] {
  /// The number of values of this shape; nil where no machine holds them.
  var elementCount: Int? {
    var count = 1
    for size in self {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow, product <= ByteReader.limit else { return nil }
      count = product
    }
    return count
  }
}

extension [UInt8] {
  /// Pixels 0…255 as 0…1.
  var pixels: [Float] {
    // A table, because a division a pixel takes longer than reading them.
    let table = (0...255).map { Float($0) / 255 }
    return withUnsafeBufferPointer { bytes in
      table.withUnsafeBufferPointer { table in
        [Float](unsafeUninitializedCapacity: bytes.count) { pixels, count in
          for index in 0..<bytes.count { pixels[index] = table[Int(bytes[index])] }
          count = bytes.count
        }
      }
    }
  }
}
