// How the screen starts: the command line before the configuration before what was left last time.
import Dashboard

/// The screen's options with all that they leave open filled in.
struct ScreenSettings {
  let themes: [ThemeEntry]
  let themeIndex: Int
  let isASCII: Bool
  /// Neither frames nor mouse.
  let isCopyFriendly: Bool
  /// Frames a second while no key is pressed; nil: as many as are usual.
  let refresh: Double?
  let preferences: Preferences
  let keys: KeyMap

  /// - Throws: `ProgramError` for a theme that is asked for and not there.
  init(_ options: ScreenOptions, _ configuration: Configuration) throws {
    keys = configuration.keyMap
    let state = SavedState.load()
    (themes, themeIndex) = try ThemeCatalog.select(
      options.theme ?? configuration.theme, state.theme)
    isASCII = options.ascii ?? configuration.ascii ?? false
    isCopyFriendly = !(options.borders ?? configuration.borders ?? true)
    refresh = options.refresh ?? configuration.refresh
    var preferences = Preferences()
    if let preset = options.preset ?? configuration.preset ?? state.preset {
      preferences.preset = preset
    }
    if let smoothing = options.smoothing ?? configuration.smoothing ?? state.smoothing {
      preferences.smoothing = smoothing
    }
    preferences.isMouseOn = options.mouse ?? configuration.mouse ?? state.mouse ?? true
    preferences.hasGrid = options.grid ?? configuration.grid ?? state.grid ?? false
    preferences.split = state.split
    preferences.hasSeenHint = state.hintSeen ?? false
    self.preferences = preferences
  }

  /// Remembers what was changed since; writes nothing where that is nothing.
  func save(_ preferences: Preferences, theme: String) {
    // As it is now: another dashboard may have written since.
    let saved = SavedState.load()
    var state = saved
    let first = themes.indices.contains(themeIndex) ? themes[themeIndex].name : ""
    state.apply(preferences, since: self.preferences, theme: theme, since: first)
    if state != saved { state.save() }
  }
}
