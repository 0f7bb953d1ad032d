// Records as lines of JSON, both ways.
import Foundation

/// Why a line is not a record.
package enum RecordError: Error, Equatable {
  /// A type or action that this version does not know: readers skip it.
  case unknownKind(String)
}

extension Record {
  private static let twinName = "twin"

  /// The record as one line of JSON, UTF-8, ending in a line feed.
  package var line: [UInt8] {
    switch self {
    case .header(let record): record.line("header")
    case .step(let record): record.line("step")
    case .norms(let record): record.line("norms")
    case .evaluation(let record): record.line("evaluation")
    case .sample(let record): record.line("sample")
    case .event(let record): record.line("event")
    case .end(let record): record.line("end")
    case .refused(let record): record.line("refused")
    case .twin(.step(let record)): record.line("step", run: Self.twinName)
    case .twin(.norms(let record)): record.line("norms", run: Self.twinName)
    case .twin(.evaluation(let record)): record.line("evaluation", run: Self.twinName)
    case .twin(.end(let record)): record.line("end", run: Self.twinName)
    case .rank(let record): record.line
    }
  }
}

extension RankRecord {
  fileprivate var line: [UInt8] {
    switch content {
    case .header(let record): record.line("header", run: name)
    case .step(let record): record.line("step", run: name)
    case .norms(let record): record.line("norms", run: name)
    case .evaluation(let record): record.line("evaluation", run: name)
    case .end(let record): record.line("end", run: name)
    }
  }
}

extension RecordFields {
  /// Generic, not through an existential: the compiler then specializes the writer for each type.
  fileprivate func line(_ type: String, run: String? = nil) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.text(type, "type")
      if let run { json.text(run, "run") }
      var record = self
      record.code(&json)
    }
    json.endLine()
    return json.bytes
  }
}

extension Record: Decodable {
  private enum CodingKeys: String, CodingKey {
    case type, run
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let type = try values.decode(String.self, forKey: .type)
    if let run = try values.decodeIfPresent(String.self, forKey: .run) {
      if RankRecord.isRank(run) {
        self = .rank(RankRecord(run, try .init(type, from: decoder)))
        return
      }
      // A run of another name beside the main one is left out.
      guard run == Self.twinName else { throw RecordError.unknownKind(run) }
      switch type {
      case "step": self = .twin(.step(try StepRecord(from: decoder)))
      case "norms": self = .twin(.norms(try NormsRecord(from: decoder)))
      case "evaluation": self = .twin(.evaluation(try EvaluationRecord(from: decoder)))
      case "end": self = .twin(.end(try EndRecord(from: decoder)))
      default: throw RecordError.unknownKind(type)
      }
      return
    }
    switch type {
    case "header": self = .header(try RunHeader(from: decoder))
    case "step": self = .step(try StepRecord(from: decoder))
    case "norms": self = .norms(try NormsRecord(from: decoder))
    case "evaluation": self = .evaluation(try EvaluationRecord(from: decoder))
    case "sample": self = .sample(try SampleRecord(from: decoder))
    case "event": self = .event(try EventRecord(from: decoder))
    case "end": self = .end(try EndRecord(from: decoder))
    case "refused": self = .refused(try RefusedRecord(from: decoder))
    default: throw RecordError.unknownKind(type)
    }
  }
}

extension RankRecord.Content {
  fileprivate init(_ type: String, from decoder: any Decoder) throws {
    switch type {
    case "header": self = .header(try RunHeader(from: decoder))
    case "step": self = .step(try StepRecord(from: decoder))
    case "norms": self = .norms(try NormsRecord(from: decoder))
    case "evaluation": self = .evaluation(try EvaluationRecord(from: decoder))
    case "end": self = .end(try EndRecord(from: decoder))
    default: throw RecordError.unknownKind(type)
    }
  }
}

/// Reads records from the lines of a log, one after the other.
package struct RecordLineReader: Sendable {
  private let decoder: JSONDecoder
  /// With what lines begin that are passed over.
  private let leftOut: [[UInt8]]

  /// What a line must hold to be a record.
  package enum Rules: Sendable {
    /// All that this program writes: for what repeats a run, or draws conclusions from it.
    case strict
    /// What a record cannot be without: for what only looks.
    case lenient
  }

  /// Lines of the types that are left out are recognized by how this program begins them.
  package init(_ rules: Rules, leavingOut types: [String] = []) {
    leftOut = types.map { Array("{\"type\":\"\($0)\"".utf8) }
    decoder = .records(strictly: rules == .strict)
  }

  /// The record on a line; nil for an empty line and for a type or action of a later version.
  ///
  /// - Throws: a `DecodingError` if the line is not a record.
  package func record(on line: some DataProtocol) throws -> Record? {
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) { return nil }
    if leftOut.contains(where: { line.starts(with: $0) }) { return nil }
    do {
      return try decoder.decode(Record.self, from: Data(line))
    } catch RecordError.unknownKind {
      return nil
    }
  }
}
