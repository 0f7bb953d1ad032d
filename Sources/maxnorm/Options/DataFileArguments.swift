// The options that say what is predicted from a file of data without an experiment.
import ArgumentParser
import Experiments
import RunRecords

struct DataFileArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of a table: the column to be predicted, else the last; of an array: the file of its targets.",
      valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp("What is predicted, else as the values say.", valueName: "task"))
  var task: DataFileOptions.Task?

  /// With the keys below `data` that `--set` gives: how a table is read must be known before it is.
  ///
  /// - Throws: `ProgramError` if a value is not YAML.
  func options(_ overrides: OverrideOptions) throws -> DataFileOptions {
    var settings: [JSONValue.Field] = []
    for assignment in overrides.assignments where assignment.hasPrefix("data.") {
      let sides = assignment.dropFirst(5).split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { continue }
      settings.append(
        .init(String(sides[0]), try JSONValue(yamlValue: String(sides[1]), name: "--set")))
    }
    func given(_ key: String) -> String? { settings.last { $0.key == key }?.value.string }
    return DataFileOptions(
      target: target ?? given("target"),
      task: task ?? given("task").flatMap { DataFileOptions.Task(rawValue: $0) },
      settings: settings)
  }
}

extension DataFileOptions.Task: ExpressibleByArgument {}
