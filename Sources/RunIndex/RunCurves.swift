// The curves of one run in full, for a chart that lays several runs over one another.
import Basics
import RunHistory
import RunRecords

/// Every figure of a run over its steps, smoothed as a run's own charts are; bounded.
package struct RunCurves: Sendable {
  package private(set) var curves: [String: SmoothedHistory] = [:]
  package private(set) var clock = StepClock()

  private static let mostFigures = 64
  private static let points = 400

  package init() {}

  package mutating func add(_ name: String, _ value: Float, at step: Int) {
    guard curves[name] != nil || curves.count < Self.mostFigures else { return }
    curves[name, default: SmoothedHistory(recentCapacity: 1, wholeCapacity: Self.points)]
      .append(value, at: step)
  }

  /// Reads them from a log; nil if it was given up or cannot be read.
  static func read(
    _ run: IndexedRun, _ senses: FigureSenses, isWanted: () -> Bool
  ) -> RunCurves? {
    guard let start = LogHead(path: run.path) else { return nil }
    do throws(ProgramError) {
      var curves = RunCurves()
      guard LogGlance.isRecords(start) else {
        var file = try RecordFile(at: run.path, .lenient, senses: senses)
        while let record = try file.next() { curves.apply(record) }
        return curves
      }
      var file = try FigureFile(at: run.path)
      var count = 0
      while try file.next() {
        count += 1
        if count.isMultiple(of: 2000), !isWanted() { return nil }
        let line = file.line
        if line.kind == .header { curves = RunCurves() }
        guard !line.isOfOther, let step = line.step,
          line.kind == .step || line.kind == .evaluation
        else { continue }
        if let elapsed = line.elapsed { curves.clock.reach(step, at: elapsed) }
        for figure in line.figures {
          curves.add(file.names[figure.name], Float(figure.value), at: step)
        }
      }
      return curves
    } catch {
      return nil
    }
  }

  private mutating func apply(_ record: Record) {
    var figures = RunFigures()
    figures.apply(record)
    if let elapsed = figures.elapsed { clock.reach(record.step, at: elapsed) }
    for figure in figures.figures { add(figure.name, figure.last, at: record.step) }
  }
}
