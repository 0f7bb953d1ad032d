// The shape of an image, and what layers that read images may be set to.

/// An example that is an image: `[channels, height, width]`.
struct ImageShape {
  var channels, height, width: Int

  /// Throws if the shape is not an image's.
  init(_ shape: [Int], _ path: LayerPath, _ kind: LayerKind) throws(NetworkError) {
    guard shape.count == 3 else {
      throw .misfit(
        layer: path,
        "\(kind.rawValue): expected an image [channels, height, width], found \(shape)")
    }
    (channels, height, width) = (shape[0], shape[1], shape[2])
  }

  /// No setting of a layer may be larger, so that nothing computed from it overflows.
  static let largestSetting = 1 << 20

  /// Throws where one of a layer's settings lies outside its range.
  static func check(
    _ settings: [(value: Int, key: String, least: Int)], _ path: LayerPath, _ kind: LayerKind
  ) throws(NetworkError) {
    for (value, key, least) in settings where value < least || value > largestSetting {
      throw .misfit(
        layer: path,
        "\(kind.rawValue): expected \(key) from \(least) to \(largestSetting), found \(value)")
    }
  }
}
