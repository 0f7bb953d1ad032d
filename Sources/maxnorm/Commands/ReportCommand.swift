// `maxnorm report`: logs as one page, one picture or Markdown.
import ArgumentParser
import Basics
import Comparisons
import Experiments
import Foundation
import Reports
import RunRecords
import Training

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes a page or picture of one recorded run or several.",
    usage: "maxnorm report <logs> ... [<options>]",
    discussion: """
      One log is the report of a run. Several are a comparison: runs of one arm under several seeds \
      together, its differences from the baseline paired by seed. An arm is what the header of a log \
      names, else runs whose experiments differ in nothing but the seed. Logs of a sweep make its \
      curve. Without an option Markdown goes to standard output.

      Examples:
        maxnorm report run.jsonl --html run.html
        maxnorm report runs/ > differences.md
      """)

  @Argument(
    help: "Logs of 'maxnorm run --log FILE.jsonl' or of other programs; a folder is its logs.")
  var logs: [String]

  @Option(
    help: ArgumentHelp(
      "One page with tables and charts, '-' is standard output.", valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "One picture with the main charts, '-' is standard output.", valueName: "file"))
  var svg: String?

  @Flag(help: "Tables and words on standard output (the default).")
  var markdown = false

  @Option(
    help: ArgumentHelp(
      "The arm that the others are measured against (default: none, or one without the constraint).",
      valueName: "arm"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "What counts as good: 0.01 in the metric's unit, or 2% of the baseline's mean. (default: what the runs recorded)",
      valueName: "width"))
  var margin: String?

  @OptionGroup(title: "Logs of other programs")
  var foreign: ForeignLogOptions

  func validate() throws {
    guard !logs.isEmpty else {
      throw ValidationError("expected one or more logs, found none")
    }
    let uses = [html == "-", svg == "-", markdown].count { $0 }
    guard uses <= 1 else {
      throw ValidationError("expected one report on standard output, found \(uses): name files")
    }
    if let margin, Margin(margin) == nil {
      throw ValidationError("--margin: expected \(Margin.expected), found '\(margin)'")
    }
    // A log given by mistake must not be replaced.
    try Self.check(html, "--html", [".html", ".htm"])
    try Self.check(svg, "--svg", [".svg"])
  }

  private static func check(_ file: String?, _ option: String, _ endings: [String]) throws {
    guard let file, file != "-", !file.hasPrefix("/dev/"),
      !endings.contains(where: file.lowercased().hasSuffix)
    else { return }
    throw ValidationError("\(option): expected a name ending in \(endings[0]), found '\(file)'")
  }

  func run() throws {
    let paths = try Self.expanded(logs)
    var progress = ReadingProgress(paths)
    defer { progress.finish() }
    let report: Report
    if paths.count == 1, baseline == nil {
      report = try runReport(paths[0], &progress)
    } else {
      var read: [ReadLog] = []
      for path in paths {
        var digest = RunDigest()
        // A comparison goes by evaluations; what is left out is most of a log.
        try self.read(path, leavingOut: ["step", "norms", "sample"], &progress) { digest.apply($0) }
        read.append(ReadLog(path: path, digest: digest))
      }
      report = Report(
        comparing: try GatheredLogs(
          read, baseline: baseline, margin: margin.flatMap { Margin($0) }))
    }
    if let html { try ReportFile.write(report.html, to: html) }
    if let svg { try ReportFile.write(report.svg, to: svg) }
    if markdown || html == nil && svg == nil { try ReportFile.write(report.markdown, to: "-") }
  }

  private func runReport(_ path: String, _ progress: inout ReadingProgress) throws -> Report {
    var course = RunCourse()
    try read(path, leavingOut: ["norms"], &progress) { course.apply($0) }
    guard let report = Report(run: course, log: path, experiment: Self.yaml) else {
      // The reader has refused a log without a header.
      throw ProgramError.bad(path: path, line: 1, problem: "expected a header, found none")
    }
    return report
  }

  /// Gives every record of a log to `take`, holding one at a time.
  private func read(
    _ path: String, leavingOut types: [String], _ progress: inout ReadingProgress,
    take: (Record) -> Void
  ) throws {
    var file = try RecordFile(at: path, .lenient, senses: try foreign.senses)
    file.leaveOut(types)
    while let record = try file.next() {
      take(record)
      progress.advance(to: file.position.offset, of: path)
    }
    progress.complete(path)
    if let sentence = file.skippedLines.sentence { maxnorm.report("note: \(path): \(sentence)") }
  }

  /// The experiment as `run` takes it, in the order of `show` where it is one of this version.
  private static func yaml(_ document: JSONValue) -> String {
    let source = ExperimentSource(
      document: document, name: "report", folder: URL(fileURLWithPath: "."))
    let ordered = (try? source.experiment())?.document ?? document
    return (try? ordered.yaml()) ?? ordered.json
  }

  /// The logs of folders in the place of the folders, in the order of their names.
  ///
  /// - Throws: `ProgramError` if a folder has none.
  private static func expanded(_ paths: [String]) throws -> [String] {
    var result: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else {
        result.append(path)
        continue
      }
      // TensorBoard's folders are runs.
      if let log = LogHead(path: path), ForeignLogs.formatName(of: log) != nil {
        result.append(path)
        continue
      }
      let names = names(in: path)
      let logs = names.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }
      guard !logs.isEmpty else {
        // Those of successive halving lie a folder deeper, rung by rung: no table holds them all.
        let deeper = names.filter { inner in
          Self.names(in: "\(path)/\(inner)").contains { $0.hasSuffix(ending) }
        }
        let hint =
          deeper.isEmpty
          ? "check the path" : "give \(deeper.map { "\(path)/\($0)" }.joined(separator: " or "))"
        throw ProgramError(
          "report: \(path): expected logs in the folder, found no \(ending) file: \(hint)",
          status: ProgramError.Status.notFound)
      }
      result += logs.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }
    return result
  }

  private static let ending = ".jsonl"

  /// What lies in a folder, `r-2` before `r-10`.
  private static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
  }
}
