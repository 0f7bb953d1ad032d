// Trackio's databases: a project with all its runs in a file of SQLite, `PROJECT.db`.
//
// Tables and columns are those of trackio's own page "Storage Schema and Direct Queries"; metrics and
// configurations are JSON in a column of text.
import Basics
import Foundation

/// A run of a project, by its name behind the file's: `PROJECT.db#RUN`.
struct TrackioFile: ForeignFormat {
  let name = "a database of trackio"

  static let ending = ".db"

  func recognizes(_ log: LogHead) -> Bool {
    guard log.bytes.starts(with: SQLiteFile.magic) else { return false }
    return !Self.runs(in: log.path).isEmpty
  }

  /// The names of the runs in a file; empty for any other file.
  static func runs(in path: String) -> [String] {
    do throws(ProgramError) {
      return runs(in: try SQLiteFile(path))
    } catch {
      return []
    }
  }

  private static func runs(in file: borrowing SQLiteFile) -> [String] {
    guard file.hasTable("metrics") else { return [] }
    var names: [String] = []
    _ = file.rows("SELECT DISTINCT run_name FROM metrics ORDER BY run_name") { row in
      let name = row.text(0)
      if !name.isEmpty { names.append(name) }
      return names.count < mostRuns
    }
    return names
  }

  private static let mostRuns = 10_000

  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError) {
    run.header.program = "trackio"
    let file = try SQLiteFile(log.path)
    let names = Self.runs(in: file)
    guard let name = log.member ?? (names.count == 1 ? names[0] : nil), names.contains(name) else {
      let some = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
      throw ProgramError(
        .log, .bad, log.name, "expected one run of \(names.count): \(some)",
        "name it: '\(log.path)#\(names.first ?? "")'")
    }
    run.header.name = name
    var settings = JSONValue.null
    // Projects of old versions have none.
    _ = file.rows("SELECT config FROM configs WHERE run_name = ?1", of: name) { row in
      let value = try? JSONDecoder().decode(JSONValue.self, from: Data(row.bytes(0)))
      settings = value ?? .null
      return false
    }
    if case .fields(let fields) = settings {
      // What trackio keeps for itself is no setting.
      let own = fields.filter { !$0.key.hasPrefix("_") }
      if !own.isEmpty { run.header.experiment = .fields(own) }
    }
    var history = History(run: run)
    let damage = file.rows(
      "SELECT metrics, step, (julianday(timestamp) - 2440587.5) * 86400.0 FROM metrics"
        + " WHERE run_name = ?1 ORDER BY rowid", of: name
    ) { history.take($0) }
    run = history.run
    if let damage { run.note("\(damage): what stands before was read") }
  }

  /// The rows of a run.
  private struct History {
    var run: ForeignRun
    private var counter = StepCounter()
    private var scanner = FigureScanner()

    init(run: ForeignRun) { self.run = run }

    /// Whether more of them are wanted.
    mutating func take(_ row: SQLiteRow) -> Bool {
      guard scanner.scan(row.bytes(0)[...]) else { return true }
      var figures: [(name: String, value: Double)] = scanner.line.figures.map {
        (scanner.names[$0.name], $0.value)
      }
      guard !figures.isEmpty else { return true }
      if let step = row.number(1) { figures.append(("_step", step)) }
      if let time = row.number(2) { figures.append(("_timestamp", time)) }
      counter.add(figures, to: &run)
      return !run.hasEnough
    }
  }
}
