// TensorBoard's event files: scalars, histograms of norms, texts and hyperparameters of a run.
import Basics
import Foundation

/// A folder of event files is a run, as in TensorBoard; so is one whose subfolders `train` and
/// `validation` have them, as Keras writes them.
struct EventFile: ForeignFormat {
  let name = "a TensorBoard event file"

  /// Subfolders whose figures belong to the run of the folder above.
  static let parts: Set<String> = ["train", "validation", "val", "eval", "test"]

  static func isEventFile(_ name: String) -> Bool { name.contains(".tfevents.") }

  func recognizes(_ log: LogHead) -> Bool {
    log.isFolder
      ? !Self.files(in: log.path).isEmpty
      : Self.isEventFile((log.name as NSString).lastPathComponent)
  }

  /// The event files of a folder in the order in which they were begun, each with what stands before its
  /// tags.
  private static func files(in folder: String) -> [(path: String, prefix: String)] {
    func own(_ folder: String, _ prefix: String) -> [(path: String, prefix: String)] {
      names(in: folder).filter(isEventFile).map { ("\(folder)/\($0)", prefix) }
    }
    return own(folder, "")
      + names(in: folder).filter(parts.contains).flatMap { own("\(folder)/\($0)", $0 + "/") }
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError) {
    run.header.program = "TensorBoard"
    let files = log.isFolder ? Self.files(in: log.path) : [(path: log.path, prefix: "")]
    for (path, prefix) in files where !run.hasEnough {
      var frames = try EventFrames(path)
      var reader = EventReader(prefix: prefix)
      while !run.hasEnough, let entry = frames.next() { reader.take(entry, &run) }
      if let damage = frames.damage {
        let file = (path as NSString).lastPathComponent
        run.note("\(file): \(damage): what stands before was read")
      }
    }
  }
}

