// Protocol buffers' wire format, the other way round: fields of a message by their numbers.

/// Goes over the fields of a message; what is damaged ends it.
struct ProtobufReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// A text, bytes, a message, or packed numbers.
    case bytes(ArraySlice<UInt8>)

    var bytes: ArraySlice<UInt8> { if case .bytes(let bytes) = self { bytes } else { [] } }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// As a whole number; floating-point ones are none.
    var integer: Int? {
      if case .varint(let value) = self { Int(truncatingIfNeeded: value) } else { nil }
    }

    /// As a floating-point number.
    var number: Double? {
      switch self {
      case .fixed64(let bits): Double(bitPattern: bits)
      case .fixed32(let bits): Double(Float(bitPattern: bits))
      case .varint, .bytes: nil
      }
    }

    /// A field of doubles, packed or one of several.
    var doubles: [Double] {
      switch self {
      case .fixed64(let bits): return [Double(bitPattern: bits)]
      case .bytes(let bytes):
        var numbers: [Double] = []
        var reader = ProtobufReader(bytes)
        while let bits = reader.littleEndian(8) { numbers.append(Double(bitPattern: bits)) }
        return numbers
      case .varint, .fixed32: return []
      }
    }

    /// The same for single precision.
    var floats: [Float] {
      switch self {
      case .fixed32(let bits): return [Float(bitPattern: bits)]
      case .bytes(let bytes):
        var numbers: [Float] = []
        var reader = ProtobufReader(bytes)
        while let bits = reader.littleEndian(4) {
          numbers.append(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        }
        return numbers
      case .varint, .fixed64: return []
      }
    }
  }

  /// The next field; nil at the end, and where the bytes are none.
  mutating func next() -> (number: Int, value: Value)? {
    guard let key = varint(), key >> 3 > 0, key >> 3 < 1 << 29 else { return nil }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return varint().map { (number, .varint($0)) }
    case 1: return littleEndian(8).map { (number, .fixed64($0)) }
    case 2:
      guard let length = varint(), length <= UInt64(rest.count) else { return nil }
      let bytes = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      return (number, .bytes(bytes))
    case 5: return littleEndian(4).map { (number, .fixed32(UInt32(truncatingIfNeeded: $0))) }
    default: return nil
    }
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func littleEndian(_ count: Int) -> UInt64? {
    guard rest.count >= count else { return nil }
    var value: UInt64 = 0
    for (index, byte) in rest.prefix(count).enumerated() {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    rest = rest.dropFirst(count)
    return value
  }
}
