// One array of an NPY file: its values as numbers of each kind, row by row in C order.
import Basics
import Foundation

/// One array.
package struct NPYFile: Sendable, Equatable {
  /// What messages call the file.
  let name: String
  /// The length of each dimension as a network reads it, outermost first.
  private(set) var shape: [Int]
  /// The kind of its values.
  let type: NPYType
  private(set) var bytes: [UInt8]
  /// Where the values start in them.
  let start: Int
  let isBigEndian: Bool
  /// Values from one row to the next, and from a row's first value to each of them in C order; nil:
  /// they follow each other.
  private var rowStride: Int
  private var places: [Int]?

  /// Reads a file; `FILE.npz:NAME` is an array of an archive, and gzip is unpacked.
  ///
  /// - Throws: `ProgramError` if the file is missing, damaged, or holds no such values.
  package init(contentsOf url: URL) throws(ProgramError) {
    let (archive, array) = NPYArchive.parts(of: url.path)
    if let array {
      try self.init(bytes: NPYArchive(archive).array(array), name: url.path)
      return
    }
    let hint = "check the path; an array of an archive is FILE.npz:NAME"
    let bytes = try unpacked(
      try datasetBytes(at: url, hint: hint), name: url.path, copies: 2)
    try self.init(bytes: bytes, name: url.path)
  }

  init(bytes: [UInt8], name: String) throws(ProgramError) {
    let header = try NPYHeader(bytes, name: name)
    let there = bytes.count - header.end
    guard let count = header.shape.elementCount, count * header.type.size == there else {
      throw .bad(
        place: name,
        problem: "expected the values of shape \(header.shape) in \(header.type.name), found "
          + "\(there) bytes", hint: "the file is cut or damaged: save it again")
    }
    self.name = name
    shape = header.shape
    type = header.type
    self.bytes = bytes
    start = header.end
    isBigEndian = header.isBigEndian
    let inner = shape.dropFirst()
    if header.isFortranOrder, shape.count > 1 {
      // The first index runs fastest: a row's values lie as many apart as there are rows.
      rowStride = 1
      var strides: [Int] = []
      var stride = shape[0]
      for size in inner {
        strides.append(stride)
        stride *= size
      }
      places = Self.places(Array(inner), strides)
    } else {
      rowStride = inner.reduce(1, *)
    }
  }

  /// The offset of each value of a row, in C order.
  private static func places(_ sizes: [Int], _ strides: [Int]) -> [Int] {
    var places = [0]
    for (size, stride) in zip(sizes, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    return places
  }

  /// The numbers' kind; nil for texts.
  var element: NPYElement? {
    if case .numbers(let element) = type { element } else { nil }
  }

  /// Rows: the length of the first dimension.
  var rowCount: Int { shape.first ?? 0 }
  /// Values in a row.
  var rowSize: Int { shape.dropFirst().reduce(1, *) }

  /// Reads images in this layout as `[N, C, H, W]`.
  mutating func arrange(_ layout: ImageLayout) {
    switch layout {
    case .nchw: break
    case .nhw: shape = [shape[0], 1] + shape.dropFirst()
    case .nhwc:
      let (height, width, channels) = (shape[1], shape[2], shape[3])
      let old = places ?? Array(0..<rowSize)
      places = (0..<channels).flatMap { channel in
        (0..<height * width).map { old[$0 * channels + channel] }
      }
      shape = [shape[0], channels, height, width]
    }
  }

  /// Gives the memory of the values back; they must not be asked for again.
  mutating func releaseValues() { bytes = [] }

  /// Drops a second dimension of length 1: `[N, 1]` is `[N]`.
  mutating func dropSingleColumn() {
    if shape.count == 2, shape[1] == 1 { shape = [shape[0]] }
  }

  // MARK: - Values

  /// The values of these rows as Float.
  ///
  /// - Throws: `ProgramError` if one is not finite, naming its index.
  func floats(of rows: some Collection<Int>) throws(ProgramError) -> [Float] {
    let floats: [Float] = values(
      of: rows, small: { Float($0) }, large: { Float($0) }, unsigned: { Float($0) },
      float: { $0 }, double: { Float($0) })
    if element?.isInteger == false, let wrong = floats.firstIndex(where: { !$0.isFinite }) {
      let row = rows[rows.index(rows.startIndex, offsetBy: wrong / rowSize)]
      throw tooLarge(row, wrong % rowSize)
    }
    return floats
  }

  /// A value that no Float holds.
  private func tooLarge(_ row: Int, _ column: Int) -> ProgramError {
    let value = doubles(of: row..<row + 1)[column]
    return .bad(
      place: "\(name): value \(place(row, column))",
      problem: value.isFinite
        ? "expected a number that a Float holds, at most 3.4e38, found \(value)"
        : "expected a finite number, found \(value)",
      hint: value.isFinite ? "scale it before saving" : "drop or fill it before saving")
  }

  /// The values of these rows as they are; not checked.
  func doubles(of rows: some Collection<Int>) -> [Double] {
    values(
      of: rows, small: { Double($0) }, large: { Double($0) }, unsigned: { Double($0) },
      float: { Double($0) }, double: { $0 })
  }

  /// Throws where a value is not finite, naming its index.
  func checkFinite() throws(ProgramError) {
    guard element?.isInteger == false else { return }
    for row in 0..<rowCount {
      if let wrong = doubles(of: row..<row + 1).firstIndex(where: { !$0.isFinite }) {
        throw tooLarge(row, wrong)
      }
    }
  }

  /// Whole numbers as people number their classes.
  ///
  /// - Throws: `ProgramError` if one has a fraction or more digits than a class has.
  func labels() throws(ProgramError) -> [Int32] {
    func whole(_ value: Double) -> Int32 {
      value == value.rounded() ? Int32(exactly: value) ?? .min : .min
    }
    let labels: [Int32] = values(
      of: 0..<rowCount, small: { $0 }, large: { Int32(exactly: $0) ?? .min },
      unsigned: { Int32(exactly: $0) ?? .min }, float: { whole(Double($0)) }, double: whole)
    if let wrong = labels.firstIndex(of: .min) {
      let (row, column) = (wrong / rowSize, wrong % rowSize)
      let value = doubles(of: [row])[column]
      let isWhole = value == value.rounded()
      throw .bad(
        place: "\(name): value \(place(row, column))",
        problem: isWhole && value.isFinite
          ? "expected a class, a number of at most nine digits, found \(Int(exactly: value) ?? .max)"
          : "expected a class, a whole number, found \(value)",
        hint: isWhole && value.isFinite
          ? "number the classes from 0" : "for numbers to be predicted set loss to mse")
    }
    return labels
  }

  /// The index of a value as NumPy writes it.
  private func place(_ row: Int, _ column: Int) -> String {
    var rest = column
    let inner = shape.dropFirst().reversed().map { size in
      defer { rest /= size }
      return rest % size
    }
    let index = shape.isEmpty ? [] : [row] + inner.reversed()
    return "[\(index.map(String.init).joined(separator: ", "))]"
  }

  /// Writes the values of a row as they are.
  func read(_ row: Int, into values: UnsafeMutableBufferPointer<Double>) {
    guard let target = values.baseAddress else { return }
    fill(
      target, with: row..<row + 1, small: { Double($0) }, large: { Double($0) },
      unsigned: { Double($0) }, float: { Double($0) }, double: { $0 })
  }

  /// The values of these rows, each from what it is stored as.
  @inline(__always)
  private func values<Value>(
    of rows: some Collection<Int>, small: (Int32) -> Value, large: (Int64) -> Value,
    unsigned: (UInt64) -> Value, float: (Float) -> Value, double: (Double) -> Value
  ) -> [Value] {
    guard element != nil else { return [] }
    return [Value](unsafeUninitializedCapacity: rows.count * rowSize) { values, count in
      guard let target = values.baseAddress else { return }
      fill(
        target, with: rows, small: small, large: large, unsigned: unsigned, float: float,
        double: double)
      count = rows.count * rowSize
    }
  }

  @inline(__always)
  private func fill<Value>(
    _ target: UnsafeMutablePointer<Value>, with rows: some Collection<Int>,
    small: (Int32) -> Value, large: (Int64) -> Value, unsigned: (UInt64) -> Value,
    float: (Float) -> Value, double: (Double) -> Value
  ) {
    switch element {
    case nil: break
    case .boolean: fill(target, UInt8.self, rows) { small($0 == 0 ? 0 : 1) }
    case .uint8: fill(target, UInt8.self, rows) { small(Int32($0)) }
    case .int8: fill(target, UInt8.self, rows) { small(Int32(Int8(bitPattern: $0))) }
    case .uint16: fill(target, UInt16.self, rows) { small(Int32($0)) }
    case .int16: fill(target, UInt16.self, rows) { small(Int32(Int16(bitPattern: $0))) }
    case .int32: fill(target, UInt32.self, rows) { small(Int32(bitPattern: $0)) }
    case .uint32: fill(target, UInt32.self, rows) { large(Int64($0)) }
    case .int64: fill(target, UInt64.self, rows) { large(Int64(bitPattern: $0)) }
    case .uint64: fill(target, UInt64.self, rows) { unsigned($0) }
    case .float16: fill(target, UInt16.self, rows) { float(Float(Float16(bitPattern: $0))) }
    case .float32: fill(target, UInt32.self, rows) { float(Float(bitPattern: $0)) }
    case .float64: fill(target, UInt64.self, rows) { double(Double(bitPattern: $0)) }
    }
  }

  @inline(__always)
  private func fill<Raw: FixedWidthInteger, Value>(
    _ target: UnsafeMutablePointer<Value>, _ type: Raw.Type, _ rows: some Collection<Int>,
    _ convert: (Raw) -> Value
  ) {
    if isBigEndian {
      arrange(target, type, rows) { convert($0.byteSwapped) }
    } else {
      arrange(target, type, rows, convert)
    }
  }

  @inline(__always)
  private func arrange<Raw: FixedWidthInteger, Value>(
    _ target: UnsafeMutablePointer<Value>, _ type: Raw.Type, _ rows: some Collection<Int>,
    _ convert: (Raw) -> Value
  ) {
    let size = rowSize
    bytes.withUnsafeBytes { bytes in
      func value(_ index: Int) -> Value {
        convert(
          Raw(
            littleEndian: bytes.loadUnaligned(
              fromByteOffset: start + index * MemoryLayout<Raw>.size, as: type)))
      }
      var filled = 0
      guard let places else {
        for row in rows {
          let first = row * rowStride
          for index in 0..<size { (target + filled + index).initialize(to: value(first + index)) }
          filled += size
        }
        return
      }
      // Some rows at a time, so that neighbours of a column are read together.
      let block = 64
      var next = rows.startIndex
      while next != rows.endIndex {
        let end = rows.index(next, offsetBy: block, limitedBy: rows.endIndex) ?? rows.endIndex
        for (place, offset) in places.enumerated() {
          var index = filled + place
          for row in rows[next..<end] {
            (target + index).initialize(to: value(row * rowStride + offset))
            index += size
          }
        }
        filled += rows.distance(from: next, to: end) * size
        next = end
      }
    }
  }
}
