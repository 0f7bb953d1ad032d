// Where a run stands beside its tensors: what the metadata of a checkpoint says.
import Foundation
import NeuralNetwork
import RunRecords

/// The plain values of a checkpoint.
struct RunState: Equatable {
  /// Of the present segment: a reset may have drawn another than the experiment's.
  var seed: UInt64
  var place: NetworkRun.Snapshot
  var learner: LearnerState.Progress
  var settings: LearnerState.Settings
  /// The settings that `undo` goes back through, the latest last.
  var changes: [UndoableChange]
  /// What a twin that starts later takes over.
  var settingsSoFar: [SettingsAtStep]
  /// Steps that a schedule without a total is planned for, and those the run ends after.
  var plannedSteps: Int
  var totalSteps: Int
  /// The changes so far: a new log starts with them.
  var events: [EventRecord]
  /// What is still to come of `--events`.
  var schedule: EventSchedule
  var hasTwin: Bool
  /// Seconds without pauses.
  var elapsed: Double
  /// The step of the weights of the best evaluation, where the end needs them; the tensors have them.
  var selectedStep: Int?
  /// Ends that have shown figures of the test part; nil: none.
  var testLooks: Int?
  /// Where each log stood.
  var logs: [LogPlace]
  /// The segment that the run's event files are of; nil if it had none.
  var tensorBoardSegment: Int?
  /// The file's name as it was given, which its event contains.
  var path: String
  /// Over the examples: with others the run would not resume as it was.
  var data: UInt64
  var threads: Int
  var logEvery: Int
  var build: String
}

/// What the settings were changed to at a step.
struct SettingsAtStep: Equatable, Codable {
  var step: Int
  var settings: LearnerState.Settings
}

/// How far a log was written.
package struct LogPlace: Sendable, Equatable, Codable {
  /// Bytes up to the end of the last line.
  package var bytes: Int
  /// The last line's length and checksum, by which the log is recognized.
  var lineBytes: Int
  var lineChecksum: UInt64
}

extension RunState: MetadataText {
  private enum CodingKeys: String, CodingKey {
    case seed, step, epoch, batches, clipped, evaluation, best, pending, learner, settings
    case changes, settingsSoFar, plannedSteps, totalSteps, events, comingEvents, hasTwin, elapsed
    case selectedStep, testLooks
    case logs, tensorBoardSegment, logEvery, path, data, threads, build
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(seed, forKey: .seed)
    try values.encode(data, forKey: .data)
    try values.encode(place.progress.step, forKey: .step)
    try values.encode(place.progress.epoch, forKey: .epoch)
    try values.encode(place.batches, forKey: .batches)
    try values.encode(place.clippedTotals, forKey: .clipped)
    try values.encodeIfPresent(
      place.evaluation.map { RecordText(.evaluation($0)) }, forKey: .evaluation)
    try values.encodeIfPresent(place.best.map(BestText.init), forKey: .best)
    try values.encode(place.pending, forKey: .pending)
    try values.encode(learner, forKey: .learner)
    try values.encode(settings, forKey: .settings)
    try values.encode(changes, forKey: .changes)
    try values.encode(settingsSoFar, forKey: .settingsSoFar)
    try values.encode(plannedSteps, forKey: .plannedSteps)
    try values.encode(totalSteps, forKey: .totalSteps)
    try values.encode(events.map { RecordText(.event($0)) }, forKey: .events)
    try values.encode(schedule, forKey: .comingEvents)
    try values.encode(hasTwin, forKey: .hasTwin)
    try values.encode(elapsed, forKey: .elapsed)
    try values.encodeIfPresent(selectedStep, forKey: .selectedStep)
    try values.encodeIfPresent(testLooks, forKey: .testLooks)
    try values.encode(logs, forKey: .logs)
    try values.encodeIfPresent(tensorBoardSegment, forKey: .tensorBoardSegment)
    try values.encode(path, forKey: .path)
    try values.encode(threads, forKey: .threads)
    try values.encode(logEvery, forKey: .logEvery)
    try values.encode(build, forKey: .build)
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try values.decode(Value.self, forKey: key)
    }
    let evaluation = try values.decodeIfPresent(RecordText.self, forKey: .evaluation)?.record
    let best = try values.decodeIfPresent(BestText.self, forKey: .best)?.best
    let told: [RecordText] = try read(.events)
    self.init(
      seed: try read(.seed),
      place: NetworkRun.Snapshot(
        progress: RunProgress(step: try read(.step), epoch: try read(.epoch)),
        batches: try read(.batches), clippedTotals: try read(.clipped),
        evaluation: evaluation.flatMap {
          if case .evaluation(let record) = $0 { record } else { nil }
        },
        best: best, pending: try read(.pending)),
      learner: try read(.learner), settings: try read(.settings),
      changes: try read(.changes), settingsSoFar: try read(.settingsSoFar),
      plannedSteps: try read(.plannedSteps), totalSteps: try read(.totalSteps),
      events: told.compactMap { if case .event(let event) = $0.record { event } else { nil } },
      schedule: try read(.comingEvents), hasTwin: try read(.hasTwin),
      elapsed: try read(.elapsed),
      selectedStep: try values.decodeIfPresent(Int.self, forKey: .selectedStep),
      testLooks: try values.decodeIfPresent(Int.self, forKey: .testLooks),
      logs: try read(.logs),
      tensorBoardSegment: try values.decodeIfPresent(Int.self, forKey: .tensorBoardSegment),
      path: try read(.path),
      data: try read(.data), threads: try read(.threads), logEvery: try read(.logEvery),
      build: try read(.build))
  }
}

