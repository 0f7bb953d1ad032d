// A file of SQLite, read row by row; never written.
import Basics
import CSQLite

/// A database that is open for reading; other programs may write it meanwhile.
struct SQLiteFile: ~Copyable {
  private let database: OpaquePointer

  static let magic: [UInt8] = Array("SQLite format 3\0".utf8)

  /// Milliseconds to wait for who writes at the moment.
  private static let patience: Int32 = 2000
  private static let longestValue: Int32 = 1 << 26

  /// - Throws: `ProgramError` if it cannot be opened.
  init(_ path: String) throws(ProgramError) {
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened else { throw .cannotOpen(path: path, reason: "no memory") }
    guard status == SQLITE_OK else {
      let reason = String(cString: sqlite3_errmsg(opened))
      sqlite3_close_v2(opened)
      throw .cannotOpen(path: path, reason: reason)
    }
    maxnorm_sqlite_distrust(opened, Self.longestValue)
    sqlite3_busy_timeout(opened, Self.patience)
    database = opened
  }

  deinit { sqlite3_close_v2(database) }

  /// Hands on the rows of a query as long as they are wanted; `value` stands for its question mark.
  ///
  /// Returns why they end before the last one; nil if they do not.
  func rows(
    _ query: String, of value: String = "", _ takes: (SQLiteRow) -> Bool
  ) -> String? {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(database, query, -1, &prepared, nil) == SQLITE_OK, let prepared else {
      return String(cString: sqlite3_errmsg(database))
    }
    defer { sqlite3_finalize(prepared) }
    // The text outlives the statement.
    return value.withCString { value in
      if sqlite3_bind_parameter_count(prepared) > 0 {
        sqlite3_bind_text(prepared, 1, value, -1, nil)
      }
      while true {
        switch sqlite3_step(prepared) {
        case SQLITE_ROW: if !takes(SQLiteRow(statement: prepared)) { return nil }
        case SQLITE_DONE: return nil
        default: return String(cString: sqlite3_errmsg(database))
        }
      }
    }
  }

  /// Whether there is a table of that name, and not a view that computes what it likes.
  func hasTable(_ name: String) -> Bool {
    var isThere = false
    _ = rows(
      "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1"
        + " AND sql NOT LIKE 'CREATE VIRTUAL%'", of: name
    ) { _ in
      isThere = true
      return false
    }
    return isThere
  }
}

/// A row of a query, as long as it is handed on.
struct SQLiteRow {
  fileprivate let statement: OpaquePointer

  /// The bytes of a text; empty for null.
  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_text(statement, column) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, column))
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// A number; nil for null and for texts.
  func number(_ column: Int32) -> Double? {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT: sqlite3_column_double(statement, column)
    default: nil
    }
  }
}
