// What the program remembers of how the dashboard was left, in the user's state folder.
import Dashboard
import Experiments
import Foundation
import Resources
import RunHistory
import RunRecords
import Training

/// What `state.yaml` says; nil if nobody has changed anything yet.
struct SavedState: Equatable {
  var theme: String?
  var preset: LayoutState.Preset?
  var split: Double?
  var smoothing: Smoothing?
  var mouse: Bool?
  var grid: Bool?
  var hintSeen: Bool?

  private static var url: URL? { UserFolders.state?.appendingPathComponent("state.yaml") }

  /// What was saved; nothing where the file is missing, or is not what was written.
  static func load() -> SavedState {
    guard let path = url?.path, let bytes = try? fileContents(path, within: .settings) else {
      return SavedState()
    }
    return SavedState(yaml: String(decoding: bytes, as: UTF8.self))
  }

  init() {}

  init(yaml: String) {
    guard let document = try? JSONValue(yaml: yaml, name: "state") else { return }
    theme = document["theme"]?.string
    preset = document["preset"]?.string.flatMap(LayoutState.Preset.init)
    split = document["split"]?.double.flatMap { 0...1 ~= $0 ? $0 : nil }
    smoothing = document["smoothing"]?.string.flatMap(Smoothing.init(name:))
    mouse = document["mouse"].flatMap(Self.flag)
    grid = document["grid"].flatMap(Self.flag)
    hintSeen = document["hint_seen"].flatMap(Self.flag)
  }

  private static func flag(_ value: JSONValue) -> Bool? {
    if case .flag(let flag) = value { flag } else { nil }
  }

  /// The keys that have a value.
  var document: JSONValue {
    let fields: [JSONValue.Field?] = [
      theme.map { .init("theme", .text($0)) },
      preset.map { .init("preset", .text($0.rawValue)) },
      split.map { .init("split", .number($0)) },
      smoothing.map { .init("smoothing", .text($0.name)) },
      mouse.map { .init("mouse", .flag($0)) },
      grid.map { .init("grid", .flag($0)) },
      hintSeen.map { .init("hint_seen", .flag($0)) },
    ]
    return .fields(fields.compactMap { $0 })
  }

  /// Takes over what is another now than it was at the start.
  mutating func apply(
    _ now: Preferences, since start: Preferences, theme: String, since startTheme: String
  ) {
    if theme != startTheme { self.theme = theme }
    if now.preset != start.preset { preset = now.preset }
    if now.split != start.split { split = now.split }
    if now.smoothing != start.smoothing { smoothing = now.smoothing }
    if now.isMouseOn != start.isMouseOn { mouse = now.isMouseOn }
    if now.hasGrid != start.hasGrid { grid = now.hasGrid }
    if now.hasSeenHint { hintSeen = true }
  }

  /// Writes the file, as a whole or not at all; where that cannot be, nothing is remembered.
  func save() {
    guard let url = Self.url, let yaml = try? document.yaml() else { return }
    // As the specification wants it: for the user alone.
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    do throws(FileReplacement.Failure) {
      var file = try FileReplacement(of: url.path)
      try file.append(Array(yaml.utf8))
      try file.commit()
    } catch {}
  }
}
