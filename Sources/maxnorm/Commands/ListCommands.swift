// `maxnorm list`, `show` and `themes`: what can be run and shown.
import ArgumentParser
import Basics
import Datasets
import Experiments
import Foundation
import Resources
import RunRecords
import TerminalUI
import Training

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the built-in experiments.",
    discussion: """
      Examples:
        maxnorm list
        maxnorm list | grep digits
      """)

  func run() throws {
    var rows: [[String]] = []
    for name in try ShippedFiles.names(in: .experiments) {
      let experiment = try ExperimentSource(name).experiment()
      do {
        let header = try experiment.header()
        let examples = [header.trainExamples, header.validationExamples]
        rows.append([
          name, experiment.title,
          examples.compactMap { $0.map(String.init) }.joined(separator: " + "),
          header.parameters.map(String.init) ?? "",
        ])
      } catch let error as ProgramError where error.subject == .data {
        // Why, and how to get the data, is what `run` says.
        rows.append([name, experiment.title, "not here", ""])
      }
    }
    try printTable(["name", "title", "examples", "parameters"], rows)
  }
}

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Prints an experiment as YAML, every key filled in.",
    usage: "maxnorm show <experiment> [<options>]",
    discussion: """
      Examples:
        maxnorm show digits
        maxnorm show mine.csv --target price > mine.yaml
      """)

  @Argument(help: "A built-in experiment, a YAML file, or a table or array.")
  var experiment: String

  @OptionGroup(title: "A table or array without an experiment")
  var file: DataFileArguments

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  func run() throws {
    var source = try ExperimentSource(experiment, file.options(overrides))
    try overrides.apply(to: &source)
    let shown = try source.experiment()
    try writeToStandardOutput(shown.columnComments + (try shown.document.yaml()))
  }
}

struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "Lists the themes, the user's own first.",
    discussion: """
      Examples:
        maxnorm themes
        maxnorm run digits --theme ember
      """)

  func run() throws {
    let themes = try ThemeCatalog.load()
    try printTable(
      ["name", "title", "variant", "from"],
      themes.map {
        [
          $0.name, $0.theme.name, $0.theme.isDark ? "dark" : "light",
          $0.isShipped ? "shipped" : $0.path,
        ]
      })
  }
}
