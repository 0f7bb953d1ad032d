// The screen of a comparison on logs that are there already: runs of the list with statistics.
import ArgumentParser
import Basics
import Comparisons
import Dashboard
import Foundation
import Reports
import RunRecords
import Terminal
import TerminalUI

enum GatheredComparison {
  /// What the logs come to together, as `report` has it.
  ///
  /// - Throws: `ProgramError` if they are runs of different things, or none has ended by itself.
  static func state(of paths: [String], _ senses: FigureSenses) throws -> ComparisonState {
    var read: [ReadLog] = []
    for path in paths {
      var digest = RunDigest()
      var file = try RecordFile(at: path, .lenient, senses: senses)
      file.leaveOut(["step", "norms", "sample"])
      while let record = try file.next() { digest.apply(record) }
      read.append(ReadLog(path: path, digest: digest))
    }
    let gathered = try GatheredLogs(read)
    let counted = gathered.counted
    guard let header = counted.first?.header else {
      throw ProgramError(
        "runs: expected marked runs that ended by themselves, found none: mark finished ones", .bad)
    }
    let kind: ComparisonState.Kind =
      gathered.sweep.map { .sweep(keys: $0.keys, candidates: $0.points.map(\.candidate)) }
      ?? .arms(baseline: gathered.table.baseline)
    var state = ComparisonState(
      name: header.name, title: header.title, kind: kind, arms: gathered.arms,
      runs: counted.map { (arm: $0.arm, seed: $0.seed ?? 0) })
    for (index, digest) in counted.enumerated() {
      state.update(index) { ($0.phase, $0.digest) = (.ended, digest) }
    }
    return state
  }
}

/// Shows a comparison whose runs are over until the user goes back.
final class GatheredComparisonRunner: ScreenHost {
  let stage: ScreenStage
  var model: ComparisonModel
  private var status: Int32?

  /// - Throws: `ProgramError` if there is no terminal to draw on.
  init(_ state: ComparisonState, screen: ScreenSettings, waker: Waker) throws {
    stage = try ScreenStage(screen, waker: waker)
    model = ComparisonModel(
      state: state, themeNames: stage.themes.names, themeIndex: screen.themeIndex,
      isCopyFriendly: screen.isCopyFriendly, keys: screen.keys)
    model.shell.take(screen.preferences)
    model.isFromList = true
    handle(.resize(stage.terminal.size))
    handle(.state(state, isOver: true, time: now))
    drawFrame()
  }

  /// - Throws: an `ExitCode` after a signal.
  func run() throws {
    while status == nil {
      let timeout = stage.timeout(
        [model.wakeTime], revision: model.revision, theme: model.themeIndex)
      for event in stage.terminal.wait(timeout: timeout) { handle(event) }
      if let signal = stage.signals.received { leave(.interrupted(signal)) }
      if let wake = model.wakeTime, wake <= now { handle(.tick(time: now)) }
      reloadTheme()
      if stage.isFrameDue(model.revision) { drawFrame() }
    }
    stage.terminal.close()
    stage.signals.cancel()
    for file in model.exportedFiles { report("written: \(file)") }
    if let status, status != 0 { throw ExitCode(status) }
  }

  func apply(_ message: ComparisonMessage) -> [ComparisonEffect] { update(&model, message) }
  func noticeInput() { stage.cadence.keyPressed(at: now) }
  var exportTitle: String { "\(model.state.name): \(model.state.title)" }

  func leave(_ departure: Departure) {
    guard status == nil else { return }
    switch departure {
    case .quit: status = 0
    case .interrupted(let signal): status = signal.exitStatus
    }
  }
}
