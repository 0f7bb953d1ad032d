// The options of the screen, and whether there can be one.
import ArgumentParser
import Dashboard
import Foundation
import RunHistory

struct ScreenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A theme by name (see 'maxnorm themes') or a base16 YAML file.", valueName: "name"))
  var theme: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Draw with ASCII characters alone; automatic where the locale is not UTF-8.")
  var ascii: Bool?

  @Flag(inversion: .prefixedNo, help: "Clicks and the wheel; off, the terminal selects text.")
  var mouse: Bool?

  @Option(
    help: ArgumentHelp(
      "Which panels to start with: \(LayoutState.Preset.names).", valueName: "name"))
  var preset: LayoutState.Preset?

  @Option(help: ArgumentHelp("How smooth curves start: \(Smoothing.names).", valueName: "name"))
  var smoothing: Smoothing?

  @Flag(inversion: .prefixedNo, help: "Lines across charts at the values on their axes (key g).")
  var grid: Bool?

  @Option(
    help: ArgumentHelp(
      "Frames a second while no key is pressed, \(FrameCadence.rateWords); 5 for a run.",
      valueName: "rate"))
  var refresh: Double?

  @Flag(
    inversion: .prefixedNo,
    help: "No screen: sentences about what changes, for screen readers; keys are typed as lines.")
  var plain: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Frames around panels; without them and the mouse copied text is clean (key M).")
  var borders: Bool?

  func validate() throws {
    if let refresh, !FrameCadence.rates.contains(refresh) {
      throw ValidationError(
        "--refresh: expected \(FrameCadence.rateWords) frames a second, found \(refresh)")
    }
  }

  /// Whether the run is shown in sentences; the configuration applies to terminals alone.
  func isPlain(_ configuration: Configuration) -> Bool {
    plain ?? (configuration.plain == true && isatty(STDOUT_FILENO) == 1)
  }

  /// Standard output is a terminal that can be drawn on.
  static var canShowScreen: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}

extension LayoutState.Preset: ExpressibleByArgument {}

extension Smoothing: ExpressibleByArgument {
  package init?(argument: String) { self.init(name: argument) }

  package static var allValueStrings: [String] { allCases.map(\.name) }
}
