// Plans a comparison or carries it out, on the screen or without, and prints what came of it.
import ArgumentParser
import Basics
import Comparisons
import Foundation
import RunRecords
import Training

/// What `compare` and `sweep` do with a plan.
struct ComparisonExecution {
  let options: ExecutionOptions
  let screen: ScreenOptions
  let configuration: Configuration

  /// One of several plans that are carried out one after the other.
  struct Rung {
    /// Counts from 1.
    var number: Int
    var of: Int
    /// "rung 1 of 4, 1/8 of the steps".
    var title: String

    /// A round of successive halving, whose runs are 1/`part` of the full length.
    static func halving(number: Int, of count: Int, part: Int) -> Rung {
      Rung(
        number: number, of: count,
        title: "rung \(number) of \(count), "
          + (part == 1 ? "all steps" : "1/\(part) of the steps"))
    }
  }

  /// Whether everything is told in sentences, which leave nothing to be printed.
  var isPlain: Bool { !options.headless && screen.isPlain(configuration) }

  /// The state at the end; nil if only the commands were asked for.
  ///
  /// - Throws: what ended it before its end, `ProgramError` where runs failed, or an `ExitCode`.
  func carryOut(_ plan: ComparisonPlan, title: String, rung: Rung? = nil) throws
    -> ComparisonState?
  {
    if options.plan {
      let session = try ComparisonSession(plan, jobs: 1, title: title) {}
      try plan.folder.prepare(plan, elsewhere: true)
      let name = CommandLine.arguments.first ?? "maxnorm"
      try writeToStandardOutput(session.commands(program: name).map { $0 + "\n" }.joined())
      return nil
    }
    if let rung { report(rung.title) }
    let state: ComparisonState
    let rest: String?
    if isPlain {
      (state, rest) = try PlainComparisonRunner(plan, jobs: options.lanes, title: title).run()
    } else if options.headless || !ScreenOptions.canShowScreen {
      var runner = try ComparisonRunner(plan, jobs: options.lanes, title: title)
      (state, rest) = try runner.run()
    } else {
      (state, rest) = try ComparisonScreenRunner(
        plan, jobs: options.lanes, title: rung.map { "\($0.title); \(title)" } ?? title,
        screen: try ScreenSettings(screen, configuration),
        isFollowed: rung.map { $0.number < $0.of } ?? false
      ).run()
    }
    if rung?.number ?? 1 == 1 { for note in state.notes { report("note: \(note)") } }
    if let note = ProcessorNote(plan).sentence { report("note: \(note)") }
    // Sentences have said it already.
    if !isPlain { try writeToStandardOutput(text(state, rung: rung)) }
    let failures = state.runs.compactMap { run in
      if case .failed(let reason) = run.phase {
        "\(run.arm), seed \(run.seed): \(reason)"
      } else {
        nil
      }
    }
    if let first = failures.first {
      throw ProgramError(
        "\(failures.count) of \(state.runs.count) runs failed: \(first)",
        status: ProgramError.Status.failure)
    }
    if let rest {
      // Left by the user, who may want to know what that means.
      report(rest)
      throw ExitCode.success
    }
    return state
  }

  /// The table in the format that is asked for.
  private func text(_ state: ComparisonState, rung: Rung?) -> String {
    // What comes of trials is told by those who asked for them.
    if case .trials = state.kind { return "" }
    switch options.format {
    case .markdown:
      let heading = rung.map { "## \($0.title)\n\n" } ?? ""
      let table = state.sweep?.markdown ?? state.table?.markdown ?? ""
      return heading + table + (rung.map { $0.number < $0.of } == true ? "\n" : "")
    case .csv: return csv(state, rung)
    case .jsonl: return state.sweep?.jsonLines ?? state.table?.jsonLines ?? ""
    }
  }

  /// One table for all rungs, distinguished by the number of steps of their candidates' runs.
  private func csv(_ state: ComparisonState, _ rung: Rung?) -> String {
    let csv = state.sweep?.csv ?? state.table?.csv ?? ""
    guard let rung, let end = csv.firstIndex(of: "\n") else { return csv }
    let lines = csv[csv.index(after: end)...].split(separator: "\n").map {
      "\(rung.number),\($0)\n"
    }
    return (rung.number == 1 ? "rung,\(csv[...end])" : "") + lines.joined()
  }
}
