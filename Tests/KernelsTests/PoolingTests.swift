// Pooling and its gradients against the plain loops.
import Kernels
import Testing

@Suite struct PoolingTests {
  /// Height, width, size, stride: pairs of all kinds, overlapping, gapped, with left-over edges.
  static let geometries = [
    (2, 2, 2, 2), (4, 16, 2, 2), (5, 7, 2, 2), (6, 17, 2, 2), (3, 35, 2, 2), (1, 1, 1, 1),
    (7, 8, 3, 2), (5, 5, 3, 1), (9, 9, 2, 3), (8, 9, 8, 8), (7, 7, 2, 1), (10, 3, 3, 3),
  ]

  static func shape(_ geometry: (Int, Int, Int, Int)) -> PoolingShape {
    let (height, width, size, stride) = geometry
    return PoolingShape(
      height: height, width: width, outputHeight: (height - size) / stride + 1,
      outputWidth: (width - size) / stride + 1, size: size, stride: stride)
  }

  /// The places of each window of all planes, in order.
  static func windows(_ planes: Int, _ shape: PoolingShape) -> [[Int]] {
    var windows: [[Int]] = []
    for plane in 0..<planes {
      for row in 0..<shape.outputHeight {
        for column in 0..<shape.outputWidth {
          var places: [Int] = []
          for i in 0..<shape.size {
            for j in 0..<shape.size {
              let line = plane * shape.height + row * shape.stride + i
              places.append(line * shape.width + column * shape.stride + j)
            }
          }
          windows.append(places)
        }
      }
    }
    return windows
  }

  @Test(arguments: geometries, [0, 1, 3])
  func `the largest of each window is found and gets the gradient`(
    _ geometry: (Int, Int, Int, Int), _ planes: Int
  ) {
    let shape = PoolingTests.shape(geometry)
    let count = planes * shape.height * shape.width
    let windows = PoolingTests.windows(planes, shape)
    // Few different values, so that there are equals.
    for scale in [Float(3), 1000] {
      let x = random(count, seed: 1, scale: scale).map { $0.rounded() }
      let largest = windows.map { $0.map { x[$0] }.max() ?? 0 }
      let first = zip(windows, largest).map { places, value in
        places.first { x[$0] == value } ?? 0
      }
      let (y, places) = maxPooled(x, planes, shape)
      #expect(y == largest)
      let plane = shape.height * shape.width
      #expect(places == first.map { Float($0 % max(plane, 1)) })
      let dy = random(windows.count, seed: 2)
      var expected = [Double](repeating: 0, count: count)
      for (place, share) in zip(first, dy) { expected[place] += Double(share) }
      let dx = reading(dy) { dy in
        reading(places) { places in
          written(count) {
            maxPoolBackward(dy, places: places, planes: planes, shape, into: $0)
          }
        }
      }
      #expect(close(dx, expected))
    }
  }

  @Test(arguments: [(4, 18, 2, 2), (7, 8, 3, 2)])
  func `NaN counts as larger than every number`(_ geometry: (Int, Int, Int, Int)) {
    let shape = PoolingTests.shape(geometry)
    let windows = PoolingTests.windows(1, shape)
    for place in 0..<shape.height * shape.width {
      var x = random(shape.height * shape.width)
      x[place] = .nan
      let (y, places) = maxPooled(x, 1, shape)
      for (index, window) in windows.enumerated() {
        #expect(y[index].isNaN == window.contains(place))
        if y[index].isNaN { #expect(places[index] == Float(place)) }
      }
    }
  }

  @Test func `a window of nothing but minus infinity has its largest place too`() {
    let shape = PoolingTests.shape((2, 2, 2, 2))
    let (y, places) = maxPooled([Float](repeating: -.infinity, count: 4), 1, shape)
    #expect(y == [-.infinity] && places == [0])
  }

  @Test(arguments: geometries, [0, 1, 3])
  func `each window gives its mean and shares its gradient out equally`(
    _ geometry: (Int, Int, Int, Int), _ planes: Int
  ) {
    let shape = PoolingTests.shape(geometry)
    let count = planes * shape.height * shape.width
    let windows = PoolingTests.windows(planes, shape)
    let size = Double(shape.size * shape.size)
    let x = random(count, seed: 3)
    let y = reading(x) { x in
      written(windows.count) { averagePool(x, planes: planes, shape, into: $0) }
    }
    #expect(close(y, windows.map { $0.reduce(0) { $0 + Double(x[$1]) } / size }))
    let dy = random(windows.count, seed: 4)
    var expected = [Double](repeating: 0, count: count)
    for (places, share) in zip(windows, dy) {
      for place in places { expected[place] += Double(share) / size }
    }
    let dx = reading(dy) { dy in
      written(count) { averagePoolBackward(dy, planes: planes, shape, into: $0) }
    }
    #expect(close(dx, expected))
  }

  /// Rows, channels, block.
  @Test(
    arguments: oddSizes.dropFirst(),
    [(0, 2, 1), (1, 1, 1), (5, 1, 1), (2, 9, 1), (3, 16, 8), (2, 32, 16)])
  func `a whole plane gives its mean and shares its gradient out equally`(
    _ inner: Int, _ shape: (Int, Int, Int)
  ) {
    let planes = Planes(rows: shape.0, channels: shape.1, inner: inner, block: shape.2)
    let count = shape.0 * shape.1
    let x = random(count * inner, seed: 5)
    let y = reading(planes.blocked(x)) { x in
      written(count) { globalAveragePool(x, planes, into: $0) }
    }
    let expected = (0..<count).map { plane in
      (0..<inner).reduce(0.0) { $0 + Double(x[plane * inner + $1]) } / Double(inner)
    }
    #expect(close(y, expected, 2e-7))
    let dy = random(count, seed: 6)
    let dx = reading(dy) { dy in
      written(count * inner) { globalAveragePoolBackward(dy, planes, into: $0) }
    }
    #expect(
      close(planes.plain(dx), (0..<count * inner).map { Double(dy[$0 / inner]) / Double(inner) }))
  }

