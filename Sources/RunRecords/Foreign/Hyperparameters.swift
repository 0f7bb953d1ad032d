// What TensorBoard's plugin for hyperparameters keeps in event files.

/// What the plugin for hyperparameters keeps: settings, and how the run ended.
enum Hyperparameters {
  static func read(_ content: ArraySlice<UInt8>, into run: inout ForeignRun) {
    var reader = ProtobufReader(content)
    while let (number, value) = reader.next() {
      switch number {
      case 3: start(value.bytes, &run)
      case 4:
        var end = ProtobufReader(value.bytes)
        while let (number, value) = end.next() {
          // STATUS_SUCCESS, STATUS_FAILURE
          if number == 1, value.integer == 1 { run.end = .finished }
          if number == 1, value.integer == 2 { run.end = .interrupted }
        }
      default: break
      }
    }
  }

  private static func start(_ bytes: ArraySlice<UInt8>, _ run: inout ForeignRun) {
    var fields: [JSONValue.Field] = []
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      guard number == 1 else { continue }
      var (key, setting) = ("", JSONValue.null)
      var entry = ProtobufReader(value.bytes)
      while let (number, value) = entry.next() {
        if number == 1 { key = value.text }
        if number == 2 { setting = Self.value(value.bytes) }
      }
      if !key.isEmpty, !fields.contains(where: { $0.key == key }) {
        fields.append(.init(key, setting))
      }
    }
    if !fields.isEmpty { run.header.experiment = .fields(fields.sorted { $0.key < $1.key }) }
  }

  private static func value(_ bytes: ArraySlice<UInt8>) -> JSONValue {
    var reader = ProtobufReader(bytes)
    guard let (number, value) = reader.next() else { return .null }
    switch number {
    case 2: return value.number.map(JSONValue.number) ?? .null
    case 3: return .text(value.text)
    case 4: return .flag(value.integer == 1)
    default: return .null
    }
  }
}