/// The entries of an event file, one after the other.
private struct EventFrames: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var offset = 0
  /// Why the entries end before the file does; nil if they do not.
  private(set) var damage: String?

  private static let piece = 1 << 20
  /// An entry of that size is none: a length that is damaged asks for anything.
  private static let longest = 1 << 28

  init(_ path: String) throws(ProgramError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: systemMessage())
    }
  }

  deinit { close(descriptor) }

  mutating func next() -> ArraySlice<UInt8>? {
    guard damage == nil, fill(12) else { return nil }
    let head = buffer[start..<start + 12]
    let length = Self.number(head.prefix(8))
    let check = EventFrame.masked(CyclicChecksum.crc32C(head.prefix(8)))
    guard UInt64(check) == Self.number(head.suffix(4)) else {
      damage = "damaged at byte \(offset)"
      return nil
    }
    guard length <= UInt64(Self.longest), fill(16 + Int(length)) else {
      damage = "cut at byte \(offset)"
      return nil
    }
    let entry = buffer[start + 12..<start + 12 + Int(length)]
    let end = buffer[start + 12 + Int(length)..<start + 16 + Int(length)]
    guard UInt64(EventFrame.masked(CyclicChecksum.crc32C(entry))) == Self.number(end) else {
      damage = "damaged at byte \(offset)"
      return nil
    }
    start += 16 + Int(length)
    offset += 16 + Int(length)
    return entry
  }

  /// Whether so many bytes stand behind the start; fewer than an entry's head at the end are damage too.
  private mutating func fill(_ count: Int) -> Bool {
    while buffer.count - start < count {
      if start > 0 {
        buffer.removeFirst(start)
        start = 0
      }
      var chunk = [UInt8](repeating: 0, count: Self.piece)
      let read = Foundation.read(descriptor, &chunk, chunk.count)
      guard read > 0 else {
        if count == 12, !buffer.isEmpty { damage = "cut at byte \(offset)" }
        return false
      }
      buffer += chunk[..<read]
    }
    return true
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// Takes messages of the type Event apart.
private struct EventReader {
  let prefix: String
  /// What the first entry of a tag says of all of them.
  private var plugins: [String: String] = [:]

  init(prefix: String) { self.prefix = prefix }

  mutating func take(_ entry: ArraySlice<UInt8>, _ run: inout ForeignRun) {
    var (time, step) = (Double.nan, 0)
    var summaries: [ArraySlice<UInt8>] = []
    var starts = false
    var event = ProtobufReader(entry)
    while let (number, value) = event.next() {
      switch number {
      case 1: time = value.number ?? .nan
      case 2: step = value.integer ?? 0
      case 5: summaries.append(value.bytes)
      case 7:
        var session = ProtobufReader(value.bytes)
        while let (number, value) = session.next() {
          if number == 1 { starts = value.integer == 1 }
        }
      default: break
      }
    }
    // A part of the data in a file of its own begins with the run.
    if starts, prefix.isEmpty { run.restart(at: step) }
    for summary in summaries {
      var reader = ProtobufReader(summary)
      while let (number, value) = reader.next() {
        if number == 1 { take(value: value.bytes, step: step, time: time, &run) }
      }
    }
  }

  private mutating func take(
    value bytes: ArraySlice<UInt8>, step: Int, time: Double, _ run: inout ForeignRun
  ) {
    var tag = ""
    var scalar: Double?
    var (histogram, tensor, metadata) = (
      ArraySlice<UInt8>?.none, ArraySlice<UInt8>?.none, [UInt8]()[...]
    )
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 1: tag = value.text
      case 2: scalar = value.number
      case 5: histogram = value.bytes
      case 8: tensor = value.bytes
      case 9: metadata = value.bytes
      default: break
      }
    }
    let (plugin, content) = Self.plugin(metadata)
    if let plugin { plugins[tag] = plugin }
    let kind = plugins[tag]
    if kind == "hparams" { return Hyperparameters.read(content, into: &run) }
    if let scalar {
      run.add(prefix + tag, scalar, step: step, time: time)
    } else if let histogram {
      add(HistogramNorms(message: histogram), tag, step, &run)
    } else if let tensor {
      let tensor = EventTensor(tensor)
      switch kind {
      case "scalars":
        if let value = tensor.numbers.first { run.add(prefix + tag, value, step: step, time: time) }
      case "histograms": add(HistogramNorms(rows: tensor.numbers), tag, step, &run)
      case "text":
        let text = tensor.texts.joined(separator: "\n")
        if !text.isEmpty { run.add(text: text, title: prefix + tag, step: step) }
      default: break
      }
    }
  }

  private func add(
    _ histogram: HistogramNorms?, _ tag: String, _ step: Int, _ run: inout ForeignRun
  ) {
    guard let layer = HistogramNorms.layer(of: tag), let norms = histogram?.norms else { return }
    run.note("norms are read from histograms: how many are how large, not which unit has which")
    run.add(NormsRecord.Layer(name: layer, norms: norms), step: step)
  }

  /// The plugin that a tag is for, and what it keeps there.
  private static func plugin(
    _ metadata: ArraySlice<UInt8>
  ) -> (name: String?, content: ArraySlice<UInt8>) {
    var reader = ProtobufReader(metadata)
    while let (number, value) = reader.next() {
      guard number == 1 else { continue }
      var (name, content) = (String?.none, [UInt8]()[...])
      var data = ProtobufReader(value.bytes)
      while let (number, value) = data.next() {
        if number == 1 { name = value.text }
        if number == 2 { content = value.bytes }
      }
      return (name, content)
    }
    return (nil, [])
  }
}

/// The values of a message of the type TensorProto, as far as scalars, histograms and texts need them.
private struct EventTensor {
  private(set) var numbers: [Double] = []
  private(set) var texts: [String] = []

  init(_ bytes: ArraySlice<UInt8>) {
    var type = 0
    var content: ArraySlice<UInt8>?
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 1: type = value.integer ?? 0
      case 4: content = value.bytes
      case 5: numbers += value.floats.map(Double.init)
      case 6: numbers += value.doubles
      case 7, 10:
        if let integer = value.integer { numbers.append(Double(integer)) }
      case 8: texts.append(value.text)
      default: break
      }
    }
    guard let content, numbers.isEmpty else { return }
    switch type {
    // DT_FLOAT, DT_DOUBLE; others are no figures.
    case 1: numbers = ProtobufReader.Value.bytes(content).floats.map(Double.init)
    case 2: numbers = ProtobufReader.Value.bytes(content).doubles
    default: break
    }
  }
}

/// What the plugin for hyperparameters keeps: settings, and how the run ended.
private enum Hyperparameters {
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
