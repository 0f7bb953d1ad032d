// What every full screen has, whatever it shows: size and time, notices, help, theme, mouse, the end.
import TerminalUI

/// The state that all screens share.
package struct Shell: Sendable {
  package var size = Size.zero
  /// The time of the last message that carried one, in seconds.
  package var now = 0.0
  /// The answer to the last key, or a trouble; nil when it has been shown long enough.
  package var notice: Notice?
  package var isHelpOpen = false
  /// The first line of the help that is shown.
  package var helpScroll = 0
  /// What opened the question.
  var opening: QuestionOpening?
  /// The program is about to end; nil: it is not.
  package var stopping: Stopping?
  /// Whether the mouse acts here; else the terminal selects text with it.
  package var isMouseOn = true
  /// No frames, so that what is copied from the screen is text alone.
  package var isCopyFriendly: Bool
  /// Whether charts have lines across at the values that stand on their axes.
  package var hasGrid = false
  package var themeNames: [String]
  package var themeIndex: Int
  /// What `e` has written, in the current folder.
  package var exportedFiles: [String] = []
  /// Grows with everything that may look different: a frame is due when it has changed.
  package var revision = 0

  init(themeNames: [String], themeIndex: Int, isCopyFriendly: Bool) {
    self.themeNames = themeNames
    self.themeIndex = themeIndex
    self.isCopyFriendly = isCopyFriendly
  }
}

/// The state of a screen: only `update` changes it, only `draw` shows it.
///
/// What the shell holds is read and written as if it were the model's own.
@dynamicMemberLookup
package protocol ScreenModel: Sendable {
  /// The program's messages about what is shown.
  associatedtype News: Sendable
  /// What the screen wants done with it.
  associatedtype Wish: Sendable, Equatable

  var shell: Shell { get set }
  /// Which keys do what, the most important first.
  var bindings: [KeyBinding] { get }
  /// What keys go to.
  var topLayer: ScreenLayer { get }
  /// The question that waits for an answer; nil: none.
  var question: Question? { get }
  /// The state of what is shown in one word.
  var stateLabel: String { get }
  /// The lines of the help as it is now, and how wide its column of keys and words is.
  var helpLines: [HelpLine] { get }
  var helpKeysWidth: Int { get }
  /// When the next tick is needed though nothing else happens; nil: never.
  var wakeTime: Double? { get }
  /// What a written view is called.
  var exportName: String { get }

  /// What to say instead of an action of this screen; nil if there is something to act on.
  func ownRefusal(of action: KeyAction) -> String?
  /// The word of a key in the footer as things are; empty: it is left out.
  func label(of binding: KeyBinding) -> String
  /// Whether a key would do the opposite of what it is for.
  func isOpposite(_ action: KeyAction) -> Bool

  /// Time has passed, up to `now`.
  mutating func timePassed()
  /// The screen has another size.
  mutating func resized()
  /// A key or a paste came, whatever it is.
  mutating func noticeInput()
  mutating func apply(_ news: News)
  mutating func apply(paste text: String)
  /// Takes a key that has no action here; false if it cannot.
  mutating func type(_ key: Key) -> Bool
  /// Carries out an action that is not the shell's.
  mutating func perform(_ action: KeyAction, _ key: Key) -> [ScreenEffect<Wish>]
  /// Carries out a click, a movement with the button held down, or a turn of the wheel.
  mutating func perform(_ event: MouseEvent, _ reads: ClosedRange<Int>?) -> [ScreenEffect<Wish>]
  /// Something beside what is shown went wrong.
  mutating func noticeTrouble()
  mutating func withdrawQuestion()

  /// Draws the header, and what lies between it and the status line.
  func draw(_ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance)
  /// Draws what lies over that, beneath help and questions.
  func drawOverlay(_ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance)
  /// What the status line says, the most important first.
  func status(_ look: Appearance) -> [[TextLine.Piece]]
  /// What stands in the place of the footer's keys on a low screen, which has no status line; nil:
  /// nothing does.
  func lowStatus(_ look: Appearance) -> [TextLine.Piece]?
}

/// A question that waits for an answer, yes or no.
package struct Question: Sendable, Equatable {
  var title: String
  var text: String
  /// Whether it asks whether to quit.
  var isQuit = false
}

extension ScreenModel {
  package subscript<Value>(dynamicMember path: WritableKeyPath<Shell, Value>) -> Value {
    get { shell[keyPath: path] }
    set { shell[keyPath: path] = newValue }
  }

  /// Whether the screen shows its size alone; nothing is drawn at all where it has none.
  var isTooSmall: Bool { shell.size != .zero && !ScreenLayout.isLargeEnough(shell.size) }

  /// The theme's name; empty if none was given.
  package var themeName: String {
    shell.themeNames.indices.contains(shell.themeIndex) ? shell.themeNames[shell.themeIndex] : ""
  }

  /// The rows of the help that fit on the screen: a frame and a line of margin above and below.
  package var helpRows: Int { max(1, shell.size.rows - 4) }

  /// The scroll at which the last line of the help is on the last row.
  var lastHelpScroll: Int { max(0, helpLines.count - helpRows) }

  /// The first key of an action, as sentences name it.
  func keyName(of action: KeyAction) -> String { bindings.name(of: action) }

  /// Shows an answer for a few seconds.
  mutating func say(_ text: String, _ kind: Notice.Kind = .answer) {
    shell.notice = Notice(text, kind: kind, until: shell.now + 4)
  }

  package func drawOverlay(
    _ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance
  ) {}
  package mutating func noticeInput() {}
  package mutating func noticeTrouble() {}
  package mutating func resized() {}
  package mutating func type(_ key: Key) -> Bool { false }

  /// What is still done before the end, or the notice.
  func shellStatus(_ look: Appearance) -> [TextLine.Piece]? {
    shell.stopping?.pieces(look) ?? shell.notice?.pieces
  }

  /// The answer to a paste where no text can be typed.
  mutating func refusePaste() { say(Notice.pasteDoesNothing, .refusal) }

  package func status(_ look: Appearance) -> [[TextLine.Piece]] {
    shellStatus(look).map { [$0] } ?? []
  }
  package func lowStatus(_ look: Appearance) -> [TextLine.Piece]? { status(look).first }
}
