// The part of a long list that is in sight, and where keys and clicks go in it.
import TerminalUI

/// The entries of a long list that are in sight, out of all.
struct ListWindow: Equatable {
  let shown: Range<Int>
  let count: Int

  /// The selected row stands in the middle as far as there are rows on both sides.
  init(selected: Int, room: Int, of count: Int) {
    let room = max(0, min(room, count))
    let first = min(max(0, selected - room / 2), count - room)
    shown = first..<first + room
    self.count = count
  }

  /// From an entry on, or earlier: the room is filled at the end too.
  init(from first: Int, room: Int, of count: Int) {
    let room = max(0, min(room, count))
    let first = min(max(0, first), count - room)
    shown = first..<first + room
    self.count = count
  }

  var isWhole: Bool { shown.count == count }

  /// The entry at a point of the rectangle that the list is drawn in, `height` rows each; nil if there is
  /// none.
  func entry(at point: Point, in list: Rect, height: Int = 1) -> Int? {
    guard list.contains(point) else { return nil }
    let row = (point.row - list.top) / max(1, height)
    return row < shown.count ? shown.lowerBound + row : nil
  }

  /// The place in a list of `count` entries that keys go to from another; by `page` entries at a time
  /// where that is asked for.
  static func place(after action: KeyAction, from place: Int, of count: Int, page: Int = 1) -> Int {
    let wanted =
      switch action {
      case .up: place - 1
      case .down: place + 1
      case .pageUp: place - page
      case .pageDown: place + page
      case .last: count - 1
      default: 0
      }
    return min(max(0, count - 1), max(0, wanted))
  }

  /// "24-37 of 60"; empty if all are in sight.
  var label: String {
    isWhole ? "" : "\(shown.lowerBound + 1)-\(shown.upperBound) of \(count)"
  }
}
