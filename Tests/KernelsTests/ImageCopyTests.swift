// Copies between plain images and blocks of channels against the definition of the layouts.
import Kernels
import Testing

@Suite struct ImageCopyTests {
  /// Source and target block; with and without pixels that squares of four by four leave over.
  @Test(
    arguments: [(1, 1), (8, 8), (1, 8), (8, 1), (1, 16), (16, 1), (16, 16)], [1, 9, 64, 150])
  func `images are copied or added from any block to any block`(_ blocks: (Int, Int), _ pixels: Int)
  {
    let (rows, channels) = (3, 32)
    // With one pixel all blocks are the same.
    let source = Planes(rows: 1, channels: channels, inner: pixels, block: blocks.0)
    let target = Planes(rows: 1, channels: channels, inner: pixels, block: blocks.1)
    let size = channels * pixels
    let images = (0..<rows).map { random(size, seed: UInt64($0) + 1) }
    // Both with something between the images.
    let from: [Float] = Array(images.map { source.blocked($0) + [7, 7, 7] }.joined())
    let stride = size + 5
    let before = random(rows * stride, seed: 9)
    for adds in [false, true] {
      let result = written(before.count, from: before) { to in
        _ = written(from.count, from: from) {
          copyImages(
            ImageRows(base: $0, stride: size + 3, block: blocks.0),
            to: ImageRows(base: to, stride: stride, block: blocks.1), rows: rows,
            channels: channels, pixels: pixels, adds: adds)
        }
      }
      for (row, image) in images.enumerated() {
        let end = row * stride + size
        let former = target.plain(Array(before[row * stride..<end]))
        let expected: [Float] = zip(former, image).map { adds ? $0 + $1 : $1 }
        #expect(target.plain(Array(result[row * stride..<end])) == expected)
        #expect(result[end..<end + 5] == before[end..<end + 5])
      }
    }
  }

  /// A concatenation: parts of images, in blocks and from plain ones.
  @Test(arguments: [1, 3])
  func `copies are the same on any number of threads`(_ threads: Int) {
    defer { setThreadCount(1) }
    setThreadCount(threads)
    let planes = Planes(rows: 5, channels: 32, inner: 1000, block: 16)
    let x = random(5 * 32 * 1000)
    let y = written(x.count) { to in
      _ = written(x.count, from: x) {
        copyImages(
          ImageRows(base: $0, stride: 32 * 1000, block: 1),
          to: ImageRows(base: to, stride: 32 * 1000, block: 16), rows: 5, channels: 32,
          pixels: 1000)
      }
    }
    #expect(planes.plain(y) == x)
  }
}