  /// Channels in blocks give what each gives alone.
  @Test(arguments: geometries, [8, 16])
  func `blocked channels are pooled as each channel is alone`(
    _ geometry: (Int, Int, Int, Int), _ block: Int
  ) {
    let shape = PoolingTests.shape(geometry)
    var inBlocks = shape
    inBlocks.block = block
    let (rows, channels) = (2, 32)
    let before = Planes(
      rows: rows, channels: channels, inner: shape.height * shape.width, block: block)
    let after = Planes(
      rows: rows, channels: channels, inner: shape.outputHeight * shape.outputWidth, block: block)
    let (count, outputs) = (
      rows * channels * before.inner, rows * channels * after.inner
    )
    var x = random(count, seed: 1, scale: 3).map { $0.rounded() }
    x[count / 3] = .nan
    let dy = random(outputs, seed: 2)
    let plain = maxPooled(x, rows * channels, shape)
    let blocked = maxPooled(before.blocked(x), rows * channels / block, inBlocks)
    #expect(same(after.plain(blocked.values), plain.values))
    #expect(after.plain(blocked.places) == plain.places)
    func backward(_ dy: [Float], _ places: [Float], _ planes: Int, _ shape: PoolingShape)
      -> [Float]
    {
      reading(dy) { dy in
        reading(places) { places in
          written(count, from: x) {
            maxPoolBackward(dy, places: places, planes: planes, shape, into: $0)
          }
        }
      }
    }
    #expect(
      before.plain(
        backward(after.blocked(dy), blocked.places, rows * channels / block, inBlocks))
        == backward(dy, plain.places, rows * channels, shape))
    func averaged(_ x: [Float], _ dy: [Float], _ planes: Int, _ shape: PoolingShape)
      -> (y: [Float], dx: [Float])
    {
      let y = reading(x) { x in
        written(outputs) { averagePool(x, planes: planes, shape, into: $0) }
      }
      let dx = reading(dy) { dy in
        written(count, from: x) { averagePoolBackward(dy, planes: planes, shape, into: $0) }
      }
      return (y, dx)
    }
    let alone = averaged(x, dy, rows * channels, shape)
    let together = averaged(
      before.blocked(x), after.blocked(dy), rows * channels / block, inBlocks)
    #expect(same(after.plain(together.y), alone.y))
    #expect(before.plain(together.dx) == alone.dx)
  }

  private func same(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }

  /// Values and places; without places the values are the same.
  private func maxPooled(
    _ x: [Float], _ planes: Int, _ shape: PoolingShape
  ) -> (values: [Float], places: [Float]) {
    let count = planes * shape.outputHeight * shape.outputWidth * shape.block
    var values: [Float] = []
    let places = reading(x) { x in
      written(count) { places in
        values = written(count) { maxPool(x, planes: planes, shape, into: $0, places: places) }
      }
    }
    let alone = reading(x) { x in
      written(count) { maxPool(x, planes: planes, shape, into: $0, places: nil) }
    }
    #expect(same(alone, values))
    return (values, places)
  }
}
