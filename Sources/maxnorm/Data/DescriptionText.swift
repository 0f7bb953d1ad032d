// Data in 80 columns: a line and a histogram for each column, a bar for each class.
import Basics
import Datasets
import Foundation
import PlainText
import TerminalUI

/// Describes tables and data sets in text.
struct DescriptionText {
  /// Blocks and other characters beyond ASCII can be shown.
  let isUnicode: Bool

  private static let width = 80
  private static let nameWidth = 20
  private static let barWidth = 30
  /// Classes and texts that have a bar of their own.
  private static let mostBars = 12

  // MARK: Tables

  /// What each column holds.
  func text(of table: TableSummary) -> String {
    let rows = "\(NumberText.grouped(table.rowCount)) \(table.rowCount == 1 ? "row" : "rows")"
    var lines = [
      plain(URL(fileURLWithPath: table.name).lastPathComponent) + ": \(rows), "
        + "\(table.columns.count) \(table.columns.count == 1 ? "column" : "columns")"
    ]
    for column in table.columns {
      lines.append("")
      lines.append(head(of: column))
      if let numbers = column.numbers {
        lines.append("  " + figures(numbers, of: column))
        if column.distinct > 1 { lines.append("  " + histogram(numbers.histogram)) }
      }
      if column.numbers == nil || column.distinct <= 2 {
        lines += bars(
          column.counts.map { ($0.text, $0.count) }, of: column.known, most: 6,
          different: column.distinct)
      }
    }
    return joined(lines)
  }

  private func head(of column: ColumnSummary) -> String {
    let kind =
      switch column.kind {
      case .number: column.isWhole ? "whole numbers" : "numbers"
      case .date(let format): "dates (\(format.rawValue))"
      case .text: "texts"
      case .measure: "numbers with text"
      case .mixed: "numbers and texts"
      case .ambiguousDate: "dates, ambiguous"
      case .empty: "no values"
      }
    let different = column.known > 0 ? ", \(NumberText.grouped(column.distinct)) different" : ""
    let missing = column.missing > 0 ? ", \(NumberText.grouped(column.missing)) missing" : ""
    return "\(name(column.name))  \(kind)\(different)\(missing)"
  }

  private func figures(_ numbers: NumberSummary, of column: ColumnSummary) -> String {
    if case .date = column.kind {
      func day(_ days: Double) -> String { DateFormat.text(seconds: days * 86400) }
      return "from \(day(numbers.least)) to \(day(numbers.most)), middle \(day(numbers.median))"
    }
    let plusMinus = isUnicode ? "±" : "+-"
    return "from \(figure(numbers.least)) to \(figure(numbers.most)), median "
      + "\(figure(numbers.median)), mean \(figure(numbers.mean)) \(plusMinus) "
      + figure(numbers.deviation)
  }

  private func figure(_ number: Double) -> String {
    let text = String(format: "%.4g", number)
    guard !isUnicode || !text.hasPrefix("-") else { return "−" + text.dropFirst() }
    return text
  }

  /// Counts as columns of eighths, or of ASCII's heavier and heavier marks.
  private func histogram(_ counts: [Int]) -> String {
    let marks = Array(isUnicode ? " ▁▂▃▄▅▆▇█" : " .:-=+*#@")
    let most = counts.max() ?? 1
    return counts.map { count in
      // What is there is seen, however little it is.
      let height = count == 0 ? 0 : max(1, Int((8 * Double(count) / Double(most)).rounded()))
      return String(marks[height])
    }.joined()
  }

  // MARK: Bars

  /// A line for each value, the share of `total` as a figure and a bar.
  private func bars(
    _ counts: [(text: String, count: Int)], of total: Int, most: Int, different: Int
  ) -> [String] {
    guard total > 0 else { return [] }
    let largest = counts.map(\.count).max() ?? 1
    var lines = counts.prefix(most).map { text, count in
      let share = NumberText.percent(Double(count) / Double(total))
      let number = String(count).leftPadded(to: 8)
      return "  \(name(text, quoted: text.isEmpty))\(number)  \(share.leftPadded(to: 7))  "
        + bar(Double(count) / Double(largest))
    }
    if different > most { lines.append("  and \(NumberText.grouped(different - most)) more") }
    return lines
  }

  private func bar(_ share: Double) -> String {
    let eighths = Int((share * 8 * Double(Self.barWidth)).rounded())
    guard isUnicode else {
      return String(repeating: "#", count: max(share > 0 ? 1 : 0, eighths / 8))
    }
    let rest = Array(" ▏▎▍▌▋▊▉")[eighths % 8]
    let bar = String(repeating: "█", count: eighths / 8) + (rest == " " ? "" : String(rest))
    return bar.isEmpty && share > 0 ? "▏" : bar
  }

  /// Cut and filled up to the width of names.
  private func name(_ text: String, quoted: Bool = false) -> String {
    var text = quoted ? "''" : plain(text)
    while DisplayWidth.of(text) > Self.nameWidth {
      text = String(text.dropLast(text.hasSuffix("~") ? 2 : 1)) + "~"
    }
    return text + String(repeating: " ", count: Self.nameWidth - DisplayWidth.of(text))
  }

  // MARK: Data sets

  /// What a run makes of the data.
  func text(of data: Dataset, notes: [String]) -> String {
    var lines = ["", "What a run makes of it"]
    let shape = data.inputShape.map(String.init).joined(separator: " x ")
    let test = data.test.map { ", \(NumberText.grouped($0.examples.count)) held out" } ?? ""
    lines.append(
      "  \(NumberText.grouped(data.train.count)) examples to train on, "
        + "\(NumberText.grouped(data.validation.count)) to measure on\(test), inputs \(shape)")
    let columns = data.columns.filter { $0.kind != .target && $0.kind != .ignored }
    if !columns.isEmpty {
      let names = columns.map { column in
        column.categories.map { "\(column.name) (\($0) values)" } ?? column.name
      }
      lines += wrapped("  inputs: " + names.joined(separator: ", "))
      let left = data.columns.filter { $0.kind == .ignored }.map(\.name)
      if !left.isEmpty { lines += wrapped("  no inputs: " + left.joined(separator: ", ")) }
    }
    for note in notes + data.notes { lines += wrapped("  \(note)") }
    if case .classes(let labels, let count, 1) = data.train.targets {
      var counts = [Int](repeating: 0, count: count)
      for label in labels { counts[Int(label)] += 1 }
      let names = data.classNames.isEmpty ? counts.indices.map(String.init) : data.classNames
      lines += ["", "Classes of the training part"]
      lines += bars(
        zip(names, counts).map { ($0, $1) }, of: labels.count, most: Self.mostBars,
        different: count)
    }
    return joined(lines)
  }

  private func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in plain(text).split(separator: " ") {
      if !line.isEmpty, DisplayWidth.of(line) + DisplayWidth.of(word) + 3 > Self.width {
        lines.append("  " + line)
        line = "  "
      }
      line += (line.isEmpty || line == "  " ? "" : " ") + word
    }
    return lines + ["  " + line]
  }

  /// What can be shown of a text from a file.
  private func plain(_ text: String) -> String {
    let text = ScreenText.printable(text)
    return isUnicode ? text : String(text.map { $0.isASCII ? $0 : "?" })
  }

  private func joined(_ lines: [String]) -> String {
    lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