/// A record as the text of its line.
struct RecordText: Codable {
  let record: Record

  init(_ record: Record) { self.record = record }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let text = try value.decode(String.self)
    guard let record = try RecordLineReader(.strict).record(on: Data(text.utf8)) else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "expected a record")
    }
    self.record = record
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(String(decoding: record.line.dropLast(), as: UTF8.self))
  }
}

/// The best evaluation so far.
private struct BestText: Codable {
  var step: Int
  var metric: String
  var value: Float

  init(_ best: EndRecord.Best) {
    (step, metric, value) = (best.step, best.metric, best.value)
  }

  var best: EndRecord.Best { EndRecord.Best(step: step, metric: metric, value: value) }
}

extension UndoableChange: Codable {
  private enum CodingKeys: String, CodingKey { case action, layer, asker, before }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(setting.rawValue, forKey: .action)
    try values.encodeIfPresent(layer, forKey: .layer)
    try values.encodeIfPresent(asker, forKey: .asker)
    try values.encode(before, forKey: .before)
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .action)
    guard let setting = Setting(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .action, in: values, debugDescription: "expected a setting")
    }
    self.init(
      setting: setting, layer: try values.decodeIfPresent(String.self, forKey: .layer),
      asker: try values.decodeIfPresent(String.self, forKey: .asker),
      before: try values.decode(LearnerState.Settings.self, forKey: .before))
  }
}

extension EventSchedule: Codable {
  private struct ItemText: Codable {
    var event: RecordText
    var afterEnd: Bool
    /// Nil as false.
    var beforeEvaluation: Bool?
  }

  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for item in items {
      try list.encode(
        ItemText(
          event: RecordText(.event(item.event)), afterEnd: item.afterEnd,
          beforeEvaluation: item.beforeEvaluation ? true : nil))
    }
  }

  package init(from decoder: any Decoder) throws {
    self.init()
    var list = try decoder.unkeyedContainer()
    while !list.isAtEnd {
      let item = try list.decode(ItemText.self)
      guard case .event(let event) = item.event.record, let command = Command(repeating: event)
      else { continue }
      items.append(
        Item(
          event: event, command: command, afterEnd: item.afterEnd,
          beforeEvaluation: item.beforeEvaluation ?? false))
    }
  }
}
