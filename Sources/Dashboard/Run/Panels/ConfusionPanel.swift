// Which classes are taken for which: a matrix, or the largest confusions where it has no room.
import PlainText
import RunRecords
import TerminalUI

/// Counts of classes, the truth down, the prediction across.
struct ConfusionPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "confusions",
    explanation: SampleStack.explanation,
    leastRows: 7,
    showsSamples: true,
    ownKeys: [],
    draw: { ConfusionPanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let stack = SampleStack(model: model, kind: .confusion, plural: "confusions", leastRows: 4)
    let samples = stack.samples
    let only = samples.count == 1 ? samples.first : nil
    let title = only.map { "confusions\(look.separator)" + ScreenText.printable($0.title) }
    let counts = only.flatMap { ConfusionCounts($0.content) }
    let note = counts?.accuracy.map { NumberText.percent($0) + " right" } ?? ""
    stack.draw(in: rect, title: title, note: note, into: &buffer, look) { sample, area, buffer in
      guard let counts = ConfusionCounts(sample.content) else { return }
      guard !counts.names.isEmpty else {
        model.drawEmpty("no classes", in: area, into: &buffer, look)
        return
      }
      if let matrix = ConfusionMatrix(counts, in: area) {
        // The room that is left says in words what the matrix shows: below it, or else beside it.
        let below = area.splitTop(matrix.rows + 1).rest
        let beside = area.inset(left: matrix.columns + 5)
        let place = area.inset(left: max(0, area.columns - matrix.columns) / 2)
        if below.rows >= 3 {
          matrix.draw(in: place, into: &buffer, look)
          let aligned = below.inset(left: place.left - area.left)
          drawList(counts, in: aligned.columns >= 30 ? aligned : below, into: &buffer, look)
        } else if beside.columns >= 24, area.rows >= 4 {
          matrix.draw(in: area, into: &buffer, look)
          drawList(counts, in: beside, into: &buffer, look)
        } else {
          matrix.draw(in: place, into: &buffer, look)
        }
      } else {
        drawList(counts, in: area, into: &buffer, look)
      }
    }
  }

  /// Columns of a pair besides its names: arrow, air and count.
  private static let pairColumns = 9

  /// A line for each of the largest confusions: shirt → T-shirt 14.
  private func drawList(
    _ counts: ConfusionCounts, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let (head, rest) = rect.splitTop(rect.rows >= 3 ? 1 : 0)
    TextLine([.init("truth \(look.arrow) taken for", .mutedText)]).draw(
      in: head, into: &buffer, look)
    // Two or three columns of pairs where there is room.
    let longest = counts.names.indices.map(counts.width).max() ?? 1
    let count = min(3, max(1, (rest.columns + 4) / (2 * longest + Self.pairColumns + 4)))
    let pairs = counts.largest(rest.rows * count)
    guard !pairs.isEmpty else {
      model.drawEmpty("no confusion", in: rest, into: &buffer, look)
      return
    }
    let digits = pairs.map { NumberText.grouped($0.count).utf8.count }.max() ?? 1
    let names = pairs.map { counts.width(of: $0.truth) + counts.width(of: $0.prediction) }
    let arrow = DisplayWidth.of(look.arrow) + 2
    // The counts stand near the names, one below the other.
    let width = min(
      (names.max() ?? 0) + arrow + 2 + digits, (rest.columns + 4) / count - 4)
    let room = max(3, (width - arrow - 2 - digits) / 2)
    for (index, pair) in pairs.enumerated() {
      // Column by column, the largest at the top left.
      let (column, row) = index.quotientAndRemainder(dividingBy: max(1, rest.rows))
      let line = rest.line(row).inset(left: column * (width + 4)).splitLeft(max(8, width)).left
      let isLarge = Double(pair.count) >= counts.total(pair.truth) * ConfusionMatrix.largeShare
      let isCut = names[index] > width - arrow - 2 - digits
      let shown = { (place: Int) in
        isCut
          ? look.shortened(counts.names[place], to: room)
          : ScreenText.printable(counts.names[place])
      }
      line.write(
        left: [
          .init(shown(pair.truth)), .init(" \(look.arrow) ", .mutedText),
          .init(shown(pair.prediction)),
        ],
        right: [
          .init(NumberText.grouped(pair.count), isLarge ? .warning : .text, isBold: isLarge)
        ], into: &buffer, look)
    }
  }
}

/// The counts of a confusion sample, whatever it holds.
struct ConfusionCounts {
  let names: [String]
  private let counts: [[Int]]

  /// The counts; nil for another kind of sample.
  init?(_ content: SampleRecord.Content) {
    guard case .confusion(let classes, let counts) = content else { return nil }
    names = classes
    self.counts = counts
  }

  /// Columns of a class's name.
  func width(of place: Int) -> Int { DisplayWidth.of(ScreenText.printable(names[place])) }

  /// How often a class was taken for another; nothing is counted less than never.
  subscript(truth: Int, prediction: Int) -> Int {
    guard counts.indices.contains(truth), counts[truth].indices.contains(prediction) else {
      return 0
    }
    return max(0, counts[truth][prediction])
  }

  /// Examples of a class.
  ///
  /// Sums are in floating point: a damaged log may hold any count.
  func total(_ truth: Int) -> Double {
    names.indices.reduce(0) { $0 + Double(self[truth, $1]) }
  }

  /// Examples that were taken for a class.
  func predicted(_ prediction: Int) -> Double {
    names.indices.reduce(0) { $0 + Double(self[$1, prediction]) }
  }

  /// The share of a class's examples that were recognized; nil without examples of the class.
  func recall(_ truth: Int) -> Double? {
    let total = total(truth)
    return total > 0 ? Double(self[truth, truth]) / total : nil
  }

  /// The share of right answers; nil without examples.
  var accuracy: Double? {
    let total = names.indices.reduce(0) { $0 + self.total($1) }
    guard total > 0 else { return nil }
    return names.indices.reduce(0) { $0 + Double(self[$1, $1]) } / total
  }

  /// So many of the most frequent confusions, the largest first.
  func largest(_ limit: Int) -> [(truth: Int, prediction: Int, count: Int)] {
    guard limit > 0 else { return [] }
    var best: [(truth: Int, prediction: Int, count: Int)] = []
    for truth in names.indices {
      for prediction in names.indices where prediction != truth {
        let count = self[truth, prediction]
        guard count > 0 else { continue }
        if best.count == limit, let last = best.last, count <= last.count { continue }
        let place = best.firstIndex { $0.count < count } ?? best.count
        best.insert((truth, prediction, count), at: place)
        if best.count > limit { best.removeLast() }
      }
    }
    return best
  }
}
