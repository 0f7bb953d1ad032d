// `maxnorm new`: an experiment to begin with, every key in it and explained.
import ArgumentParser
import Basics
import Experiments
import Foundation
import PlainText
import Training

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Prints an experiment as YAML with every key explained.",
    usage: "maxnorm new <experiment> [<options>]",
    discussion: """
      Examples:
        maxnorm new mine.csv > mine.yaml
        maxnorm new digits --seed 7 > my_digits.yaml
      """)

  @Argument(help: "A table or array (.csv, .tsv, .npy, .npz), or an experiment.")
  var experiment: String

  @OptionGroup(title: "A file of data")
  var file: DataFileArguments

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  func run() throws {
    var source = try ExperimentSource(experiment, file.options(overrides))
    let notes = source.dataNotes
    try overrides.apply(to: &source)
    let made = try source.experiment()
    let top =
      ["An experiment for 'maxnorm run FILE'; 'maxnorm show FILE' prints it without comments."]
      + notes
    let lines = top.map { "# \(ScreenText.printable($0))\n" }.joined()
    try writeToStandardOutput(lines + "\n" + made.commentedYAML())
  }
}
