// A bias added to every channel of images, and its gradient: the sums of the channels.

/// x `[rows, channels, inner]` += bias `[channels]`.
package func addChannelBias(
  _ bias: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, rows: Int, channels: Int,
  inner: Int
) {
  guard inner != 1 else { return addBias(bias, to: x, rows: rows, columns: channels) }
  inParts(rows * channels, elements: rows * channels * inner) { part in
    for plane in part {
      let values = x + plane * inner
      let value = bias[plane % channels]
      @inline(__always)
      func body(_ lanes: Lanes) {
        lanes.store(lanes.load(values) + value, values)
      }
      forEachVector(inner, body)
    }
  }
}

/// sums `[channels]` = the sums of x `[rows, channels, inner]` over rows and inner.
package func channelSums(
  _ x: UnsafePointer<Float>, rows: Int, channels: Int, inner: Int,
  into sums: UnsafeMutablePointer<Float>
) {
  guard inner != 1 else { return columnSums(x, rows: rows, columns: channels, into: sums) }
  for channel in 0..<channels {
    var sum = BlockSums()
    for row in 0..<rows {
      let values = x + (row * channels + channel) * inner
      @inline(__always)
      func body(_ lanes: Lanes) {
        sum.add(lanes.load(values))
      }
      forEachVector(inner, body)
    }
    sums[channel] = Float(sum.totals.sum())
  }
}
