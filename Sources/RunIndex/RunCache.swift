// What logs came to when they were read last, so that nobody waits for it again.
import Foundation
import RunHistory
import RunRecords

/// A file with a line for each log that was read whole; by inode, size and time of the log.
struct RunCache {
  let path: String

  /// The oldest lines go if there are more.
  private static let mostRuns = 20_000
  fileprivate static let version = 2
  /// Anybody may have put anything there.
  private static let mostBytes = 1 << 30

  fileprivate struct Entry: Codable {
    var version: Int
    var path: String
    var mark: FileMark
    var about: IndexedRun.About
    var end: String?
    var step: Int
    var epoch: Int?
    var elapsed: Double?
    var offset: Int
    var line: Int
    var trouble: String?
    var figures: [Figure]
  }

  fileprivate struct Figure: Codable {
    var name: String
    var last: Float
    var lastStep: Int
    var lowest: Float?
    var lowestStep: Int?
    var highest: Float?
    var highestStep: Int?
    var curve: Data
  }

  /// The runs that the cache knows among these, as far as their logs are what they were; those that
  /// have grown since are read on from there.
  func fill(_ runs: [IndexedRun]) -> [String: IndexedRun] {
    var wanted: [String: IndexedRun] = [:]
    for run in runs { wanted[run.path] = run }
    var filled: [String: IndexedRun] = [:]
    let decoder = Self.decoder
    eachLine { line in
      guard let entry = try? decoder.decode(Entry.self, from: line),
        entry.version == Self.version, var run = wanted[entry.path]
      else { return }
      let isSame = entry.mark == run.mark
      guard isSame || entry.offset > 0 && entry.mark.isContinued(by: run.mark) else { return }
      run.about = entry.about
      run.end = entry.end
      run.position = LogPosition(offset: entry.offset, line: entry.line)
      run.trouble = entry.trouble
      run.isWhole = isSame
      var figures = RunFigures()
      figures.reach(entry.step, entry.epoch, entry.elapsed)
      for figure in entry.figures { figures.add(figure.figure) }
      run.figures = figures
      filled[run.path] = run
    }
    return filled
  }

  /// Writes the lines of these runs, in the place of those that stood there for them.
  ///
  /// A cache that cannot be written is as good as none.
  func save(_ runs: [IndexedRun]) {
    let whole = runs.filter(\.isWhole)
    let paths = Set(whole.map(\.path))
    let encoder = Self.encoder
    var lines: [Data] = []
    let decoder = Self.decoder
    struct Name: Decodable { var path: String }
    eachLine { line in
      guard let name = try? decoder.decode(Name.self, from: line), !paths.contains(name.path)
      else { return }
      lines.append(line)
    }
    for run in whole {
      if let line = try? encoder.encode(Entry(run)) { lines.append(line) }
    }
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let temporary = "\(path).\(getpid())"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    var isWritten = true
    for line in lines.suffix(Self.mostRuns) where isWritten {
      let bytes = Array(line) + [UInt8(ascii: "\n")]
      isWritten = write(descriptor, bytes, bytes.count) == bytes.count
    }
    close(descriptor)
    if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
  }

  private func eachLine(_ take: (Data) -> Void) {
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) <= Self.mostBytes,
      let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    else { return }
    var rest = data[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      take(rest[..<end])
      rest = rest[(end + 1)...]
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }
}

extension RunCache.Entry {
  fileprivate init(_ run: IndexedRun) {
    self.init(
      version: RunCache.version, path: run.path, mark: run.mark, about: run.about, end: run.end,
      step: run.figures.step, epoch: run.figures.epoch, elapsed: run.figures.elapsed,
      offset: run.position.offset, line: run.position.line, trouble: run.trouble,
      figures: run.figures.figures.map(RunCache.Figure.init))
  }
}

extension RunCache.Figure {
  fileprivate init(_ figure: RunFigures.Figure) {
    self.init(
      name: figure.name, last: figure.last, lastStep: figure.lastStep,
      lowest: figure.lowest?.value, lowestStep: figure.lowest?.step,
      highest: figure.highest?.value, highestStep: figure.highest?.step,
      curve: PackedCurve.data(figure.curve))
  }

  fileprivate var figure: RunFigures.Figure {
    var figure = RunFigures.Figure(name: name, last: last, lastStep: lastStep)
    if let lowest, let lowestStep { figure.lowest = .init(value: lowest, step: lowestStep) }
    if let highest, let highestStep { figure.highest = .init(value: highest, step: highestStep) }
    figure.curve = PackedCurve.curve(curve)
    return figure
  }
}

/// A small curve as bytes: of each point its step, extremes and mean, and whether a value was no number.
private enum PackedCurve {
  private static let size = 8 + 3 * 4 + 1

  static func data(_ curve: History<Reading>) -> Data {
    var data = Data()
    for point in curve.whole {
      withUnsafeBytes(of: Int64(point.lastStep).littleEndian) { data.append(contentsOf: $0) }
      for value in [point.entry.minimum, point.entry.maximum, point.entry.mean] {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
      data.append((point.entry.hasValue ? 1 : 0) | (point.entry.isNonFinite ? 2 : 0))
    }
    return data
  }

  static func curve(_ data: Data) -> History<Reading> {
    var curve = History<Reading>(recentCapacity: 1, wholeCapacity: RunFigures.curvePoints)
    let bytes = Array(data)
    var start = 0
    while start + size <= bytes.count {
      let step = bytes[start..<start + 8].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
      let values = (0..<3).map { number -> Float in
        let from = start + 8 + 4 * number
        return Float(
          bitPattern: bytes[from..<from + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
      }
      let flags = bytes[start + size - 1]
      if flags & 1 != 0 {
        curve.append(values[2], minimum: values[0], maximum: values[1], at: Int(step))
      }
      if flags & 2 != 0 { curve.append(.nan, at: Int(step)) }
      start += size
    }
    return curve
  }
}
