// Small pictures: what goes in, what was to be found, what was found, side by side.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The pictures of the task in a grid.
struct ImagePanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "pictures",
    explanation: SampleStack.explanation,
    leastRows: 9,
    list: .pictures,
    showsSamples: true,
    ownKeys: [],
    draw: { ImagePanel(model: $0).draw(in: $1, into: &$2, $3) })

  private var images: [(title: String, pictures: SamplePictures)] {
    (model.segment?.samples(for: .images) ?? []).compactMap { sample in
      guard case .image(let image) = sample.content else { return nil }
      return (sample.title, SamplePictures(image))
    }
  }

  /// The pictures that fit into a panel.
  func page(in rect: Rect) -> ListWindow {
    let images = images
    return page(of: images, grid(images, in: area(rect, legend(images, in: rect)).size))
  }

  private func page(
    of images: [(title: String, pictures: SamplePictures)], _ grid: ImageGrid
  ) -> ListWindow {
    ListWindow(from: model.firstPicture, room: grid.shown, of: images.count)
  }

  private func area(_ rect: Rect, _ legend: [FittedLine.Item]) -> Rect {
    Panel.interior(of: rect).splitBottom(legend.isEmpty ? 0 : 1).rest
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let images = images
    let legend = legend(images, in: rect)
    let area = area(rect, legend)
    let grid = grid(images, in: area.size)
    let page = page(of: images, grid)
    let words = words(images, page, columns: rect.columns, look)
    let inner = model.drawFrame(
      .images, words.title, note: words.note, in: rect, into: &buffer, look)
    guard grid.shown > 0 else {
      let isTooSmall = images.contains { !$0.pictures.names.isEmpty && $0.pictures.image.width > 0 }
      model.drawEmpty(isTooSmall ? "too small" : "no picture", in: inner, into: &buffer, look)
      return
    }
    buffer.clipped(to: area) { buffer in
      for (index, image) in images[page.shown].enumerated() {
        draw(image.pictures, grid, in: grid.place(of: index, in: area), into: &buffer, look)
      }
    }
    guard !legend.isEmpty else { return }
    let line = inner.line(inner.rows - 1)
    let width = min(line.columns, FittedLine.width(legend))
    FittedLine(items: legend).draw(
      in: line.centered(Size(columns: width, rows: 1)), into: &buffer, look)
  }

  // MARK: Words

  private func title(
    _ images: [(title: String, pictures: SamplePictures)], _ look: Appearance
  ) -> String {
    let titles = images.map { ScreenText.printable($0.title) }
    guard let first = titles.first else { return "pictures" }
    // What the titles begin with, without the numbers that distinguish them.
    var common = titles.dropFirst().reduce(first[...]) { common, title in
      common.prefix(zip(common, title).prefix { $0 == $1 }.count)
    }
    if titles.count > 1 {
      while let last = common.last, !last.isLetter, last != ")" { common.removeLast() }
    }
    if titles.count == 1, !common.isEmpty { return first }
    guard common.count >= 3, !common.hasPrefix("picture") else { return "pictures" }
    return "pictures\(look.separator)\(common)"
  }

  /// Title and note, as much of them as fits: which pictures are shown before anything else.
  private func words(
    _ images: [(title: String, pictures: SamplePictures)], _ page: ListWindow, columns: Int,
    _ look: Appearance
  ) -> (title: String, note: String) {
    var right = ""
    let labels = images.compactMap(\.pictures.image.label)
    if labels.count > 1 {
      right = "\(labels.count { $0.truth == $0.prediction }) of \(labels.count) right"
    }
    let isPart = !page.isWhole && !page.shown.isEmpty
    let shown = isPart ? page.pictureLabel + " shown" : ""
    let step = model.segment?.samples(for: .images).map(\.step).max().map {
      "step \(NumberText.grouped($0))"
    }
    let title = title(images, look)
    let notes = [[right, shown, step ?? ""], [right, shown], [shown.isEmpty ? right : shown]].map {
      $0.filter { !$0.isEmpty }.joined(separator: look.separator)
    }
    for (title, note) in [
      (title, notes[0]), (title, notes[1]), ("pictures", notes[1]), (title, notes[2]),
      ("pictures", notes[2]),
    ] where DisplayWidth.of(title) + DisplayWidth.of(note) + Self.frameColumns <= columns {
      return (title, note)
    }
    return ("pictures", isPart ? page.pictureLabel : "")
  }

  /// Corners, air, number and pointer around title and note.
  private static let frameColumns = 11

  /// What letters and outlines stand for.
  private func legend(
    _ images: [(title: String, pictures: SamplePictures)], in rect: Rect
  ) -> [FittedLine.Item] {
    guard let first = images.first?.pictures, Panel.interior(of: rect).rows >= 7 else { return [] }
    var items: [FittedLine.Item] = []
    // The ground needs no explanation, nor does it where there is nothing but classes of planes.
    if first.names.contains(where: { $0 == "truth" || $0 == "prediction" }) {
      for (index, name) in first.letters.names.enumerated().prefix(24) where index > 0 {
        let letter = String(Character(first.letters[index]))
        items.append(
          FittedLine.Item(
            [
              .init(letter, ClassLetters.role(index), isBold: true),
              .init(" " + ScreenText.printable(name), .mutedText),
            ], importance: -index))
      }
    }
    for (box, letter, role, word) in [
      (first.image.truthBox, "t", SamplePictures.truthRole, "box: truth"),
      (first.image.predictionBox, "p", SamplePictures.predictionRole, "dashed: prediction"),
    ] where box != nil {
      items.append(
        FittedLine.Item(
          [.init(letter, role, isBold: true), .init(" " + word, .mutedText)], importance: 1))
    }
    return items
  }

  // MARK: Pictures

  /// Pictures of a sample may differ in size; the first stands for all.
  private func grid(
    _ images: [(title: String, pictures: SamplePictures)], in size: Size
  ) -> ImageGrid {
    let first = images.first { !$0.pictures.names.isEmpty }?.pictures
    let pictures = images.map(\.pictures.names.count).max() ?? 1
    let hasLabels = images.contains { $0.pictures.image.label != nil }
    let captions = (pictures > 1 && size.rows >= 4 ? 1 : 0) + (hasLabels && size.rows >= 3 ? 1 : 0)
    return ImageGrid(
      samples: images.count, pictures: pictures, width: first?.image.width ?? 0,
      height: first?.image.height ?? 0, captionRows: captions, in: size)
  }

  private func draw(
    _ pictures: SamplePictures, _ grid: ImageGrid, in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    let names = pictures.names
    let (area, captions) = rect.splitBottom(grid.captionRows)
    for (index, name) in names.prefix(grid.pictures).enumerated() {
      let column = index * (grid.pixelColumns + ImageGrid.pictureGap)
      let place = area.inset(left: column).splitLeft(grid.pixelColumns).left
      pictures.picture(name, width: grid.pixelColumns, height: grid.pixelRows)
        .draw(in: place, into: &buffer, look)
      if grid.pictures > 1, grid.captionRows > 0 {
        let text = look.shortened(name, to: grid.pixelColumns)
        let caption = Rect(
          column: place.left, row: captions.top, columns: place.columns, rows: 1
        ).intersection(captions)
        buffer.write(
          text, at: caption.origin, style: look.style(.mutedText), maxWidth: caption.columns)
      }
    }
    guard let label = pictures.image.label else { return }
    let line = captions.line(captions.rows - 1)
    let isPlanesLine = grid.pictures > 1 && grid.captionRows == 1
    guard !line.isEmpty, !isPlanesLine else { return }
    TextLine(words(label, columns: line.columns, look)).draw(in: line, into: &buffer, look)
  }

  /// Words like: ✓ disc, or: ✗ disc → square.
  private func words(
    _ label: SampleImage.Label, columns: Int, _ look: Appearance
  ) -> [TextLine.Piece] {
    let isUnicode = look.glyphs.isUnicode
    let truth = ScreenText.printable(label.truth)
    guard label.truth != label.prediction else {
      return [
        .init(isUnicode ? "✓ " : "+ ", .good, isBold: true),
        .init(look.cut(truth, to: columns - 2)),
      ]
    }
    let prediction = ScreenText.printable(label.prediction)
    let mark: TextLine.Piece = .init(isUnicode ? "✗ " : "x ", .error, isBold: true)
    let widths = (DisplayWidth.of(truth), DisplayWidth.of(prediction))
    // Closer together before anything is cut.
    let wide = " \(look.arrow) "
    let arrow = widths.0 + widths.1 + DisplayWidth.of(wide) <= columns - 2 ? wide : look.arrow
    let room = columns - 2 - DisplayWidth.of(arrow)
    guard room >= 6 else {
      return [mark, .init(look.cut(prediction, to: columns - 2), .warning)]
    }
    // The shorter name in full, what is left to the other.
    let first = widths.0 <= widths.1 ? min(widths.0, room / 2) : room - min(widths.1, room / 2)
    // Words are recognized by their beginnings; if both begin alike, they are distinguished by
    // their ends.
    var names = (look.cut(truth, to: first), look.cut(prediction, to: room - first))
    if names.0 == names.1 {
      names = (look.shortened(truth, to: first), look.shortened(prediction, to: room - first))
    }
    return [
      mark, .init(names.0), .init(arrow, .mutedText), .init(names.1, .warning),
    ]
  }
}
