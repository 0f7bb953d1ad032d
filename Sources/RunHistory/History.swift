// A history of bounded memory: the recent entries one by one, the whole run in merged buckets.

/// What a history holds at a step; it can take in its successor without losing extremes.
package protocol HistoryEntry: Sendable {
  /// Makes this entry stand for itself and a later one.
  mutating func merge(_ later: Self)
}

/// The entries of the steps `firstStep...lastStep`, merged.
package struct HistoryBucket<Entry: HistoryEntry>: Sendable {
  package var firstStep: Int
  package var lastStep: Int
  package var entry: Entry

  fileprivate mutating func merge(_ later: HistoryBucket) {
    lastStep = later.lastStep
    entry.merge(later.entry)
  }
}

/// Entries over the steps of a run.
///
/// Memory and the time of a query do not grow with the run: whenever the buckets of the whole run
/// become too many, each covers twice as many steps.
package struct History<Entry: HistoryEntry>: Sendable {
  package typealias Bucket = HistoryBucket<Entry>

  /// Every entry of the run, in buckets aligned to multiples of `stepsPerBucket`.
  package private(set) var whole: [Bucket] = []
  package private(set) var stepsPerBucket = 1
  private let wholeCapacity: Int
  /// The step appended last, and the number of its bucket counted from step 0.
  private var lastStep = 0
  private var slot = 0

  /// The last entries unmerged, as a ring that starts at `recentStart`.
  private var recent: [Bucket] = []
  private var recentStart = 0
  private let recentCapacity: Int

  package init(recentCapacity: Int = 512, wholeCapacity: Int = 1024) {
    precondition(recentCapacity > 0 && wholeCapacity >= 4)
    self.recentCapacity = recentCapacity
    self.wholeCapacity = wholeCapacity
  }

  package var isEmpty: Bool { whole.isEmpty }

  /// The entry appended last, unmerged.
  package var last: Bucket? {
    recent.isEmpty ? nil : recent[recentStart == 0 ? recent.count - 1 : recentStart - 1]
  }

  /// The last entries unmerged, oldest first.
  package var recentEntries: [Bucket] {
    Array(recent[recentStart...]) + Array(recent[..<recentStart])
  }

  /// The last entries unmerged, at most `count`, oldest first.
  package func lastEntries(_ count: Int) -> [Bucket] {
    let first = max(0, recent.count - max(0, count))
    return (first..<recent.count).map { recent[(recentStart + $0) % recent.count] }
  }

  /// The step of the entry `count` before the last; the earliest unmerged one if there are fewer.
  package func step(entriesAgo count: Int) -> Int? {
    guard !recent.isEmpty else { return nil }
    let index = max(0, recent.count - 1 - count)
    return recent[(recentStart + index) % recent.count].lastStep
  }

  /// Adds what was found after `step` steps.
  ///
  /// A step before the last one counts as the last one, so that a damaged log cannot put the
  /// history out of order.
  package mutating func append(_ entry: Entry, at step: Int) {
    let step = max(step, lastStep)
    let bucket = Bucket(firstStep: step, lastStep: step, entry: entry)
    if recent.count < recentCapacity {
      recent.append(bucket)
    } else {
      recent[recentStart] = bucket
      recentStart = recentStart + 1 == recentCapacity ? 0 : recentStart + 1
    }
    if !whole.isEmpty, step / stepsPerBucket == slot {
      whole[whole.count - 1].merge(bucket)
    } else {
      whole.append(bucket)
      if whole.count > wholeCapacity { coarsen() }
      slot = step / stepsPerBucket
    }
    lastStep = step
  }

  /// Doubles the steps per bucket until a quarter of the room is free, so that the next call is far.
  private mutating func coarsen() {
    while whole.count > wholeCapacity / 4 * 3 {
      stepsPerBucket *= 2
      var kept = 0
      for index in whole.indices.dropFirst() {
        if whole[index].lastStep / stepsPerBucket == whole[kept].lastStep / stepsPerBucket {
          whole[kept].merge(whole[index])
        } else {
          kept += 1
          whole[kept] = whole[index]
        }
      }
      whole.removeSubrange((kept + 1)...)
    }
  }

  /// The history over a range of steps as `count` columns of equal width; nil if a column has no
  /// entry.
  ///
  /// Recent steps come unmerged, as long as they are held so.
  package func columns(over steps: ClosedRange<Int>, count: Int) -> [Bucket?] {
    let scale = Double(count) / (Double(steps.upperBound) - Double(steps.lowerBound) + 1)
    return columns(over: steps, count: count) { step in
      Int((Double(step) - Double(steps.lowerBound)) * scale)
    }
  }

  /// The history over a range of steps in columns that `place` numbers from 0 to `count` - 1; it is
  /// asked for steps in ascending order.
  package func columns(
    over steps: ClosedRange<Int>, count: Int, place: (Int) -> Int
  ) -> [Bucket?] {
    guard count > 0 else { return [] }
    var columns = [Bucket?](repeating: nil, count: count)
    func put(_ bucket: Bucket) {
      let index = min(count - 1, max(0, place(bucket.lastStep)))
      if columns[index] == nil {
        columns[index] = bucket
      } else {
        columns[index]?.merge(bucket)
      }
    }
    if holdsUnmerged(from: steps.lowerBound) {
      for index in firstRecent(from: steps.lowerBound)..<recent.count {
        let bucket = recent[(recentStart + index) % recent.count]
        guard bucket.lastStep <= steps.upperBound else { break }
        put(bucket)
      }
    } else {
      for bucket in whole[firstWhole(from: steps.lowerBound)...] {
        guard bucket.lastStep <= steps.upperBound else { break }
        put(bucket)
      }
    }
    return columns
  }

  /// The last entry before a step, merged with those around it where it is long ago.
  package func entry(before step: Int) -> Bucket? {
    let index = firstRecent(from: step)
    if index > 0 { return recent[(recentStart + index - 1) % recent.count] }
    let place = firstWhole(from: step)
    return place > 0 ? whole[place - 1] : nil
  }

  /// The first entry after a step, merged with those around it where it is long ago.
  package func entry(after step: Int) -> Bucket? {
    guard step < .max else { return nil }
    if holdsUnmerged(from: step) {
      let index = firstRecent(from: step + 1)
      return index < recent.count ? recent[(recentStart + index) % recent.count] : nil
    }
    let place = firstWhole(from: step + 1)
    return place < whole.count ? whole[place] : nil
  }

  /// What is held from the last entry before a range of steps to the first one after it, the recent
  /// ones unmerged.
  package func held(around steps: ClosedRange<Int>) -> [Bucket] {
    var buckets: [Bucket] = []
    let recentStep = recent.isEmpty ? Int.max : recent[recentStart % recent.count].lastStep
    for bucket in whole[max(0, firstWhole(from: steps.lowerBound) - 1)...] {
      guard bucket.lastStep < recentStep else { break }
      buckets.append(bucket)
      if bucket.lastStep > steps.upperBound { return buckets }
    }
    for index in max(0, firstRecent(from: steps.lowerBound) - 1)..<max(0, recent.count) {
      let bucket = recent[(recentStart + index) % recent.count]
      buckets.append(bucket)
      if bucket.lastStep > steps.upperBound { return buckets }
    }
    return buckets
  }

  /// Whether every entry from a step on is kept unmerged.
  package func holdsUnmerged(from step: Int) -> Bool {
    recent.count < recentCapacity || recent[recentStart].lastStep <= step
  }

  /// How many unmerged entries end before `step`.
  private func firstRecent(from step: Int) -> Int {
    var low = 0
    var high = recent.count
    while low < high {
      let middle = (low + high) / 2
      if recent[(recentStart + middle) % recent.count].lastStep < step {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The index of the first bucket of the whole run that ends at or after `step`.
  private func firstWhole(from step: Int) -> Int {
    var low = 0
    var high = whole.count
    while low < high {
      let middle = (low + high) / 2
      if whole[middle].lastStep < step { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
