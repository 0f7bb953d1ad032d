// Reads NPY files, NumPy's format of one array, versions 1 to 3.
import Foundation

/// One array of numbers.
package struct NPYFile: Sendable, Equatable {
  /// The kinds of numbers that are read; all little-endian.
  package enum Element: String, Sendable, CaseIterable {
    case float32 = "<f4"
    case float64 = "<f8"
    case int32 = "<i4"
    case int64 = "<i8"
    case uint8 = "|u1"

    /// Whole numbers.
    package var isInteger: Bool { self != .float32 && self != .float64 }

    fileprivate var size: Int {
      switch self {
      case .uint8: 1
      case .float32, .int32: 4
      case .float64, .int64: 8
      }
    }
  }

  /// What messages call the file.
  package let name: String
  /// The length of each dimension, outermost first.
  package let shape: [Int]
  /// The kind of its numbers.
  package let element: Element
  private let bytes: [UInt8]
  private let start: Int
  private let count: Int

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` where the file is missing or no NPY file in C order of such numbers.
  package init(contentsOf url: URL) throws(DatasetError) {
    try self.init(bytes: try datasetBytes(at: url, hint: "check the path"), name: url.path)
  }

  init(bytes: [UInt8], name: String) throws(DatasetError) {
    let header = try NPYHeader(bytes, name: name)
    guard let element = Element(rawValue: header.type.replacing("=", with: "<")) else {
      let isBigEndian = header.type.hasPrefix(">")
      throw .bad(
        place: name,
        problem: "expected one of \(Element.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "found \(isBigEndian ? "big-endian " : "")numbers of type '\(header.type)'",
        hint: isBigEndian
          ? "save it with numpy.save(file, array.astype(array.dtype.newbyteorder('<')))"
          : "save it with numpy.save(file, array.astype('float32')), or 'int64' for classes")
    }
    guard !header.isFortranOrder else {
      throw .bad(
        place: name, problem: "expected C order, found Fortran order",
        hint: "save it with numpy.save(file, numpy.ascontiguousarray(array))")
    }
    let there = bytes.count - header.end
    guard let count = header.shape.elementCount, count * element.size == there else {
      throw .bad(
        place: name,
        problem: "expected the values of shape \(header.shape) in \(element), found \(there) bytes",
        hint: "save the file again")
    }
    self.name = name
    shape = header.shape
    self.element = element
    self.bytes = bytes
    start = header.end
    self.count = count
  }

  /// The values as Float.
  ///
  /// - Throws: `DatasetError` where one is not finite, naming its index.
  package func floats() throws(DatasetError) -> [Float] {
    let floats: [Float] =
      switch element {
      case .float32: values(UInt32.self) { Float(bitPattern: $0) }
      case .float64: values(UInt64.self) { Float(Double(bitPattern: $0)) }
      case .int32: values(UInt32.self) { Float(Int32(bitPattern: $0)) }
      case .int64: values(UInt64.self) { Float(Int64(bitPattern: $0)) }
      case .uint8: values(UInt8.self) { Float($0) }
      }
    if let wrong = floats.firstIndex(where: { !$0.isFinite }) {
      throw .bad(
        place: "\(name): value \(place(wrong))",
        problem: "expected a finite number, found \(floats[wrong])",
        hint: "drop or fill it before saving")
    }
    return floats
  }

  /// The whole numbers as classes.
  ///
  /// - Throws: `DatasetError` where one is negative or too large for a class.
  package func labels() throws(DatasetError) -> [Int32] {
    let limit = 1 << 16
    let numbers: [Int] =
      switch element {
      case .int32: values(UInt32.self) { Int(Int32(bitPattern: $0)) }
      case .int64: values(UInt64.self) { Int(Int64(bitPattern: $0)) }
      case .uint8: values(UInt8.self) { Int($0) }
      case .float32, .float64: []
      }
    if let wrong = numbers.firstIndex(where: { !(0..<limit ~= $0) }) {
      throw .bad(
        place: "\(name): value \(place(wrong))",
        problem: "expected a class, 0 to \(limit - 1), found \(numbers[wrong])",
        hint: "number the classes from 0; save numbers to be predicted as float32")
    }
    return numbers.map { Int32($0) }
  }

  /// The index of a value as NumPy writes it.
  private func place(_ index: Int) -> String {
    var rest = index
    let places = shape.reversed().map { size in
      defer { rest /= size }
      return rest % size
    }
    return "[\(places.reversed().map(String.init).joined(separator: ", "))]"
  }

  @inline(__always)
  private func values<Raw: FixedWidthInteger, Value>(
    _ type: Raw.Type, _ convert: (Raw) -> Value
  ) -> [Value] {
    bytes.withUnsafeBytes { bytes in
      [Value](unsafeUninitializedCapacity: count) { values, filled in
        for index in 0..<count {
          let raw = bytes.loadUnaligned(
            fromByteOffset: start + index * MemoryLayout<Raw>.size, as: type)
          values.initializeElement(at: index, to: convert(Raw(littleEndian: raw)))
        }
        filled = count
      }
    }
  }
}

/// The dictionary in front of the values.
private struct NPYHeader {
  let type: String
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the values start.
  let end: Int

  init(_ bytes: [UInt8], name: String) throws(DatasetError) {
    func bad(_ problem: String) -> DatasetError {
      .bad(place: name, problem: problem, hint: "give a file that numpy.save wrote")
    }
    let isShort = bytes.count > 6 && bytes[6] == 1
    let start = isShort ? 10 : 12
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= start else {
      throw bad("expected an NPY header, found other bytes")
    }
    guard 1...3 ~= bytes[6] else {
      throw bad("expected version 1 to 3, found version \(bytes[6])")
    }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    let limit = 1 << 16
    guard length <= min(limit, bytes.count - start) else {
      throw bad(
        "expected a header of at most \(min(limit, bytes.count - start)) bytes, found \(length)")
    }
    end = start + length
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    guard
      let type = text.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.1,
      let order = text.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.1,
      let sizes = text.firstMatch(of: /'shape'\s*:\s*\(([0-9,\sL]*)\)/)?.1
    else {
      throw bad("expected descr, fortran_order and shape in the header, found '\(text.prefix(80))'")
    }
    let numbers = sizes.split(separator: ",").map { $0.filter(\.isNumber) }.filter { !$0.isEmpty }
    let shape = numbers.compactMap { Int($0) }
    guard shape.count == numbers.count, shape.count <= 32 else {
      throw bad("expected a shape that fits memory, found (\(sizes))")
    }
    self.type = String(type)
    isFortranOrder = order == "True"
    self.shape = shape
  }
}
