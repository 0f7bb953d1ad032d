// How many pictures fit into a panel, and in which size.
import TerminalUI

/// The arrangement of samples, each of several pictures side by side, in the room there is.
struct ImageGrid: Equatable {
  /// Samples side by side and one below the other.
  let columns, rows: Int
  /// Samples that fit.
  let shown: Int
  /// The size of each picture in pixels, one column and half a row each.
  let pixelColumns, pixelRows: Int
  /// Pictures of each sample.
  let pictures: Int
  /// Rows of words below each sample.
  let captionRows: Int

  /// Below this many pixels a picture is hard to make out: rather fewer pictures.
  private static let leastPixels = 12
  static let sampleGap = 3
  static let pictureGap = 1

  /// Columns of a sample.
  var sampleColumns: Int { pictures * (pixelColumns + Self.pictureGap) - Self.pictureGap }
  /// Rows of a sample, its captions included.
  var sampleRows: Int { (pixelRows + 1) / 2 + captionRows }

  /// The arrangement that is worth most: many pictures, and large enough to be made out.
  init(
    samples: Int, pictures: Int, width: Int, height: Int, captionRows: Int, in size: Size
  ) {
    let pictures = max(1, pictures)
    let least = min(Self.leastPixels, max(1, min(width, height)))
    var best: (grid: ImageGrid, worth: Double)?
    for shown in 1...max(1, samples) {
      for columns in 1...shown {
        let rows = (shown + columns - 1) / columns
        let free = (size.columns - Self.sampleGap * (columns - 1)) / columns
        let pictureColumns = (free - Self.pictureGap * (pictures - 1)) / pictures
        let pictureRows = size.rows / rows - captionRows
        guard
          let (pixelColumns, pixelRows) = Self.fitted(
            width, height, columns: pictureColumns, rows: pictureRows)
        else { continue }
        let side = min(pixelColumns, pixelRows)
        guard side >= least || shown == 1 else { continue }
        let worth = Self.worth(of: shown, side: side)
        guard worth > best?.worth ?? 0 else { continue }
        best = (
          ImageGrid(
            columns: columns, rows: rows, shown: shown, pixelColumns: pixelColumns,
            pixelRows: pixelRows, pictures: pictures, captionRows: captionRows), worth
        )
      }
    }
    self =
      best?.grid
      ?? ImageGrid(
        columns: 1, rows: 1, shown: 0, pixelColumns: 0, pixelRows: 0, pictures: pictures,
        captionRows: captionRows)
  }

  private init(
    columns: Int, rows: Int, shown: Int, pixelColumns: Int, pixelRows: Int, pictures: Int,
    captionRows: Int
  ) {
    self.columns = columns
    self.rows = rows
    self.shown = shown
    self.pixelColumns = pixelColumns
    self.pixelRows = pixelRows
    self.pictures = pictures
    self.captionRows = captionRows
  }

  /// How good a choice `count` pictures of a size are: more are better, but not twice as many half
  /// as large.
  private static func worth(of count: Int, side: Int) -> Double {
    let root = Double(count).squareRoot()
    return Double(side) * root * root.squareRoot().squareRoot()
  }

  /// The largest size with the picture's proportions; enlarged by whole factors only, so that pixels
  /// stay alike.
  private static func fitted(
    _ width: Int, _ height: Int, columns: Int, rows: Int
  ) -> (columns: Int, rows: Int)? {
    guard width > 0, height > 0, columns > 0, rows > 0 else { return nil }
    let scale = min(Double(columns) / Double(width), Double(rows * 2) / Double(height))
    if scale >= 1 {
      let factor = min(4, Int(scale))
      return (width * factor, height * factor)
    }
    return (max(1, Int(Double(width) * scale)), max(1, Int(Double(height) * scale)))
  }

  /// Where a sample stands; the whole grid in the middle of the area.
  func place(of sample: Int, in area: Rect) -> Rect {
    let used = columns * (sampleColumns + Self.sampleGap) - Self.sampleGap
    let gap = max(0, (area.rows - rows * sampleRows) / max(1, rows))
    let (row, column) = sample.quotientAndRemainder(dividingBy: columns)
    return Rect(
      column: area.left + max(0, area.columns - used) / 2
        + column * (sampleColumns + Self.sampleGap),
      row: area.top + row * (sampleRows + min(1, gap)), columns: sampleColumns, rows: sampleRows
    ).intersection(area)
  }
}
