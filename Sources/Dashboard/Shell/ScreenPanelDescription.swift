// What a panel of a screen of several runs tells of itself: a comparison's, a sweep's, the list's.
import RunHistory
import TerminalUI

/// A panel of a screen of several runs, described in the file of its view.
///
/// What has no default must be said of each.
struct ScreenPanelDescription<Model: ScreenModel>: Sendable {
  /// Its name, for its frame and for sentences.
  let title: @Sendable (Model) -> String
  let explanation: Explanation
  /// What explains something else that it shows now; nil: that it does not.
  var otherExplanation: @Sendable (Model) -> Explanation? = { _ in nil }
  /// The rows, frame included, that it would fill in a body of the screen.
  let wantedRows: @Sendable (Model, _ body: Rect) -> Int
  /// The keys to which it gives a meaning: the help shows them first while it is in focus.
  let keys: Set<KeyAction>
  /// Whether there is anything to show in it.
  var isPresent: @Sendable (Model) -> Bool = { _ in true }
  /// What stands at a point of it, an arm or a run, by its index; nil where nothing does.
  var row: @Sendable (Model, Point, _ panel: Rect) -> Int? = { _, _, _ in nil }
  let draw: @Sendable (Model, Rect, inout CellBuffer, Appearance) -> Void
}
