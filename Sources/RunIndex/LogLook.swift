// A look at a log that may have changed: what is new of it, and whether its process still lives.
import Foundation
import RunRecords

/// Brings what is known of a log up to date without reading all of it.
struct LogLook {
  let senses: FigureSenses

  /// The run of a log as it is now; nil if it is no log.
  ///
  /// `before` is what was known of it, `process` what is known of the process that makes it.
  func run(
    of log: LogFolders.Found, before: IndexedRun?, process: IndexedRun.Process?
  ) -> IndexedRun? {
    var run = before
    if before?.mark != log.mark {
      run = LogGlance.look(
        at: IndexedRun(path: log.path, name: log.name, mark: log.mark), senses)
      if let before, let now = run { run = Self.carriedOn(before, now) }
    }
    guard var result = run else { return nil }
    result.process = process ?? Self.process(of: result)
    return result
  }

  /// What was read of a log before stays where it has only grown; its last figures are the new ones.
  private static func carriedOn(_ before: IndexedRun, _ now: IndexedRun) -> IndexedRun {
    guard before.mark.isContinued(by: now.mark), before.position.offset > 0 else { return now }
    var run = before
    (run.mark, run.end) = (now.mark, now.end)
    run.isWhole = false
    return run
  }

  /// By the number of its process, where that is on this host; the folder of live runs knows more.
  private static func process(of run: IndexedRun) -> IndexedRun.Process {
    guard run.end == nil, let pid = run.about.pid, run.about.host == host else { return .unknown }
    guard kill(pid_t(truncatingIfNeeded: pid), 0) == 0 || errno == EPERM else { return .gone }
    // Numbers of processes come again: after a while without a word it may be another one.
    return run.age(at: .now) < mostSilence ? .alive : .unknown
  }

  private static let mostSilence = 600.0

  private static let host: String = {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()
}
