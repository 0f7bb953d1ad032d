// The fields of a record, each declared once: the same declaration writes, reads, and names columns.

/// A record, or a part of one, that declares its fields in the order in which they are written.
///
/// `JSONWriter` writes them, `FieldReader` reads them, `CellCoder` makes columns and cells of a table
/// of them, and `ScalarCoder` what TensorBoard shows as curves.
protocol RecordFields: Decodable {
  /// One of which nothing is known yet, for reading into.
  static var blank: Self { get }

  /// Hands every field to a coder; one that reads puts values into them.
  mutating func code(_ fields: inout some FieldCoder)
}

/// Something that goes over the fields of a record.
protocol FieldCoder {
  /// A field without which a record is invalid.
  mutating func required<Value: FieldValue>(_ key: String, _ value: inout Value)

  /// A field that another program may leave out: nil is unknown.
  ///
  /// `tag` says how TensorBoard shows it; nil: not as a curve.
  mutating func field<Value: FieldValue>(
    _ key: String, _ value: inout Value?, _ presence: FieldPresence, tag: ScalarTag?)

  /// A switch that is written only where it is on.
  mutating func mark(_ key: String, _ isOn: inout Bool)

  /// A nested object with its fields.
  mutating func part<Part: RecordFields>(
    _ key: String, _ part: inout Part?, _ presence: FieldPresence)

  /// Parts in a list; those of other programs that miss a required field are left out.
  mutating func list<Part: RecordFields>(
    _ key: String, _ parts: inout [Part], _ presence: FieldPresence)

  /// An object whose keys are names of the run: metrics, layers, planes.
  ///
  /// The order of keys is lost in reading: they come sorted.
  mutating func named<Value: FieldValue>(
    _ key: String, _ entries: inout [(name: String, value: Value)], _ presence: FieldPresence)

  /// A figure whose name is its key, in an object that has but one other key.
  mutating func figure(_ name: inout String, _ value: inout Float, besides other: String)

  /// Refuses, in reading, a record whose fields do not fit together.
  mutating func check(_ fits: Bool, _ key: String, _ problem: @autoclosure () -> String)
}

/// When this program writes a field, and so whether its own logs may miss it.
enum FieldPresence {
  /// Always; its own logs never miss it.
  case always
  /// Always written, as null without a value.
  case orNull
  /// Where there is a value.
  case ifAny
  /// Where there is a value, and in a table only if the header says that there will be one.
  case announced
  /// Where there is a value, and in no table: what runs of this program never have, or what differs
  /// between two that are the same.
  case aside
}

extension FieldCoder {
  mutating func field<Value: FieldValue>(
    _ key: String, _ value: inout Value?, _ presence: FieldPresence = .always
  ) {
    field(key, &value, presence, tag: nil)
  }

  mutating func field<Value: FieldValue>(_ key: String, _ value: inout Value?, tag: ScalarTag) {
    field(key, &value, .always, tag: tag)
  }

  /// A list of values or a text that is empty if it is unknown.
  mutating func field<Value: FieldValue & Emptyable>(
    _ key: String, _ value: inout Value, _ presence: FieldPresence = .always
  ) {
    var content: Value? = presence == .ifAny && value.isEmpty ? nil : value
    field(key, &content, presence, tag: nil)
    value = content ?? .init()
  }
}

/// A value that has an empty one.
protocol Emptyable {
  init()
  var isEmpty: Bool { get }
}

extension String: Emptyable {}
extension Array: Emptyable {}
