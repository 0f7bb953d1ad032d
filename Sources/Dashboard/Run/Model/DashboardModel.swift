// The state of the dashboard: all that a view needs, nothing that a terminal knows.
import RunHistory
import RunRecords
import TerminalUI

/// What the dashboard shows.
///
/// Only `update` changes it; views read it.
package struct DashboardModel: ScreenModel {
  package typealias News = RunNews
  package typealias Wish = RunWish

  package var shell: Shell
  /// Whether the records come from a run or from its log.
  package let source: Source
  package var phase = Phase.waiting
  /// Where a replay stands in its log; nil for a run, and before the first record.
  package var replay: ReplayPlace?
  /// The connection to a run of another process; nil for other runs.
  package var attachment: RunAttachment?
  /// The console of a watched command; nil for all other sources.
  package var console: ConsoleState?
  /// What the records have shown of the run; nil before the first header.
  package var segment: RunSegment?

  /// Steps per second as observed, the pace included.
  package var speed = SpeedEstimate()
  package var pace: Pace
  /// The pace is not known before the first header.
  var takesPaceOfHeader: Bool
  /// What the program takes of the machine; nil if that is not known.
  package var usage: ProcessUsage?

  /// What happened in the run, in words, oldest first; the oldest go when there are too many.
  package var eventTexts: [EventText] = []
  /// Commands sent that no record has answered yet, oldest first.
  package var pending: [PendingChange] = []

  package var focus = PanelKind.loss
  /// An index into the segment's layers.
  package var selectedLayer = 0
  /// Narrows the list of layers down.
  package var filter = LayerFilter()
  /// The indices of the layers that the filter lets through.
  package var shownLayers: [Int] = []
  /// What the lists of layers show of them.
  package var layerRows = LayerRows()
  /// The norms under the global ceiling where they are gathered when told; nil: when asked for.
  var gatheredNorms: ObservedNorms?
  /// The panel that keys act on while a layer's page is open.
  package var pageFocus = PagePanel.overTime
  /// The first picture that is shown if not all fit.
  package var firstPicture = 0
  package var charts = ChartState()
  package var metricChoice = MetricChoice()
  package var layout = LayoutState()
  /// Which keys do what.
  package let keys: KeyMap

  /// When the hint for who is here for the first time goes; nil: it is not shown.
  var hintEnd: Double?
  /// Whether any key came: who presses keys needs no hint.
  var hasTakenKey = false
  /// Whether the hint was shown, now or in an earlier run of the program.
  var hasSeenHint = false
  static let hintSeconds = 20.0

  /// Whether it was opened from the list of runs, to which `esc` goes back.
  package var isFromList = false
  package var isDetailOpen = false
  /// The settings over the panels; nil: closed.
  package var settingsPanel: SettingsPanel?
  package var dialog: Dialog?

  /// A dashboard before the first record.
  ///
  /// `pace` is the steps per second a run starts with, or the speed of a replay as a factor; 0 is
  /// as fast as possible, nil the pace in the run's header.
  package init(
    source: Source, pace: Double?, themeNames: [String] = [], themeIndex: Int = 0,
    isCopyFriendly: Bool = false, keys: KeyMap = KeyMap()
  ) {
    self.source = source
    self.keys = keys.holding(in: source)
    shell = Shell(
      themeNames: themeNames, themeIndex: themeIndex, isCopyFriendly: isCopyFriendly)
    // A headless run of seconds is worth being watched for minutes.
    takesPaceOfHeader = pace == nil && source != .attached
    self.pace =
      source.isRun
      ? Pace(pace ?? 0, fallback: 200) : Pace(pace ?? 0, fallback: 1, least: 1.0 / 1024)
  }

  /// Whether nothing is left to close but the dashboard itself.
  var leavesToList: Bool {
    isFromList && topLayer == .main && !hasCursorToTakeAway && !isMaximized && filter.text.isEmpty
  }

  /// Where records come from.
  package enum Source: Sendable, Hashable, CaseIterable {
    /// A run of this program.
    case live
    /// One that another process makes, watched through its log and steered through its commands.
    case attached
    case replay

    /// Whether there is a run that could do something.
    package var isRun: Bool { self != .replay }
  }

  /// Where the run, or its replay, stands.
  package enum Phase: Sendable, Equatable {
    /// Before the first header.
    case waiting
    case training, paused
    /// Nil if the log does not say why.
    case ended(EndRecord.Reason?)
  }

  /// A question that waits for an answer.
  package enum Dialog: Sendable, Equatable {
    case reset, reseed, quit
    /// Of another process' run: to end it, or to leave it while it is paused.
    case stop, leavePaused
  }
}

extension DashboardModel {
  package var topLayer: ScreenLayer {
    // Too small a screen shows none of them but the question whether to quit: a key must not go to
    // what nobody sees.
    if isTooSmall { return dialog?.isAboutLeaving == true ? .dialog : .main }
    if dialog != nil { return .dialog }
    if shell.isHelpOpen { return .help }
    if let settingsPanel { return settingsPanel.entry == nil ? .settings : .entry }
    return isDetailOpen ? .detail : filter.isTyping ? .filter : .main
  }

  package var bindings: [KeyBinding] { keys.bindings }

  package var question: Question? {
    dialog.map {
      Question(
        title: $0.title, text: $0.question(nextSeed: nextSeed), isQuit: $0.isAboutLeaving)
    }
  }

  /// The layer that is selected; nil if there is none.
  package var layer: LayerState? {
    guard let layers = segment?.layers, layers.indices.contains(selectedLayer) else { return nil }
    return layers[selectedLayer]
  }

  /// The layer whose own page is open and visible; nil: none.
  var pageLayer: LayerState? { isDetailOpen && !isTooSmall ? layer : nil }

  package var hasEnded: Bool {
    if case .ended = phase { true } else { false }
  }

  /// The state in one word, for the header.
  package var stateLabel: String {
    switch phase {
    case .waiting: replay?.follows == true ? "following" : "starting"
    case .training: source.isRun ? attachment?.lifeLabel ?? "training" : replayLabel
    case .paused where replay?.isSeeking == true: replayLabel
    case .paused: source.isRun ? attachment?.lifeLabel ?? "paused" : "replay paused"
    case .ended(.finished): "finished"
    case .ended(.stopped): "stopped"
    case .ended(.interrupted): "interrupted"
    case .ended(.diverged): "diverged"
    case .ended(.failed): "failed"
    case .ended(nil): "ended"
    }
  }

  /// Seconds until the last step at the observed speed; nil if that cannot be estimated.
  package var timeLeft: Double? {
    guard case .training = phase, let segment, let total = segment.totalSteps,
      let rate = speed.stepsPerSecond, rate > 0
    else { return nil }
    return max(0, Double(total) - Double(segment.step)) / rate
  }

  /// When the next tick is needed though nothing else happens; nil: never.
  package var wakeTime: Double? {
    [shell.notice?.until, hintEnd, unansweredTime].compactMap { $0 }.min()
  }
}
