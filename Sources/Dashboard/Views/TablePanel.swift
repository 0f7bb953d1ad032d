// What the task has to show: a small table of inputs, outputs and decisions.
import RunRecords
import TerminalUI

/// The last sample of the first title.
struct SamplePanel {
  let model: DashboardModel

  private var sample: SampleRecord? { model.segment?.samples.first }

  /// The rows that show the whole table.
  var wantedRows: Int {
    guard case .table(_, let rows)? = sample?.content else { return 3 }
    return min(1000, rows.count) + 3
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let step = sample.map { "step \(NumberText.grouped($0.step))" } ?? ""
    let inner = model.drawFrame(
      .sample, ScreenText.printable(sample?.title ?? "sample"), note: step, in: rect,
      into: &buffer, look)
    guard case .table(let columns, let rows)? = sample?.content else { return }
    let shown = rows.prefix(max(1, inner.rows))
    let wholes = Set(
      columns.indices.filter { index in
        rows.allSatisfy { row in
          let number = row.indices.contains(index) ? row[index].double : nil
          return number.map { $0 == $0.rounded() && abs($0) < 1e6 } ?? true
        }
      })
    let table = Table(
      columns: columns.enumerated().map { index, title in
        let isNumeric = rows.allSatisfy { $0.indices.contains(index) && $0[index].double != nil }
        return Table.Column(
          ScreenText.printable(title), isNumeric ? .right : .left, importance: -index)
      },
      rows: shown.map { row in
        row.enumerated().map { Table.Entry(Self.text($1, isWhole: wholes.contains($0))) }
      })
    table.draw(in: inner, into: &buffer, look)
  }

  private static func text(_ value: Document, isWhole: Bool) -> String {
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
