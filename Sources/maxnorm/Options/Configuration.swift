// The user's configuration file: options that hold for every run unless the command line says otherwise.
import Basics
import Dashboard
import Experiments
import Foundation
import Resources
import RunHistory
import RunRecords
import Training

/// What `config.yaml` says; nil if it says nothing.
struct Configuration: Equatable {
  var theme: String?
  var ascii: Bool?
  var mouse: Bool?
  var borders: Bool?
  /// For a terminal alone: a pipe still gets records.
  var plain: Bool?
  var preset: LayoutState.Preset?
  var smoothing: Smoothing?
  var grid: Bool?
  /// Frames a second.
  var refresh: Double?
  var threads: Int?
  var data: String?
  /// The user's own keys.
  var keyMap = KeyMap()

  /// Each is called as its option.
  static let keys = [
    "theme", "ascii", "mouse", "borders", "plain", "preset", "smoothing", "grid", "refresh",
    "threads", "data", "keys",
  ]

  /// Reads the user's file, where there is one.
  ///
  /// - Throws: `ProgramError` if it cannot be read or says what cannot be.
  static func load() throws -> Configuration {
    guard let url = UserFolders.configuration?.appendingPathComponent("config.yaml"),
      FileManager.default.fileExists(atPath: url.path)
    else { return Configuration() }
    let bytes: [UInt8]
    do {
      bytes = try fileContents(url.path, within: .settings)
    } catch {
      throw ProgramError(
        "config: \(url.path): expected a readable file: \(error.reason): check the path",
        status: error.isUnsuitable ? ProgramError.Status.usage : ProgramError.Status.notFound)
    }
    return try Configuration(
      yaml: String(decoding: bytes, as: UTF8.self), path: url.path)
  }

  init() {}

  /// - Throws: `ProgramError` that names the file and the key.
  init(yaml: String, path: String) throws {
    let document: JSONValue
    do {
      document = try JSONValue(yaml: yaml, name: path, keys: Self.keys)
    } catch {
      throw Self.error(path, "", error.problem, error.hint)
    }
    guard document != .null else { return }
    guard case .fields(let fields) = document else {
      throw Self.error(path, "", "expected keys and values", "such as theme: maxnorm-dark")
    }
    var seen: Set<String> = []
    for field in fields {
      // As if it were not there.
      if field.value == .null, Self.keys.contains(field.key) { continue }
      guard seen.insert(field.key).inserted else {
        throw Self.error(path, field.key, "expected the key once, found it again", "remove one")
      }
      try apply(field, path: path)
    }
  }

  private mutating func apply(_ field: JSONValue.Field, path: String) throws {
    func fail(_ expected: String) -> ProgramError {
      Self.error(path, field.key, "expected \(expected), found \(Self.text(field.value))", "")
    }
    switch (field.key, field.value) {
    case ("theme", .text(let name)): theme = expandingHome(name)
    case ("theme", _): throw fail("a theme's name or file")
    case ("ascii", .flag(let flag)): ascii = flag
    case ("mouse", .flag(let flag)): mouse = flag
    case ("borders", .flag(let flag)): borders = flag
    case ("plain", .flag(let flag)): plain = flag
    case ("grid", .flag(let flag)): grid = flag
    case ("ascii", _), ("mouse", _), ("borders", _), ("plain", _), ("grid", _):
      throw fail("true or false")
    case ("refresh", let value) where FrameCadence.rates.contains(value.double ?? 0):
      refresh = value.double
    case ("refresh", _): throw fail("\(FrameCadence.rateWords) frames a second")
    case ("preset", let value):
      preset = value.string.flatMap(LayoutState.Preset.init)
      if preset == nil { throw fail("one of \(LayoutState.Preset.names)") }
    case ("smoothing", let value):
      smoothing = value.string.flatMap(Smoothing.init(name:))
      if smoothing == nil { throw fail("one of \(Smoothing.names)") }
    case ("threads", let value) where 1...1024 ~= value.whole ?? 0: threads = value.whole
    case ("threads", _): throw fail("a whole number from 1 to 1024")
    case ("data", .text(let folder)) where !folder.isEmpty:
      data = Self.expanded(folder, from: path)
    case ("data", _): throw fail("a folder")
    case ("keys", .fields(let fields)): try apply(keys: fields, path: path)
    case ("keys", _): throw fail("actions and their keys, such as {constraint: C}")
    default:
      let near = ForeignNames.hint(for: field.key, at: .other, among: Self.keys)
      throw Self.error(
        path, field.key,
        "expected one of \(Self.keys.joined(separator: ", ")); found an unknown key",
        near ?? "remove it")
    }
  }

  private mutating func apply(keys fields: [JSONValue.Field], path: String) throws {
    let changes = try fields.map { field in
      let values = if case .list(let list) = field.value { list } else { [field.value] }
      let names = values.compactMap { value in
        if case .integer(let number) = value { String(number) } else { value.string }
      }
      guard names.count == values.count, !names.isEmpty else {
        throw Self.error(
          path, "keys.\(field.key)",
          "expected a key's name or a list of them, found \(Self.text(field.value))",
          "put it in quotes")
      }
      return (action: field.key, keys: names)
    }
    do throws(KeyMapError) {
      keyMap = try KeyMap(changes)
    } catch {
      throw Self.error(path, "keys" + error.place, error.problem, error.hint)
    }
  }

  /// `~/` is the home; a relative path goes from the file's folder.
  private static func expanded(_ folder: String, from path: String) -> String {
    let folder = expandingHome(folder)
    guard !folder.hasPrefix("/") else { return folder }
    return URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent(folder).path
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: "nothing"
    case .flag(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .text(let text): "'\(text)'"
    case .list: "a list"
    case .fields: "a mapping"
    }
  }

  private static func error(
    _ path: String, _ key: String, _ problem: String, _ hint: String
  ) -> ProgramError {
    let parts = ["config", path, key, problem, hint].filter { !$0.isEmpty }
    return ProgramError(parts.joined(separator: ": "), status: ProgramError.Status.usage)
  }
}

extension KeyMapError {
  fileprivate var place: String {
    switch self {
    case .unknownAction(let action): ".\(action)"
    case .unknownKey(_, let action), .badCount(let action), .taken(_, let action, _): ".\(action)"
    }
  }

  fileprivate var problem: String {
    switch self {
    case .unknownAction: "expected one of \(KeyMap.actions.joined(separator: ", "))"
    case .unknownKey(let name, _): "expected a key's name, found '\(name)'"
    case .badCount: "expected one to three keys"
    case .taken(let name, _, let other): "\(name) is the key of \(other)"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .unknownAction(let action):
      nearest(action, among: KeyMap.actions).map { "did you mean \($0)?" } ?? "remove it"
    case .unknownKey: "a character, or a name as the help has it: space, tab, ctrl-f, F5"
    case .badCount: "leave some out"
    case .taken(_, _, let other): "give \(other) another key too"
    }
  }
}

extension LayoutState.Preset {
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

extension Smoothing {
  init?(name: String) {
    guard let smoothing = Smoothing.allCases.first(where: { $0.name == name }) else { return nil }
    self = smoothing
  }

  static let names = allCases.map(\.name).joined(separator: ", ")
}
