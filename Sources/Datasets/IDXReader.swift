// Reads IDX files, the format of MNIST: a big-endian header, then the values, row by row.
import Basics
import Foundation
import Resources

/// The content of an IDX file of whole numbers, plain or packed with gzip.
package struct IDXFile: Sendable, Equatable {
  /// The kinds of numbers that are read, by the format's own code.
  package enum Element: UInt8, Sendable {
    case unsignedByte = 0x08
    case signedByte = 0x09
    case short = 0x0b
    case int = 0x0c

    var size: Int {
      switch self {
      case .unsignedByte, .signedByte: 1
      case .short: 2
      case .int: 4
      }
    }

    var name: String {
      switch self {
      case .unsignedByte: "unsigned bytes"
      case .signedByte: "signed bytes"
      case .short: "numbers of 16 bits"
      case .int: "numbers of 32 bits"
      }
    }
  }

  /// The kind of its numbers.
  package var type: Element
  /// The length of each dimension, outermost first.
  package var shape: [Int]
  /// The bytes of the numbers, row-major; those of one number from the highest on.
  package var values: [UInt8]

  /// Reads a file.
  ///
  /// - Throws: `ProgramError` if the file is missing or no IDX file of whole numbers.
  package init(contentsOf url: URL) throws(ProgramError) {
    try self.init(bytes: try datasetBytes(at: url, hint: "check the path"), name: url.path)
  }

  init(bytes: [UInt8], name: String) throws(ProgramError) {
    func bad(_ problem: String) -> ProgramError {
      .bad(place: name, problem: problem, hint: "give an IDX file of whole numbers")
    }
    let reader = try ByteReader(bytes, name: name)
    let magic = try reader.read(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      if let format = FileFormat(bytes), format != .gzip {
        throw .bad(
          place: name, problem: "expected an IDX file, found \(format.name)",
          hint: format == .gitLFSPointer
            ? "get the file itself with 'git lfs pull' in its folder"
            : "unpack it or get the IDX file")
      }
      throw bad("expected an IDX header, found other bytes")
    }
    guard let type = Element(rawValue: magic[2]) else {
      throw bad("expected whole numbers (type 0x08), found type 0x\(String(magic[2], radix: 16))")
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
    let most = reader.remainingAtMost / type.size
    guard count <= most else {
      throw bad("expected \(count) values for shape \(shape), found at most \(most)")
    }
    let values = try reader.read(count * type.size)
    guard values.count == count * type.size else {
      throw bad(
        "expected \(count) values for shape \(shape), found \(values.count / type.size)")
    }
    guard try reader.read(1).isEmpty else {
      throw bad("expected \(count) values for shape \(shape), found more")
    }
    self.type = type
    self.shape = shape
    self.values = values
  }

  /// The first number of every row of `columns`.
  func integers(every columns: Int) -> [Int32] {
    if type == .unsignedByte, columns == 1 { return values.map(Int32.init) }
    let size = type.size
    return stride(from: 0, to: values.count, by: size * columns).map { place in
      let number = values[place..<place + size].reduce(0) { $0 << 8 | Int($1) }
      let sign = 1 << (8 * size - 1)
      return Int32(type != .unsignedByte && number & sign != 0 ? number - 2 * sign : number)
    }
  }
}

extension [Int] {
  /// The number of values of this shape; nil if no machine holds them.
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
