// Sample pictures as PNG files: what zlib unpacks is what was drawn.
import Testing

@testable import RunRecords

@Suite struct PictureFileTests {
  private func read(_ image: SampleImage) throws -> (type: UInt8, rows: [[UInt8]]) {
    let pixels = try #require(image.pixels)
    let picture = try EventFileReader.png(pixels.png)
    #expect(picture.width == pixels.width && picture.height == pixels.height)
    return (picture.type, picture.rows)
  }

  @Test func `brightness becomes grey`() throws {
    let picture = try read(
      SampleImage(width: 3, height: 2, planes: [.init("input", [0, 0.5, 1, -1, 2, .nan])]))
    #expect(picture.type == 0 && picture.rows == [[0, 128, 255], [0, 255, 0]])
  }

  @Test func `colours, truth and prediction stand side by side`() throws {
    let image = SampleImage(
      width: 2, height: 1,
      planes: [
        .init("red", [1, 0]), .init("green", [0, 1]), .init("blue", [0, 0]),
        .init("truth", [0, 1]), .init("prediction", [2, -3]), .init("attention", [5, 5]),
      ], classes: ["background", "disc", "square"])
    let gap: [UInt8] = Array(repeating: 128, count: 6)
    let picture = try read(image)
    #expect(picture.type == 2)
    #expect(
      picture.rows == [
        [255, 0, 0, 0, 255, 0] + gap + [0, 0, 0, 230, 159, 0] + gap + [86, 180, 233, 0, 0, 0]
      ])
  }

  @Test func `boxes stand in copies of the input, cut at its edges`() throws {
    func columns(_ box: SampleImage.Box) throws -> [[Bool]] {
      let image = SampleImage(
        width: 4, height: 3, planes: [.init("input", Array(repeating: 0, count: 12))],
        truthBox: box)
      let rows = try read(image).rows
      return rows.map { row in (6..<10).map { row[3 * $0] == 230 } }
    }
    #expect(
      try columns(.init(left: 0, top: 0, right: 3, bottom: 3)) == [
        [true, true, true, false], [true, false, true, false], [true, true, true, false],
      ])
    // Beyond the picture there is nothing to draw.
    #expect(
      try columns(.init(left: 2, top: -9, right: 1e30, bottom: 2)) == [
        [false, false, true, false], [false, false, true, true], [false, false, false, false],
      ])
    for box in [
      SampleImage.Box(left: 3, top: 3, right: 1, bottom: 1),
      .init(left: 9, top: 9, right: 12, bottom: 12),
      .init(left: .nan, top: 0, right: .nan, bottom: .infinity),
    ] {
      #expect(try columns(box).allSatisfy { !$0.contains(true) }, "\(box)")
    }
  }

  @Test func `a picture larger than a stored block reads back`() throws {
    var pixels = PixelRows(width: 300, height: 250, channels: 1)
    for index in pixels.bytes.indices { pixels.bytes[index] = UInt8(truncatingIfNeeded: index * 7) }
    let rows = try EventFileReader.png(pixels.png).rows
    #expect(Array(rows.joined()) == pixels.bytes)
  }

  @Test func `with nothing to show there is no picture`() {
    #expect(SampleImage(width: 0, height: 3, planes: []).pixels == nil)
    #expect(SampleImage(width: 1, height: 1, planes: [.init("attention", [1])]).pixels == nil)
  }
}
