// Which examples come in which batch.
import Basics
import Datasets

/// Goes through the examples batch by batch, in a new order for every epoch.
///
/// The order of an epoch depends on the seed and the epoch alone, not on what happened before.
struct BatchOrder {
  private var order: [Int32]
  private let batch: Int
  private let shuffles: Bool
  private let seed: UInt64
  private var position: Int
  private var epoch: UInt64 = 0

  /// The order of the examples, which may be the windows of one text (`inStreams`).
  ///
  /// Each row of a batch then reads a part of the text from its start to its end, a window a batch;
  /// shuffling does not apply, and windows that would not fill a batch are left out.
  init(examples: Int, batch: Int, shuffles: Bool, inStreams: Bool = false, seed: UInt64) {
    let batch = max(1, min(batch, examples))
    if inStreams {
      let length = examples / batch
      order = (0..<length * batch).map { Int32($0 % batch * length + $0 / batch) }
    } else {
      order = (0..<Int32(examples)).map { $0 }
    }
    self.batch = batch
    self.shuffles = shuffles && !inStreams
    self.seed = seed
    position = order.count
  }

  /// The next batch is the first of an epoch.
  var isAtStart: Bool { position == order.count }

  /// The rows of the next batch; the last of an epoch may be smaller.
  mutating func next() -> ArraySlice<Int32> {
    if isAtStart { startEpoch() }
    let end = min(position + batch, order.count)
    defer { position = end }
    return order[position..<end]
  }

  /// Where a run stands in the order: what a checkpoint keeps of it.
  struct Bookmark: Equatable, Codable {
    var epoch: UInt64
    /// Examples of the epoch that have been taken.
    var position: Int
  }

  var place: Bookmark { Bookmark(epoch: epoch, position: position) }

  /// Resumes at a place of the same order; false if it has no such place.
  mutating func restore(from place: Bookmark) -> Bool {
    guard 0...order.count ~= place.position, place.epoch < 1 << 62,
      place.epoch > 0 || place.position == order.count
    else { return false }
    (epoch, position) = (place.epoch, place.position)
    if epoch > 0 { shuffle() }
    return true
  }

  private mutating func startEpoch() {
    position = 0
    epoch += 1
    shuffle()
  }

  /// Puts the examples into the order of the epoch.
  private mutating func shuffle() {
    guard shuffles else { return }
    for index in order.indices { order[index] = Int32(index) }
    // Streams below 2³² belong to data and network.
    var random = RandomSource(seed: seed, stream: 1 << 32 + epoch)
    random.shuffleInPlace(&order)
  }
}
