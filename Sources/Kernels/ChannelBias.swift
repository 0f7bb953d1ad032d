// A bias added to every channel of images, and its gradient: the sums of the channels.

/// x += bias `[channels]`.
package func addChannelBias(
  _ bias: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, _ planes: Planes
) {
  @inline(__always)
  func add(_ part: Planes.Part) {
    let value = part.load(bias)
    @inline(__always)
    func body(_ lanes: Lanes) {
      lanes.store(lanes.load(x) + value, x)
    }
    part.forEach(body)
  }
  planes.forEachPart(add)
}

/// sums `[channels]` = the sums of x over rows and pixels.
package func channelSums(
  _ x: UnsafePointer<Float>, _ planes: Planes, into sums: UnsafeMutablePointer<Float>
) {
  @inline(__always)
  func add(_ part: Planes.Part) {
    part.store(Vector(nearest: part.sums(of: x)), sums)
  }
  planes.forEachGroup(add)
}
