// A comparison in sentences, for screen readers and wherever nothing can be drawn.
import Comparisons
import PlainText
import RunRecords
import TerminalUI

/// Tells which runs have started and ended, and what the table says.
package struct ComparisonNarrator: Sendable {
  private var told: [ComparisonState.Phase] = []

  package init() {}

  /// The sentences that a new state is worth.
  package mutating func narrate(_ state: ComparisonState) -> [String] {
    var sentences: [String] = []
    if told.isEmpty {
      sentences.append(Self.start(state))
    }
    for (index, run) in state.runs.enumerated() {
      let before = told.indices.contains(index) ? told[index] : .waiting
      guard run.phase != before, run.phase.isOver || run.phase == .interrupted,
        run.phase != .kept
      else { continue }
      sentences.append(Self.sentence(run, state))
    }
    told = state.runs.map(\.phase)
    return sentences.map(Narrator.spoken)
  }

  /// How everything stands now.
  package static func report(_ state: ComparisonState, isPaused: Bool) -> [String] {
    var text = "\(state.over) of \(state.runs.count) runs are over"
    text += ", \(NumberText.percent(state.share, decimals: 0)) of the steps"
    if isPaused { text += ", held" }
    let going = state.runs.filter { $0.phase == .running }.map { run in
      "\(run.arm) seed \(run.seed) at \(NumberText.percent(run.share, decimals: 0))"
    }
    let sentences =
      [text + "."] + (going.isEmpty ? [] : ["Going on: \(going.joined(separator: ", "))."])
    return (sentences + verdict(state)).map(Narrator.spoken)
  }

  /// What the table says.
  package static func verdict(_ state: ComparisonState) -> [String] {
    guard let table = state.table else { return [] }
    let figure = FigureText(metric: table.metric)
    let rows = table.rows.filter { $0.runs > 0 }.map { row in
      "\(row.arm): \(MetricName.words(table.metric)) \(figure.meanAndDeviation(row.last))"
        + (MetricName.isShare(table.metric) ? " %" : "")
        + (row.values.count == 1 ? " in one run." : " over \(row.values.count) runs.")
    }
    return (rows + state.verdict.map { $0.hasSuffix(".") ? $0 : $0 + "." })
      .map { Narrator.spoken($0.replacing("±", with: "plus or minus")) }
  }

  private static func start(_ state: ComparisonState) -> String {
    let kept = state.runs.count { $0.phase == .kept }
    let seeds = Set(state.runs.map(\.seed)).count
    let subject =
      switch state.kind {
      case .arms: "comparing \(state.arms.joined(separator: ", "))"
      case .sweep(let keys, let candidates):
        "sweeping \(keys.joined(separator: " and ")) over \(candidates.count) candidates"
      case .trials(let stage): "\(stage), trials of \(state.arms.joined(separator: ", "))"
      }
    return "\(state.name), \(state.title): \(subject), \(seeds) seeds, \(state.runs.count) runs"
      + (kept > 0 ? ", \(kept) of them kept from before." : ".")
  }

  private static func sentence(_ run: ComparisonState.Run, _ state: ComparisonState) -> String {
    let place = "(\(state.over) of \(state.runs.count))"
    let name = "\(run.arm) seed \(run.seed)"
    switch run.phase {
    case .failed(let reason): return "\(name) failed: \(reason) \(place)."
    case .interrupted:
      return "\(name) interrupted at \(NumberText.percent(run.share, decimals: 0))."
    case .waiting, .running, .ended, .kept:
      let seconds = NumberText.fixed(run.digest.elapsed, decimals: 1)
      guard let header = run.digest.header, let value = run.digest.last?.value else {
        return "\(name) measured nothing in \(seconds) seconds \(place)."
      }
      let end = run.digest.end == .diverged ? "diverged, last " : ""
      let words = FigureText(metric: header.criterion.metric).words(Double(value))
      return "\(name): \(end)\(words) in \(seconds) seconds \(place)."
    }
  }
}

/// Which keys mean something to a comparison where nothing is drawn.
package enum ComparisonPlainKeys {
  package static let help = [
    "Type keys and Enter; Enter alone tells how the runs stand.",
    "space: hold all runs; again to go on.",
    "q: stop the runs, keep what they have, and quit; the same command goes on.",
  ]
}
