// Small pictures: sizes, half blocks, shades, letters and outlines, and any value a log may hold.
import Testing

@testable import TerminalUI

@Suite struct PixelPictureTests {
  private static let rich = Appearance(theme: .terminal)
  private static let ramp = PixelPicture(
    width: 4, height: 2, brightness: [0, 0.3, 0.6, 1, 0, 0.3, 0.6, 1])

  @Test func `two rows of pixels share a row of cells`() {
    var buffer = CellBuffer(size: Size(columns: 6, rows: 3))
    let picture = PixelPicture(width: 3, height: 3, brightness: [0, 1, 0, 1, 0, 1, 0, 0, 0])
    picture.draw(in: buffer.bounds, into: &buffer, Self.rich)
    #expect(picture.size == Size(columns: 3, rows: 2))
    #expect(buffer.lines == ["▀▀▀", "▀▀▀", ""])
    #expect(buffer[0, 0].style.foreground == .rgb(0, 0, 0))
    #expect(buffer[0, 0].style.background == .rgb(255, 255, 255))
    // Below the last row lies the background.
    #expect(buffer[0, 1].style.background == .default)
  }

  @Test func `without many colours brightness is a shade, on paper the other way round`() {
    let ascii = Appearance(theme: .terminal, glyphs: .ascii)
    #expect(picture(4, 1) { Self.ramp.draw(in: $0, into: &$1, ascii) } == " -+@")
    let few = Appearance(theme: Theme.terminal.reduced(to: .sixteen))
    #expect(picture(4, 1) { Self.ramp.draw(in: $0, into: &$1, few) } == " ░▒█")
    let paper = Theme(
      name: "", author: "", isDark: false, colors: [:], gradient: [], heat: [])
    #expect(
      picture(4, 1) {
        Self.ramp.draw(in: $0, into: &$1, Appearance(theme: paper, glyphs: .ascii))
      } == "@*=")
  }

  @Test func `a mark has a letter, once in colour and everywhere without`() {
    let mark = PixelPicture.Pixel.mark(.train, "d")
    let ground = PixelPicture.Pixel.mark(.selection, ".")
    let picture = PixelPicture(
      width: 4, height: 4,
      pixels: [
        ground, mark, mark, mark, ground, mark, mark, mark, ground, mark, mark, mark, ground, mark,
        mark, mark,
      ])
    for (look, lines) in [(Self.rich, ["▀▀d▀", "▀▀▀▀"]), (Looks.ascii, [".ddd", ".ddd"])] {
      var buffer = CellBuffer(size: Size(columns: 4, rows: 2))
      picture.draw(in: buffer.bounds, into: &buffer, look)
      #expect(buffer.lines == lines)
    }
  }

  @Test func `two boxes differ by their lines and the places of their letters`() {
    var picture = PixelPicture(
      width: 8, height: 10, brightness: [Float](repeating: 0, count: 80))
    picture.boxes = [
      PixelBox(left: 0, top: 0, right: 5, bottom: 5, isDashed: false, role: .good, letter: "t"),
      PixelBox(left: 2, top: 2, right: 7, bottom: 9, isDashed: true, role: .warning, letter: "p"),
    ]
    let text = TerminalUITests.picture(8, 5) { picture.draw(in: $0, into: &$1, Looks.ascii) }
    #expect(
      text == """
        t----+
        | +....+
        +-:--+ :
          :    :
          +....p
        """)
    var buffer = CellBuffer(size: Size(columns: 8, rows: 5))
    picture.draw(in: buffer.bounds, into: &buffer, Self.rich)
    #expect(buffer.lines.first == "t────┐▀▀" && buffer.lines.last == "▀▀└╌╌╌╌p")
  }

  @Test func `any picture, box and place works and draws nothing outside`() {
    var numbers = SeededNumbers(7)
    let values: [Float] = [.nan, .infinity, -.infinity, -1e38, 0, 0.5, 1, 3e38]
    let edges = [-1_000_000, -3, -1, 0, 1, 5, 9, 1_000_000]
    let outside = Cell("#", Style().bold)
    for round in 0..<400 {
      let width = Int.random(in: 0...9, using: &numbers)
      let height = Int.random(in: 0...9, using: &numbers)
      var picture = PixelPicture(
        width: width, height: height,
        pixels: (0..<width * height).map { _ in
          Bool.random(using: &numbers)
            ? .tone(
              values[Int.random(in: 0..<8, using: &numbers)],
              values[Int.random(in: 0..<8, using: &numbers)], 0.2) : .broken
        })
      picture.boxes = (0..<2).map { _ in
        let edge = edges.map { _ in edges[Int.random(in: 0..<8, using: &numbers)] }
        return PixelBox(
          left: edge[0], top: edge[1], right: edge[2], bottom: edge[3],
          isDashed: Bool.random(using: &numbers), role: .good, letter: "t")
      }
      var buffer = CellBuffer(size: Size(columns: 14, rows: 9), filling: outside)
      let rect = Rect(
        column: 3, row: 2, columns: Int.random(in: 0...8, using: &numbers),
        rows: Int.random(in: 0...5, using: &numbers))
      picture.draw(in: rect, into: &buffer, Looks.all[round % 4])
      for row in 0..<9 {
        for column in 0..<14 where !rect.contains(Point(column: column, row: row)) {
          #expect(buffer[column, row] == outside)
        }
      }
    }
  }

  @Test func `few pixels are missing or too many without harm`() {
    #expect(PixelPicture(width: 2, height: 2, pixels: [.broken]).pixels.count == 4)
    #expect(PixelPicture(width: 1, height: 1, pixels: [.broken, .broken]).pixels == [.broken])
    #expect(PixelPicture(width: -3, height: 2, pixels: []).size.isEmpty)
  }

  @Test(arguments: [ColorDepth.twoHundredFiftySix, .trueColor])
  func `the colour of a pixel is near to what it stands for`(depth: ColorDepth) throws {
    for red in stride(from: Float(0), through: 1, by: 0.125) {
      for blue in stride(from: Float(0), through: 1, by: 0.125) {
        let color = Color.tone(red, 0.4, blue, depth: depth)
        let parts = try #require(color.components)
        #expect(
          abs(Float(parts.red) / 255 - red) < 0.2 && abs(Float(parts.blue) / 255 - blue) < 0.2)
      }
    }
    var levels: [Double] = []
    for step in 0...100 {
      let grey = Float(step) / 100
      levels.append(Color.tone(grey, grey, grey, depth: depth).luminance ?? 0)
    }
    #expect(levels == levels.sorted() && levels.first == 0 && levels.last == 1)
    #expect(Set(levels).count > 20)
  }

  // MARK: Other sizes

  @Test func `a smaller picture has the means of what falls on its pixels`() {
    let values: [Float] = [0, 1, 2, 3, 4, 5, 6, 7]
    #expect(Resampling.mean(values, width: 4, height: 2, to: (2, 1)) == [2.5, 4.5])
    #expect(Resampling.mean(values, width: 4, height: 2, to: (4, 2)) == values)
    #expect(Resampling.mean([1, 2], width: 2, height: 1, to: (4, 2)) == [1, 1, 2, 2, 1, 1, 2, 2])
    #expect(Resampling.mean([.nan, 3, .infinity, 5], width: 2, height: 2, to: (1, 1)) == [4])
    #expect(Resampling.mean([.nan], width: 1, height: 1, to: (1, 1))[0].isNaN)
    let huge = [Float](repeating: .greatestFiniteMagnitude, count: 64)
    #expect(Resampling.mean(huge, width: 8, height: 8, to: (1, 1))[0].isFinite)
  }

  @Test func `a smaller picture has the class of the majority`() {
    let classes: [Float] = [0, 1, 1, 2, 1, 0, 2, 2]
    #expect(
      Resampling.majority(classes, classes: 3, width: 4, height: 2, to: (2, 1)) == [0, 2])
    let odd: [Float] = [.nan, -1, 3e38, 0.4]
    #expect(
      Resampling.majority(odd, classes: 2, width: 4, height: 1, to: (4, 1)) == [nil, nil, nil, 0])
    #expect(Resampling.majority(odd, classes: 0, width: 4, height: 1, to: (1, 1)) == [nil])
  }

  @Test func `a picture without values, or of any size, can be resampled`() {
    #expect(Resampling.mean([], width: 5, height: 5, to: (2, 2)).count == 4)
    #expect(Resampling.mean([1], width: 1, height: 1, to: (0, 7)).isEmpty)
    let large = [Float](repeating: 0.5, count: 700 * 300)
    #expect(
      Resampling.mean(large, width: 700, height: 300, to: (3, 3)) == Array(repeating: 0.5, count: 9)
    )
  }
}
