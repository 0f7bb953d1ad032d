// A sample's picture as pixels: the input, and beside it what is true and what was predicted.

extension SampleImage {
  /// Input, truth and prediction from left to right, as far as there are any; nil for a picture without
  /// pixels.
  ///
  /// Boxes stand in copies of the input. Classes have colours, the first one is black.
  var pixels: PixelRows? {
    let panels = panels
    guard width > 0, height > 0, !panels.isEmpty else { return nil }
    let channels = panels.contains { $0.channels == 3 } ? 3 : 1
    let total = panels.count * width + (panels.count - 1) * Self.gap
    var picture = PixelRows(width: total, height: height, channels: channels)
    picture.bytes = Array(repeating: 128, count: picture.bytes.count)
    for (index, panel) in panels.enumerated() {
      let left = index * (width + Self.gap)
      for row in 0..<height {
        for column in 0..<width {
          for channel in 0..<channels {
            picture.bytes[(row * total + left + column) * channels + channel] =
              panel[row, column, channel]
          }
        }
      }
    }
    return picture
  }

  /// Columns between two panels.
  private static let gap = 2

  private var panels: [PixelRows] {
    let input = input
    var panels = input.map { [$0] } ?? []
    for (name, box) in [("truth", truthBox), ("prediction", predictionBox)] {
      if let values = plane(name) {
        panels.append(classes.isEmpty ? grey(values) : coloured(values))
      } else if let box, let input {
        panels.append(input.outlined(box, in: Self.colours[0]))
      }
    }
    return panels
  }

  private var input: PixelRows? {
    if let values = plane("input") { return grey(values) }
    let colours = ["red", "green", "blue"].compactMap(plane)
    guard colours.count == 3 else { return nil }
    var rows = PixelRows(width: width, height: height, channels: 3)
    for (channel, values) in colours.enumerated() {
      for (place, value) in values.enumerated() {
        rows.bytes[3 * place + channel] = Self.byte(value)
      }
    }
    return rows
  }

  private func grey(_ values: [Float]) -> PixelRows {
    var rows = PixelRows(width: width, height: height, channels: 1)
    rows.bytes = values.map(Self.byte)
    return rows
  }

  private func coloured(_ indices: [Float]) -> PixelRows {
    var rows = PixelRows(width: width, height: height, channels: 3)
    rows.bytes = indices.flatMap { index in
      guard index >= 1, index < 1e6 else { return [0, 0, 0] as [UInt8] }
      return Self.colours[(Int(index) - 1) % Self.colours.count]
    }
    return rows
  }

  /// Brightness 0…1; NaN is black.
  private static func byte(_ value: Float) -> UInt8 {
    value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
  }

  /// Okabe and Ito's, distinguishable for the colour-blind.
  private static let colours: [[UInt8]] = [
    [230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0],
    [204, 121, 167],
  ]
}

extension PixelRows {
  /// A channel of a pixel; a grey one is the same in all.
  fileprivate subscript(row: Int, column: Int, channel: Int) -> UInt8 {
    bytes[(row * width + column) * channels + min(channel, channels - 1)]
  }

  /// The picture in colour with a box's edges, as far as they lie in it.
  fileprivate func outlined(_ box: SampleImage.Box, in colour: [UInt8]) -> PixelRows {
    func place(_ value: Float, _ size: Int) -> Int {
      value.isFinite ? Int(max(-1, min(value.rounded(), Float(size + 1)))) : -1
    }
    let (left, right) = (place(box.left, width), place(box.right, width) - 1)
    let (top, bottom) = (place(box.top, height), place(box.bottom, height) - 1)
    var picture = PixelRows(width: width, height: height, channels: 3)
    for row in 0..<height {
      for column in 0..<width {
        let isInside = left <= column && column <= right && top <= row && row <= bottom
        let isEdge = column == left || column == right || row == top || row == bottom
        for channel in 0..<3 {
          picture.bytes[(row * width + column) * 3 + channel] =
            isInside && isEdge ? colour[channel] : self[row, column, channel]
        }
      }
    }
    return picture
  }
}
