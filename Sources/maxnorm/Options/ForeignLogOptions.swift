// What tags of other programs mean, if their names do not say it.
import ArgumentParser
import Basics
import RunRecords

struct ForeignLogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a tag of another program's log is: loss=train/loss. Repeat for others.",
      valueName: "field=tag"))
  var map: [String] = []

  /// - Throws: `ProgramError` if a field is unknown.
  var senses: FigureSenses { get throws(ProgramError) { try FigureSenses(map) } }
}
