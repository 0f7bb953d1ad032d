// Tables of figures in CSV, as Lightning's and Keras' CSVLogger write them, and this program too.
import Basics
import Foundation

/// A row is a step or an epoch; cells that hold no number are passed over.
struct MetricTable: ForeignFormat {
  let name = "a table of figures"

  func recognizes(_ log: LogHead) -> Bool {
    guard log.name.lowercased().hasSuffix(".csv") else { return false }
    let line = log.firstLine
    let columns = CSVCells.split(line, by: CSVCells.separator(of: line))
    // Other tables are data: what counts steps makes one of figures.
    return columns.count > 1 && columns.contains(where: StepCounter.counts)
  }

  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError) {
    var lines = try LogLines(at: log.path, upTo: .max, growth: .none)
    var counter = StepCounter()
    var columns: [String] = []
    var separator = UInt8(ascii: ",")
    var bad = 0
    while !run.hasEnough, let line = try lines.next() {
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      guard !columns.isEmpty else {
        separator = CSVCells.separator(of: line)
        columns = CSVCells.split(line, by: separator)
        continue
      }
      let cells = CSVCells.split(line, by: separator)
      // Keras appends with a head of its own where a training goes on.
      guard cells != columns else { continue }
      guard cells.count == columns.count else {
        bad += 1
        continue
      }
      counter.add(
        zip(columns, cells).compactMap { name, cell in
          CSVCells.number(cell).map { (name: name, value: $0) }
        }, to: &run)
    }
    if bad > 0 {
      run.note("\(bad) \(bad == 1 ? "row has" : "rows have") another number of cells than the head")
    }
  }
}

/// Lines of CSV; a line end within quotes, which tables of figures have not, ends its row.
enum CSVCells {
  /// The commonest of the usual separators on a line.
  static func separator(of line: ArraySlice<UInt8>) -> UInt8 {
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    return separators.max { one, other in
      line.count { $0 == one } < line.count { $0 == other }
    } ?? UInt8(ascii: ",")
  }

  static func split(_ line: ArraySlice<UInt8>, by separator: UInt8) -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    for byte in line {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case separator where !isQuoted:
        cells.append(text(cell))
        cell.removeAll(keepingCapacity: true)
      case UInt8(ascii: "\r"): break
      default: cell.append(byte)
      }
    }
    return cells + [text(cell)]
  }

  private static func text(_ bytes: [UInt8]) -> String {
    // Excel's mark of UTF-8 would stick to the first name.
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }

  static func number(_ cell: String) -> Double? {
    switch cell.lowercased() {
    case "": nil
    case "nan": Double.nan
    case "inf", "infinity": Double.infinity
    case "-inf", "-infinity": -Double.infinity
    default: Double(cell)
    }
  }
}
