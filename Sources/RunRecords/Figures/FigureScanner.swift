// What a line of a log measures, read off without building its record: for the lists of many runs.
import Foundation

/// Reads type, step and figures off lines of JSON, hundreds of megabytes a second.
///
/// A record as maxnorm's writers make them, or an object without a type whose numbers are the figures of
/// a step: `{"step": 10, "loss": 0.5}`; in such a one objects within give names such as `train/loss`.
package struct FigureScanner {
  /// Names of figures by their number.
  package private(set) var names: [String] = []
  private var keys: [Key] = []
  private var numbers: [UInt64: [Int]] = [:]
  /// The line that was scanned last.
  package private(set) var line = Line()

  private struct Key {
    var prefix: Int
    var bytes: [UInt8]
  }

  /// More names than a run has figures; of a line that never repeats one nothing is kept.
  private static let mostNames = 4096

  package init() {}

  /// What stands on a line.
  package struct Line {
    package fileprivate(set) var kind = Kind.untyped
    /// Whether it is of a twin, or of another rank.
    package fileprivate(set) var isOfOther = false
    package fileprivate(set) var step: Int?
    package fileprivate(set) var epoch: Double?
    package fileprivate(set) var elapsed: Double?
    package fileprivate(set) var figures: [Figure] = []
  }

  package struct Figure {
    /// Its name, by its place in `names`.
    package var name: Int
    package var value: Double
  }

  package enum Kind: Sendable {
    case header, step, evaluation, event, end
    /// A record of another type.
    case other
    /// An object that names no type.
    case untyped
  }

  /// What this program's records have beside figures; layers are summed up.
  private enum Own {
    static let largestNorm = Array("largest_norm".utf8)
    static let clipped = Array("clipped".utf8)
  }

  /// Scans a line; false if it is no JSON object.
  package mutating func scan(_ line: ArraySlice<UInt8>) -> Bool {
    self.line.figures.removeAll(keepingCapacity: true)
    (self.line.kind, self.line.isOfOther) = (.untyped, false)
    (self.line.step, self.line.epoch, self.line.elapsed) = (nil, nil, nil)
    return line.withUnsafeBufferPointer { bytes in
      var cursor = JSONCursor(bytes)
      return scan(&cursor, typed: Self.kind(of: bytes))
    }
  }

  /// The type of a record, which stands first in what our writers write, and somewhere in others'.
  private static func kind(of bytes: UnsafeBufferPointer<UInt8>) -> Kind {
    var cursor = JSONCursor(bytes)
    var kind = Kind.untyped
    guard cursor.take(UInt8(ascii: "{")) else { return kind }
    while let key = cursor.string(), cursor.take(UInt8(ascii: ":")) {
      if cursor.text(key) == "type" {
        guard let type = cursor.string() else { return kind }
        switch cursor.text(type) {
        case "header": kind = .header
        case "step": kind = .step
        case "evaluation": kind = .evaluation
        case "event": kind = .event
        case "end": kind = .end
        default: kind = .other
        }
        return kind
      }
      guard cursor.skipValue(), cursor.take(UInt8(ascii: ",")) else { return kind }
    }
    return kind
  }

  private mutating func scan(_ cursor: inout JSONCursor, typed kind: Kind) -> Bool {
    line.kind = kind
    switch kind {
    case .other: return true
    case .untyped: return scanFigures(&cursor, prefix: -1, depth: 0)
    case .header, .event, .end, .step, .evaluation: break
    }
    var largest: Double?
    var clipped: Double?
    let isWhole = cursor.object { cursor, key in
      switch cursor.text(key) {
      case "type", "title", "experiment": break
      case "run": line.isOfOther = true
      case "step": line.step = cursor.number().flatMap(Self.whole)
      case "epoch": line.epoch = cursor.number()
      case "elapsed": line.elapsed = cursor.number()
      case "steps", "loss_min", "loss_max", "gradient_norm_max": break
      case "metrics": _ = scanFigures(&cursor, prefix: -1, depth: 2)
      case "layers" where kind == .step:
        _ = cursor.list { cursor in
          _ = cursor.object { cursor, key in
            switch cursor.text(key) {
            case "norm_max":
              guard let norm = cursor.number() else { return }
              largest = largest.map { $0.isNaN || norm <= $0 ? $0 : norm } ?? norm
            case "clipped":
              if let count = cursor.number() { clipped = (clipped ?? 0) + count }
            default: break
            }
          }
        }
      default:
        guard kind == .step || kind == .evaluation else { return }
        add(&cursor, key, prefix: -1)
      }
    }
    if let largest { add(Own.largestNorm, largest) }
    if let clipped { add(Own.clipped, clipped) }
    return isWhole
  }

  /// The numbers of an object; those of objects in it below its key.
  private mutating func scanFigures(
    _ cursor: inout JSONCursor, prefix: Int, depth: Int
  ) -> Bool {
    cursor.object { cursor, key in
      if depth < 2, cursor.peek() == UInt8(ascii: "{") {
        guard let below = number(of: cursor.bytes[key], prefix: prefix) else { return }
        _ = scanFigures(&cursor, prefix: below, depth: depth + 1)
      } else {
        add(&cursor, key, prefix: prefix)
      }
    }
  }

  private mutating func add(_ cursor: inout JSONCursor, _ key: Range<Int>, prefix: Int) {
    guard let value = cursor.number(), let name = number(of: cursor.bytes[key], prefix: prefix)
    else { return }
    line.figures.append(Figure(name: name, value: value))
  }

  private mutating func add(_ name: [UInt8], _ value: Double) {
    guard let name = number(of: name, prefix: -1) else { return }
    line.figures.append(Figure(name: name, value: value))
  }

  /// A step as a counter has it; nil for anything else.
  private static func whole(_ value: Double) -> Int? {
    value >= 0 && value < 1e15 ? Int(value) : nil
  }

  // MARK: Names

  /// The number of a name; nil if there are too many.
  private mutating func number(of key: some Collection<UInt8>, prefix: Int) -> Int? {
    // FNV-1a: a few bytes, thousands of times a second.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 &+ UInt64(bitPattern: Int64(prefix))
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for number in numbers[hash] ?? []
    where keys[number].prefix == prefix && keys[number].bytes.elementsEqual(key) {
      return number
    }
    guard names.count < Self.mostNames else { return nil }
    let number = names.count
    keys.append(Key(prefix: prefix, bytes: Array(key)))
    numbers[hash, default: []].append(number)
    let name = Self.unescaped(Array(key))
    names.append(prefix < 0 ? name : "\(names[prefix])/\(name)")
    return number
  }

  private static func unescaped(_ bytes: [UInt8]) -> String {
    let plain = String(decoding: bytes, as: UTF8.self)
    guard bytes.contains(UInt8(ascii: "\\")) else { return plain }
    return (try? JSONDecoder().decode(String.self, from: Data("\"\(plain)\"".utf8))) ?? plain
  }
}
