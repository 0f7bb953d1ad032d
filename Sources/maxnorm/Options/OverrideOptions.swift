// The options that change keys of the experiment; the last one on the command line wins.
import ArgumentParser
import Experiments
import Foundation
import RunRecords
import Training

///
/// The parser checks the values and writes the help; they are applied from the arguments as given,
/// since the parser keeps no order between different options.
struct OverrideOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stop after so many optimizer steps.", valueName: "n"))
  var steps: WholeNumber?

  @Option(parsing: .unconditional, help: ArgumentHelp("Stop after so many epochs.", valueName: "n"))
  var epochs: WholeNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draws data, weights, order and dropout.", valueName: "n"))
  var seed: WholeNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The ceiling r for all layers.", valueName: "r"))
  var maxNorm: Double?

  @Flag(help: "Start with the constraint off; norms are still measured.")
  var noMaxNorm = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps per second, 0 is as fast as it goes; headless only if given.", valueName: "n"))
  var pace: Double?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Any key of the experiment: optimizer.learning_rate=0.05, model.fc1.units=64.",
      valueName: "key=value"))
  var assignments: [String] = []

  /// Sets what the options say, in the order in which they were given.
  func apply(
    to source: inout ExperimentSource,
    arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      func value() -> String { parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? "" }
      switch parts[0] {
      case "--set": try source.set(value())
      case "--steps": try source.set("steps=\(value())")
      case "--epochs":
        try source.set("epochs=\(value())")
        try source.set("steps", to: .null)
      case "--seed": try source.set("seed=\(value())")
      case "--max-norm": try source.set("constraint.max_norm=\(value())")
      case "--no-max-norm": try source.set("constraint.enabled=false")
      case "--pace": try source.set("pace=\(value())")
      default: break
      }
    }
  }
}
