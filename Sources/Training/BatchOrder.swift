// Which examples come in which batch.
import Datasets
import Kernels

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

  init(examples: Int, batch: Int, shuffles: Bool, seed: UInt64) {
    order = (0..<Int32(examples)).map { $0 }
    self.batch = batch
    self.shuffles = shuffles
    self.seed = seed
    position = examples
  }

  /// The rows of the next batch; the last of an epoch may be smaller.
  mutating func next() -> ArraySlice<Int32> {
    if position == order.count { startEpoch() }
    let end = min(position + batch, order.count)
    defer { position = end }
    return order[position..<end]
  }

  private mutating func startEpoch() {
    position = 0
    epoch += 1
    guard shuffles else { return }
    for index in order.indices { order[index] = Int32(index) }
    // Streams below 2³² belong to data and network.
    var random = RandomSource(seed: seed, stream: 1 << 32 + epoch)
    random.shuffleInPlace(&order)
  }
}
