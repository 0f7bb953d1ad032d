// The help of a comparison's screen: the panel in focus, all keys, the words.
import TerminalUI

/// What there is to explain about comparisons.
enum ComparisonGlossary {
  static let arm = Explanation(
    term: "arm, seed",
    full:
      "An arm is one way to train, such as with max-norm or without. Each arm runs under the same"
      + " seeds; a seed draws data, first weights and order, so that runs of one seed differ in the"
      + " arm alone.")
  static let chart = Explanation(
    term: "curves",
    brief: [
      "the mean of each arm over its seeds; the band is one standard deviation to either side",
      "means over seeds; band: standard deviation", "means over seeds",
    ],
    full: "The mean of each arm over its seeds at each evaluation, with one standard deviation to"
      + " either side as a band: for all of up to three arms, else for the chosen one. The letter at"
      + " the end of a curve is the arm's letter in the table.")
  static let values = Explanation(
    term: "error bars",
    brief: [
      "mean over the seeds at the end, with one standard deviation to either side",
      "means at the end; bars: standard deviation", "means at the end",
    ],
    full:
      "The mean over the seeds at the end of the runs, with one standard deviation to either side."
      + " A diamond is the best mean, a full point is not shown to differ from"
      + " it, a ring is worse, or a run of it diverged.")
  static let heat = Explanation(
    term: "levels",
    brief: [
      "means over the seeds at the end; the fuller a bar, the better",
      "means at the end; the fuller a bar, the better", "means at the end",
    ],
    full:
      "Over two keys each cell has the mean over the seeds at the end of the runs, and a bar: the"
      + " fuller, the better. The diamond is the best, full points are not shown to differ.")
  static let table = Explanation(
    term: "mean ± s.d.",
    brief: [
      "mean and standard deviation over the seeds, at the end of each run",
      "mean and standard deviation", "mean ± s.d.",
    ],
    full:
      "Mean and standard deviation over the seeds, each run measured at its end. Under best each"
      + " run is measured at its best evaluation, which flatters all arms. Runs that diverged stand"
      + " in no mean.")
  static let differences = Explanation(
    term: "differences",
    brief: [
      "mean difference over the same seeds with its 95 % interval; full points leave out zero",
      "differences over the same seeds, 95 % intervals", "95 % intervals",
    ],
    full: "The mean difference from the baseline (in a sweep: from the best value) over the same"
      + " seeds, with its 95 % interval by Student's t. An interval that leaves out zero, a full"
      + " point, is more than chance; a ring is not.")
  static let verdict = Explanation(
    term: "verdict", brief: ["what the table says, in words"],
    full: "What the table says, in words, and what to beware of.")
  static let runs = Explanation(
    term: "runs", brief: ["what goes on now, and what went wrong"],
    full:
      "The runs that are going on, with the loss of their last evaluation, and those that failed"
      + " or were interrupted. What is interrupted goes on when the same command is given again.")
  static let undecided = Explanation(
    term: "differ",
    full:
      "Not shown to differ: values whose paired difference from the best one has a 95 % interval that holds zero: these"
      + " seeds do not show which is better. The verdict tells the interval, all of which is left"
      + " open. A value of which a run diverged is none of them, and never the best.")

  static let all = [arm, chart, table, differences, values, heat, undecided, verdict, runs]
}

extension ComparisonModel {
  /// What explains a panel.
  func explanation(of panel: Panel) -> Explanation {
    switch panel {
    case .chart:
      switch chart {
      case .curves: ComparisonGlossary.chart
      case .overKey: ComparisonGlossary.values
      case .heat: ComparisonGlossary.heat
      }
    case .table: ComparisonGlossary.table
    case .differences: ComparisonGlossary.differences
    case .verdict: ComparisonGlossary.verdict
    case .runs: ComparisonGlossary.runs
    }
  }

  /// The name of a panel.
  func title(of panel: Panel) -> String {
    switch panel {
    case .chart: title(of: chart)
    case .table: isSweep ? "values" : "arms"
    case .differences: "differences"
    case .verdict: "verdict"
    case .runs: "runs"
    }
  }

  /// The lines of the help as it is now.
  package var helpLines: [HelpLine] {
    let all = bindings.filter { $0.group != .asking }
    let isFirst = { (binding: KeyBinding) in
      self.isDetailOpen
        ? binding.layers.contains(.detail) && [.pageUp, .pageDown, .back].contains(binding.action)
        : self.focus == .chart
          && [.preset, .logScale, .outliers, .axisUnit].contains(binding.action)
    }
    return HelpText.lines(
      title: isDetailOpen
        ? "The page of an arm" : "In focus: \(ScreenText.printable(title(of: focus)))",
      explanation: isDetailOpen ? ComparisonGlossary.arm : explanation(of: focus),
      first: all.filter(isFirst), others: all.filter { !isFirst($0) },
      words: ComparisonGlossary.all, keysWidth: helpKeysWidth)
  }

  var helpKeysWidth: Int { HelpText.keysWidth(bindings, ComparisonGlossary.all) }

  /// The rows of the help that fit on the screen: a frame and a line of margin above and below.
  package var helpRows: Int { max(1, size.rows - 4) }

  /// The scroll at which the last line of the help is on the last row.
  var lastHelpScroll: Int { max(0, helpLines.count - helpRows) }
}
