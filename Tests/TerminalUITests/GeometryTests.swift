// Rectangles: splits tile exactly and nothing is ever negative.

import Testing

@testable import TerminalUI

@Suite struct GeometryTests {
  @Test func `weighted parts tile a rectangle exactly`() {
    var numbers = SeededNumbers(1)
    for _ in 0..<2000 {
      let rect = Rect(
        column: .random(in: -5...5, using: &numbers), row: .random(in: -5...5, using: &numbers),
        columns: .random(in: 0...50, using: &numbers), rows: .random(in: 0...50, using: &numbers))
      let weights = (0..<Int.random(in: 1...6, using: &numbers)).map { _ in
        Int.random(in: 0...9, using: &numbers)
      }
      let columns = rect.columns(weights: weights)
      #expect(columns.first?.left == rect.left)
      #expect(columns.last?.right == rect.right)
      #expect(zip(columns, columns.dropFirst()).allSatisfy { $0.right == $1.left })
      let rows = rect.rows(weights: weights)
      #expect(rows.map(\.rows).reduce(0, +) == rect.rows)
      #expect(rows.last?.bottom == rect.bottom)
    }
  }

  @Test func `both halves of a split add up, whatever is asked for`() {
    let rect = Rect(column: 2, row: 3, columns: 7, rows: 4)
    for count in -3...12 {
      #expect(rect.splitTop(count).top.rows + rect.splitTop(count).rest.rows == 4)
      #expect(rect.splitBottom(count).rest.rows + rect.splitBottom(count).bottom.rows == 4)
      #expect(rect.splitLeft(count).left.columns + rect.splitLeft(count).rest.columns == 7)
      #expect(rect.splitRight(count).rest.columns + rect.splitRight(count).right.columns == 7)
      #expect(rect.splitRight(count).right.right == rect.right)
    }
  }

  @Test func `an inset stays inside and never becomes negative`() {
    let rect = Rect(column: 2, row: 3, columns: 5, rows: 4)
    #expect(rect.inset(by: 1) == Rect(column: 3, row: 4, columns: 3, rows: 2))
    for cells in 0...9 {
      let inner = rect.inset(by: cells)
      #expect(inner.left >= rect.left && inner.right <= rect.right)
      #expect(inner.top >= rect.top && inner.bottom <= rect.bottom)
    }
    #expect(Size(columns: -3, rows: 2) == Size(columns: 0, rows: 2))
  }

  @Test func `rectangles that do not touch have an empty intersection`() {
    let rect = Rect(column: 0, row: 0, columns: 4, rows: 4)
    #expect(rect.intersection(Rect(column: 9, row: 9, columns: 2, rows: 2)).isEmpty)
    #expect(
      rect.intersection(Rect(column: 2, row: -1, columns: 9, rows: 3))
        == Rect(column: 2, row: 0, columns: 2, rows: 2))
  }
}
