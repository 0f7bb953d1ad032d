// A command as a line of the file beside a log: read without guessing, written by viewers.
import Foundation
import PlainText

/// What a line asks of a run.
package struct CommandRequest: Sendable, Equatable {
  package var wish: Wish
  /// Comes back with the answer, and acts once.
  package var id: String?
  /// The run that it is for; nil: whichever listens.
  package var runID: String?
  /// When it is worth nothing any more.
  package var expires: WallTime?

  package enum Wish: Sendable, Equatable {
    case command(Command)
    /// Somebody watches, and wants norms for a while.
    case watch
  }

  package init(
    _ wish: Wish, id: String? = nil, runID: String? = nil, expires: WallTime? = nil
  ) {
    self.wish = wish
    self.id = id
    self.runID = runID
    self.expires = expires
  }

  /// Who asks: what stands before the last point of an id; nil if nobody says.
  package static func asker(_ id: String?) -> String? {
    id.flatMap { id in id.lastIndex(of: ".").map { String(id[..<$0]) } }
  }

  /// Whether text can be an id, or a run's.
  package static func isID(_ text: String, atMost count: Int = 128) -> Bool {
    (1...count).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

// MARK: Reading

extension CommandRequest {
  private static let keys = ["id", "run_id", "action", "layer", "value", "expires"]
  fileprivate static let watchName = "watch"
  fileprivate static let undoName = "undo"

  /// What was found, short.
  fileprivate static func shown(_ value: JSONValue?) -> String {
    guard let value else { return "none" }
    let text = value.string ?? value.json
    return text.count > 60 ? "\(text.prefix(60))…" : text
  }

  /// Reads a line.
  ///
  /// - Throws: `RefusedRecord` if it is not a command; it carries the id if that could be read.
  package init(line: some DataProtocol) throws(RefusedRecord) {
    guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(line)),
      case .fields(let fields) = document
    else { throw RefusedRecord("expected a JSON object on a line, found other text") }
    let id = document["id"]?.string.flatMap { Self.isID($0) ? $0 : nil }
    func refusal(_ reason: String) -> RefusedRecord { RefusedRecord(reason, id: id) }
    for field in fields where !Self.keys.contains(field.key) {
      throw refusal(
        "expected only \(Self.keys.joined(separator: ", ")), found \(Self.shown(.text(field.key)))")
    }
    func text(_ key: String) throws(RefusedRecord) -> String? {
      guard let value = document[key], value != .null else { return nil }
      guard let text = value.string else {
        throw refusal("\(key): expected text, found \(Self.shown(value))")
      }
      return text
    }
    let (idText, runID) = (try text("id"), try text("run_id"))
    for (key, text) in [("id", idText), ("run_id", runID)] {
      guard let text, !Self.isID(text) else { continue }
      throw refusal(
        "\(key): expected 1 to 128 of A-Z a-z 0-9 . _ -, found \(Self.shown(.text(text)))")
    }
    let expires = try text("expires").map { text throws(RefusedRecord) -> WallTime in
      guard let time = WallTime(text) else {
        throw refusal(
          "expires: expected a time such as 2026-11-30T10:00:00Z, found \(Self.shown(.text(text)))")
      }
      return time
    }
    guard let action = try text("action") else { throw refusal("expected an action, found none") }
    let layer = try text("layer")
    do throws(RefusedRecord) {
      let value = document["value"].flatMap { $0 == .null ? nil : $0 }
      let wish = try Wish(action, layer: layer, value: value)
      self.init(wish, id: id, runID: runID, expires: expires)
    } catch {
      throw refusal(error.reason)
    }
  }
}

extension CommandRequest.Wish {
  /// What an action with a layer and a value asks for.
  ///
  /// - Throws: `RefusedRecord` if they do not go together.
  package init(_ name: String, layer: String?, value: JSONValue?) throws(RefusedRecord) {
    self = try Self.wish(name, layer: layer, value: value)
  }

  private static func wish(
    _ name: String, layer: String?, value: JSONValue?
  ) throws(RefusedRecord) -> Self {
    if name == CommandRequest.watchName {
      try refuse(value, layer, of: name)
      return .watch
    }
    if name == CommandRequest.undoName {
      try refuse(value, layer, of: name)
      return .command(.undo)
    }
    guard let action = EventRecord.Action(rawValue: name) else {
      throw RefusedRecord(
        "action: expected one of the manual's, found \(CommandRequest.shown(.text(name)))")
    }
    if case .setting(let setting) = action {
      return .command(try command(setting, layer: layer, value: value))
    }
    if let layer {
      throw RefusedRecord("\(name): expected no layer, found \(CommandRequest.shown(.text(layer)))")
    }
    switch action {
    case .setting, .extend:
      throw RefusedRecord("\(name): expected an action of the manual's, found another")
    case .twin: return .command(.twin(try flag(value, name)))
    case .pace:
      guard let pace = value?.double, pace >= 0, pace.isFinite else {
        throw RefusedRecord(
          "\(name): expected a number of 0 or more, found \(CommandRequest.shown(value))")
      }
      return .command(.pace(pace))
    case .reseed:
      guard case .integer(let seed)? = value, seed >= 0 else {
        throw RefusedRecord(
          "\(name): expected a whole number from 0 to \(Int.max), found \(CommandRequest.shown(value))"
        )
      }
      return .command(.reseed(UInt64(seed)))
    case .fork: return try plain(.fork, value, name)
    case .checkpoint: return try plain(.checkpoint, value, name)
    case .pause: return try plain(.pause, value, name)
    case .resume: return try plain(.resume, value, name)
    case .step: return try plain(.singleStep, value, name)
    case .reset: return try plain(.reset, value, name)
    case .stop: return try plain(.stop, value, name)
    }
  }

  private static func command(
    _ setting: Setting, layer: String?, value: JSONValue?
  ) throws(RefusedRecord) -> Command {
    let name = setting.rawValue
    let description = setting.description
    if let layer, description.layerExplanation == nil {
      throw RefusedRecord("\(name): expected no layer, found \(CommandRequest.shown(.text(layer)))")
    }
    guard let range = description.range else {
      return .set(setting, layer: layer, to: .flag(try flag(value, name)))
    }
    guard let number = value?.double, setting.accepts(.number(Float(number))) else {
      throw RefusedRecord("\(name): expected \(range.phrase), found \(CommandRequest.shown(value))")
    }
    return .set(setting, layer: layer, to: .number(Float(number)))
  }

  private static func flag(_ value: JSONValue?, _ name: String) throws(RefusedRecord) -> Bool {
    guard case .flag(let flag)? = value else {
      throw RefusedRecord("\(name): expected true or false, found \(CommandRequest.shown(value))")
    }
    return flag
  }

  private static func plain(
    _ command: Command, _ value: JSONValue?, _ name: String
  ) throws(RefusedRecord) -> Self {
    try refuse(value, nil, of: name)
    return .command(command)
  }

  private static func refuse(
    _ value: JSONValue?, _ layer: String?, of name: String
  ) throws(RefusedRecord) {
    if let layer {
      throw RefusedRecord("\(name): expected no layer, found \(CommandRequest.shown(.text(layer)))")
    }
    if let value {
      throw RefusedRecord("\(name): expected no value, found \(CommandRequest.shown(value))")
    }
  }
}

extension RefusedRecord: Error {}

// MARK: Writing

extension CommandRequest {
  /// The line, with its line feed; nil for a command that cannot be asked for from outside.
  package var line: [UInt8]? {
    var layer: String?
    var value: EventRecord.Value?
    let name: String
    switch wish {
    case .watch: name = Self.watchName
    case .command(let command):
      switch command {
      case .extend, .undoChange: return nil
      case .set(_, let ofLayer, let to): (layer, value) = (ofLayer, to)
      case .twin(let isOn): value = .flag(isOn)
      case .pace(let pace): value = .number(Float(pace))
      case .reseed(let seed): value = .seed(seed)
      case .undo, .fork, .checkpoint, .pause, .resume, .singleStep, .reset, .stop: break
      }
      name = command.action?.rawValue ?? Self.undoName
    }
    var json = JSONWriter()
    json.object { json in
      if let id { json.text(id, "id") }
      if let runID { json.text(runID, "run_id") }
      json.text(name, "action")
      if let layer { json.text(layer, "layer") }
      value?.write(to: &json, "value")
      if let expires { json.text(expires.text, "expires") }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
