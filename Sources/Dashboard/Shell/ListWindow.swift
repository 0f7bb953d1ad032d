// The part of a long list that is in sight.

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

  /// "24-37 of 60"; empty if all are in sight.
  var label: String {
    isWhole ? "" : "\(shown.lowerBound + 1)-\(shown.upperBound) of \(count)"
  }
}
