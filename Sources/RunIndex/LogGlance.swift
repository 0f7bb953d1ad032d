// The beginning and the end of a log, from which name, state and last figures are known at once.
import Basics
import Foundation
import RunRecords

/// Reads little of a log, however long it is.
enum LogGlance {
  private static let tailLength = 1 << 17
  /// Looked through where the usual end holds neither step nor evaluation: norms of many units do that.
  private static let longTailLength = 1 << 20
  /// A header with a large experiment is longer than the usual head.
  private static let longestHeader = 1 << 22
  /// Logs of other formats up to this size are read at once; all else of them in its turn.
  private static let smallForeign = 1 << 16

  /// What a glance shows; nil if the file is no log.
  static func look(at run: IndexedRun, _ senses: FigureSenses) -> IndexedRun? {
    var run = run
    guard let start = LogHead(path: run.path) else { return nil }
    if isRecords(start) {
      glance(&run, start)
      return run
    }
    let isPacked = start.bytes.starts(with: [0x1f, 0x8b])
    guard isPacked || ForeignLogs.formatName(of: start) != nil else { return nil }
    if !start.isFolder, !isPacked, run.mark.size <= smallForeign {
      LogReading.readForeign(&run, senses)
    }
    return run
  }

  /// Whether a line near the beginning is a record.
  static func isRecords(_ log: LogHead) -> Bool {
    guard log.bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return false }
    var scanner = FigureScanner()
    for line in log.bytes.split(separator: UInt8(ascii: "\n")).prefix(8) {
      // The first line may be longer than what is read here.
      guard scanner.scan(line) || line.starts(with: Array(#"{"type":"header""#.utf8)) else {
        continue
      }
      if case .untyped = scanner.line.kind { return false }
      return true
    }
    return false
  }

  private static func glance(_ run: inout IndexedRun, _ start: LogHead) {
    let descriptor = open(run.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let reader = RecordLineReader(.lenient)
    if let line = firstLine(start, descriptor),
      case .header(let header)? = try? reader.record(on: line)
    {
      run.about = .init(header)
    }
    for length in [tailLength, longTailLength] {
      let size = run.mark.size
      let from = max(0, size - length)
      var bytes = [UInt8](repeating: 0, count: size - from)
      let count = pread(descriptor, &bytes, bytes.count, off_t(from))
      guard count > 0 else { return }
      let found = readBack(bytes[..<count], isWhole: from == 0, &run, reader)
      if found || from == 0 { return }
    }
  }

  private static func firstLine(_ start: LogHead, _ descriptor: Int32) -> ArraySlice<UInt8>? {
    if let end = start.bytes.firstIndex(of: UInt8(ascii: "\n")) { return start.bytes[..<end] }
    var bytes = [UInt8](repeating: 0, count: longestHeader)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return bytes[..<count].firstIndex(of: UInt8(ascii: "\n")).map { bytes[..<$0] }
  }

  /// Goes back through the whole lines of the end of a log until it knows the last of everything.
  ///
  /// - Returns: whether there was a step or an evaluation.
  private static func readBack(
    _ bytes: ArraySlice<UInt8>, isWhole: Bool, _ run: inout IndexedRun, _ reader: RecordLineReader
  ) -> Bool {
    var scanner = FigureScanner()
    var figures = RunFigures()
    var (hasStep, hasEvaluation, isLast) = (false, false, true)
    var end: String?
    var elapsed: Double?
    var upper = bytes.lastIndex(of: UInt8(ascii: "\n"))
    var lines = 0
    // The last evaluation may stand far behind the last step: not for ever, though.
    while let lineEnd = upper, !(hasStep && hasEvaluation), lines < 400 {
      let before = bytes[..<lineEnd].lastIndex(of: UInt8(ascii: "\n"))
      guard before != nil || isWhole else { break }
      let line = bytes[(before.map { $0 + 1 } ?? bytes.startIndex)..<lineEnd]
      upper = before
      lines += 1
      guard scanner.scan(line), !scanner.line.isOfOther else { continue }
      let scanned = scanner.line
      switch scanned.kind {
      case .end:
        guard isLast, case .end(let record)? = try? reader.record(on: line) else { continue }
        end = record.reason?.rawValue ?? ""
        figures.step = record.step
        elapsed = record.elapsed
        isLast = false
      case .step, .evaluation:
        let isStep = scanned.kind == .step
        guard !(isStep ? hasStep : hasEvaluation) else { continue }
        if isLast || figures.step == 0 { figures.step = max(figures.step, scanned.step ?? 0) }
        figures.epoch = figures.epoch ?? scanned.epoch.flatMap(LogReading.epoch)
        elapsed = elapsed ?? scanned.elapsed
        for figure in scanned.figures {
          let name = scanner.names[figure.name]
          if figures[name] == nil {
            figures.add(name, Float(figure.value), at: scanned.step ?? 0)
          }
        }
        if isStep { hasStep = true } else { hasEvaluation = true }
        isLast = false
      case .header:
        if before != nil, case .header(let header)? = try? reader.record(on: line) {
          run.about = .init(header)
        }
        // What stands before it is another segment's.
        upper = nil
      case .event, .other, .untyped: continue
      }
    }
    figures.elapsed = elapsed
    (run.figures, run.end) = (figures, end)
    return hasStep || hasEvaluation
  }
}
