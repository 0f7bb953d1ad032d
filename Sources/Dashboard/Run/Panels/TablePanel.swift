// What the task has to show: a table of inputs, outputs and decisions.
import PlainText
import RunRecords
import TerminalUI

/// The tables of the task.
struct TablePanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "table",
    explanation: SampleStack.explanation,
    leastRows: 6,
    showsSamples: true,
    ownKeys: [],
    draw: { TablePanel(model: $0).draw(in: $1, into: &$2, $3) })

  private var stack: SampleStack {
    SampleStack(model: model, kind: .table, plural: "tables", leastRows: 3)
  }

  /// The rows that show the whole of all tables.
  var wantedRows: Int {
    let samples = stack.samples
    let rows = samples.map { sample in
      guard case .table(_, let rows) = sample.content else { return 1 }
      return min(1000, rows.count) + 1 + (samples.count > 1 ? 1 : 0)
    }
    return rows.reduce(2, +)
  }

  /// The columns that show the whole of all tables.
  var wantedColumns: Int {
    let widths = stack.samples.map { sample in
      guard case .table(let columns, let rows) = sample.content else { return 0 }
      return Self.table(columns, rows.prefix(1000)).naturalWidth
    }
    return 4 + (widths.max() ?? 0)
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    stack.draw(in: rect, into: &buffer, look) { sample, area, buffer in
      guard case .table(let columns, let rows) = sample.content else { return }
      Self.table(columns, rows.prefix(max(1, area.rows))).draw(in: area, into: &buffer, look)
    }
  }

  /// Below this many columns a text says too little to be worth a place.
  private static let leastText = 8

  private static func table(_ columns: [String], _ rows: ArraySlice<[JSONValue]>) -> Table {
    let wholes = Set(
      columns.indices.filter { index in
        rows.allSatisfy { row in
          let number = row.indices.contains(index) ? row[index].double : nil
          return number.map { $0 == $0.rounded() && abs($0) < 1e6 } ?? true
        }
      })
    return Table(
      columns: columns.enumerated().map { index, title in
        let isNumeric = rows.allSatisfy { $0.indices.contains(index) && $0[index].double != nil }
        return Table.Column(
          ScreenText.printable(title), isNumeric ? .right : .left, importance: -index,
          // The first says what is asked; the answers are what the table is for.
          leastWidth: index == 0 && !isNumeric ? leastText : nil)
      },
      rows: rows.map { row in
        row.enumerated().map { Table.Entry(text($1, isWhole: wholes.contains($0))) }
      })
  }

  private static func text(_ value: JSONValue, isWhole: Bool) -> String {
    switch value {
    case .null: "-"
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let number): String(number)
    case .number(let number) where abs(number) < 1000:
      NumberText.fixed(number, decimals: isWhole ? 0 : 2)
    case .number(let number): NumberText.significant(number)
    case .text(let text): ScreenText.printable(text)
    case .list(let values):
      values.prefix(8).map { text($0, isWhole: isWhole) }.joined(separator: " ")
    case .fields(let fields):
      fields.prefix(8).map { text($0.value, isWhole: isWhole) }.joined(separator: " ")
    }
  }
}
