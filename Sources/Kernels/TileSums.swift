// Sums of channels that are put together from those of tiles.

/// Two numbers for each channel of each tile, and their sums: sums of large arrays whose division
/// among threads does not show in the result.
struct TileSums {
  /// `[tiles, 2, channels]`.
  private let memory: UnsafeMutablePointer<Double>
  private let planes: Planes

  init(_ planes: Planes, in memory: UnsafeMutablePointer<Double>) {
    self.planes = planes
    self.memory = memory
  }

  static func count(_ planes: Planes) -> Int { 2 * planes.tiles * planes.channels }

  /// Keeps the sums of a part.
  @inline(__always)
  func store(_ first: SIMD8<Double>, _ second: SIMD8<Double>, of part: Planes.Part) {
    let place = memory + 2 * part.tile * planes.channels + part.channels.index
    for lane in 0..<part.channels.count {
      place[lane] = first[lane]
      place[planes.channels + lane] = second[lane]
    }
  }

  /// The sums over all tiles.
  func totals(_ channel: Int) -> (Double, Double) {
    var totals = (0.0, 0.0)
    for tile in 0..<planes.tiles {
      let (first, second) = self(tile, channel)
      totals.0 += first
      totals.1 += second
    }
    return totals
  }

  /// The two numbers of a channel in a tile.
  @inline(__always)
  func callAsFunction(_ tile: Int, _ channel: Int) -> (Double, Double) {
    let place = memory + 2 * tile * planes.channels + channel
    return (place[0], place[planes.channels])
  }
}
