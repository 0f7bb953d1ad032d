// One picture of discs, squares and triangles, with what is where.
import Basics
import Foundation

/// A picture of shapes, the class of each pixel and the box of each shape.
struct ShapeScene {
  /// What the classes of pixels are called; a shape's own class is one less.
  static let classNames = ["background", "disc", "square", "triangle"]

  private(set) var canvas: Canvas
  /// 0 background, 1 disc, 2 square, 3 triangle, row by row.
  private(set) var mask: [Int32]
  /// The shapes in the order they were drawn.
  private(set) var shapes: [(kind: Int, box: PixelBox)] = []
  private var owners: [Int8]

  /// Draws one to `most` shapes.
  ///
  /// A shape has a radius of 0.08 to 0.22 of the side, at least 70 % of it inside, and a contrast of
  /// 0.25 to 0.7; one that finds no place in 20 tries is left out, but never the first.
  init(size: Int, most: Int, random: inout RandomSource) {
    canvas = Canvas(size: size)
    mask = Array(repeating: 0, count: size * size)
    owners = Array(repeating: -1, count: size * size)
    let level = random.uniform(in: 0.05...0.25)
    canvas.fill(level: level, random: &random)
    var boxes: [PixelBox] = []
    for index in 0..<(1 + random.index(below: most)) {
      guard let outline = placed(isFirst: index == 0, beside: boxes, random: &random) else {
        continue
      }
      let intensity = level + random.uniform(in: 0.25...0.7)
      boxes.append(draw(outline, intensity: Float(intensity), number: shapes.count))
      shapes.append((outline.kind, .empty))
    }
    for (pixel, owner) in owners.enumerated() where owner >= 0 {
      shapes[Int(owner)].box.include(x: pixel % size, y: pixel / size)
    }
    // A shape that others hide all but its edge has no box.
    shapes.removeAll { $0.box.isEmpty }
    canvas.blur()
    canvas.addNoise(random: &random)
  }

  private func placed(
    isFirst: Bool, beside boxes: [PixelBox], random: inout RandomSource
  ) -> ShapeOutline? {
    let size = Double(canvas.size)
    for attempt in 1...20 {
      var outline = ShapeOutline(
        kind: 1 + random.index(below: 3), x: random.uniform(in: 0...size),
        y: random.uniform(in: 0...size), radius: size * random.uniform(in: 0.08...0.22),
        angle: random.uniform(in: 0...(2 * .pi)))
      if isFirst, attempt == 20 {
        outline.x = min(max(outline.x, outline.radius), size - outline.radius)
        outline.y = min(max(outline.y, outline.radius), size - outline.radius)
        return outline
      }
      let place = outline.place(size: canvas.size)
      if place.shareInside >= 0.7, boxes.allSatisfy({ $0.overlap(place.box) <= 0.2 }) {
        return outline
      }
    }
    return nil
  }

  /// Covers pixels by their share; half covered, a pixel is the shape's.
  private mutating func draw(
    _ outline: ShapeOutline, intensity: Float, number: Int
  ) -> PixelBox {
    let size = canvas.size
    var box = PixelBox.empty
    outline.visit { x, y, samples in
      guard 0..<size ~= x, 0..<size ~= y else { return }
      let index = y * size + x
      let share = Float(samples) / 16
      canvas.pixels[index] += share * (intensity - canvas.pixels[index])
      guard samples >= 8 else { return }
      mask[index] = Int32(outline.kind)
      owners[index] = Int8(number)
      box.include(x: x, y: y)
    }
    return box
  }
}

/// A shape's geometry, in pixels.
struct ShapeOutline {
  /// 1 disc, 2 square, 3 triangle.
  var kind: Int
  var x, y: Double
  /// To the corners.
  var radius: Double
  var angle: Double

  /// Calls `body` with every pixel that is touched, and how many of 4x4 samples in it are covered.
  func visit(_ body: (_ x: Int, _ y: Int, _ samples: Int) -> Void) {
    // A square and a triangle are where every side has the point on its inner hand.
    let sides = kind == 2 ? 4 : 3
    let distance = radius * cos(.pi / Double(sides))
    let normals = (0..<sides).map { side in
      let turn = angle + 2 * .pi * Double(side) / Double(sides)
      return (x: cos(turn), y: sin(turn))
    }
    for row in Int((y - radius).rounded(.down))...Int((y + radius).rounded(.down)) {
      for column in Int((x - radius).rounded(.down))...Int((x + radius).rounded(.down)) {
        var samples = 0
        for sample in 0..<16 {
          let dx = Double(column) + (Double(sample % 4) + 0.5) / 4 - x
          let dy = Double(row) + (Double(sample / 4) + 0.5) / 4 - y
          let isInside =
            kind == 1
            ? dx * dx + dy * dy <= radius * radius
            : normals.allSatisfy { $0.x * dx + $0.y * dy <= distance }
          if isInside { samples += 1 }
        }
        if samples > 0 { body(column, row, samples) }
      }
    }
  }

  /// The share that lies on a canvas, and the box of its pixels there.
  func place(size: Int) -> (shareInside: Double, box: PixelBox) {
    var (all, inside) = (0, 0)
    var box = PixelBox.empty
    visit { x, y, samples in
      all += samples
      guard 0..<size ~= x, 0..<size ~= y else { return }
      inside += samples
      if samples >= 8 { box.include(x: x, y: y) }
    }
    return (Double(inside) / Double(max(all, 1)), box)
  }
}
