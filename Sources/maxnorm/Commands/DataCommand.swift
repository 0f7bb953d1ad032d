// `maxnorm data`: what a table or the data of an experiment hold, and what a run makes of them.
import ArgumentParser
import Basics
import Datasets
import Experiments
import Foundation
import Terminal
import TerminalUI
import Training

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Describes a table, or the data of an experiment.",
    usage: "maxnorm data <experiment> [<options>]",
    discussion: """
      Examples:
        maxnorm data mine.csv --target price
        maxnorm data digits
      """)

  @Argument(help: "A table or array (.csv, .tsv, .npy, .npz), or an experiment.")
  var experiment: String

  @OptionGroup(title: "A file of data")
  var file: DataFileArguments

  @OptionGroup(title: "The experiment (the last one wins)")
  var overrides: OverrideOptions

  @Option(
    help: ArgumentHelp(
      "Where data sets lie that don't ship, each in its folder.", valueName: "folder"))
  var data: String?

  func run() throws {
    let configured = try data ?? Configuration.load().data
    let folder = configured.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let writer = DescriptionText(isUnicode: TerminalLocale.selectsUnicode())
    // What the columns hold is told even where no run comes of it.
    if DataFileKind(experiment) == .table, overrides.assignments.isEmpty {
      let summary = try TableSummary(CSVTable(contentsOf: URL(fileURLWithPath: experiment)))
      try writeToStandardOutput(writer.text(of: summary))
    }
    var source = try ExperimentSource(experiment, file.options(overrides))
    try overrides.apply(to: &source)
    let made = try source.experiment()
    if let summary = try made.tableSummary(),
      DataFileKind(experiment) != .table || !overrides.assignments.isEmpty
    {
      try writeToStandardOutput(writer.text(of: summary))
    }
    let dataset = try Dataset(
      made, seed: made.seed, searchPath: DataSearchPath.standard(first: folder))
    try writeToStandardOutput(writer.text(of: dataset, notes: made.notes))
  }
}

extension Experiment {
  /// What the columns of its table hold; nil: its data are no table.
  fileprivate func tableSummary() throws(ProgramError) -> TableSummary? {
    func file(_ path: String) -> URL {
      path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
    }
    switch data.source {
    case .table(.file(let path), let options):
      return try TableSummary(try CSVTable(contentsOf: file(path), options.reading))
    case .table(.shipped(let table), _): return try TableSummary(try table.table())
    case .forecast(.file(let path), let options):
      return try TableSummary(try CSVTable(contentsOf: file(path), options.reading))
    case .forecast(.shipped(let series), _): return try TableSummary(try series.table())
    case .forecast(.generated, _), .digits, .images, .idx, .cifar, .npy, .temperature, .random,
      .noisyTable, .language, .vowels, .shapes, .canvasDigits, .dates, .delayedSum, .points:
      return nil
    }
  }
}
