// The options of the screen, and whether there can be one.
import ArgumentParser
import Foundation

struct ScreenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A theme by name (see 'maxnorm themes') or a base16 YAML file.", valueName: "name"))
  var theme: String?

  @Flag(help: "Draw with ASCII characters alone; automatic where the locale is not UTF-8.")
  var ascii = false

  /// Standard output is a terminal that can be drawn on.
  static var canShowScreen: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}
