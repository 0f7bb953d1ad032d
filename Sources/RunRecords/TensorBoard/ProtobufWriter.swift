// Protocol buffers' wire format, as far as event files need it.

/// Appends fields of a message to bytes; numbers of fields are those of the message's definition.
///
/// By hand, because a dozen fields of five messages need neither a generator nor a library at run
/// time.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  mutating func field(_ number: Int, _ value: Int) {
    key(number, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func field(_ number: Int, _ value: Float) {
    key(number, .fixed32)
    appendLittleEndian(value.bitPattern)
  }

  mutating func field(_ number: Int, _ value: Double) {
    key(number, .fixed64)
    appendLittleEndian(value.bitPattern)
  }

  mutating func field(_ number: Int, _ value: String) { field(number, bytes: value.utf8) }

  /// A field of bytes, or of a message that is encoded already.
  mutating func field(_ number: Int, bytes value: some Collection<UInt8>) {
    key(number, .lengthDelimited)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A repeated field of doubles, packed.
  mutating func field(_ number: Int, packed values: [Double]) {
    key(number, .lengthDelimited)
    varint(UInt64(8 * values.count))
    for value in values { appendLittleEndian(value.bitPattern) }
  }

  /// A message within the message.
  mutating func field(_ number: Int, _ fields: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    fields(&message)
    field(number, bytes: message.bytes)
  }

  /// Fields that are encoded already.
  mutating func append(_ fields: [UInt8]) { bytes += fields }

  private mutating func key(_ number: Int, _ type: WireType) {
    varint(UInt64(number) << 3 | type.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// The bytes of a number, without a key.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
