// Event files of runs: the same records as the log's, in folders that TensorBoard lays over each other.
import Basics
import Experiments
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct TensorBoardTests {
  /// A folder with a log, a checkpoint and event files in it.
  private struct Fixture: ~Copyable {
    let kept: CheckpointFixture
    let experiment: Experiment

    init(_ changes: [String] = []) throws {
      let experiment = try RunFixture.experiment(["steps=30"] + changes)
      let kept = try CheckpointFixture()
      self.experiment = experiment
      self.kept = kept
    }

    var parent: String { kept.folder.appendingPathComponent("logs/all").path }
    var folder: String { "\(parent)/small" }

    func run(
      _ experiment: Experiment? = nil, events: [EventRecord] = [], twin: Bool = false,
      overwrite: Bool = false, resumes: Bool = false, checkpoint: Bool = false
    ) throws {
      let experiment = experiment ?? self.experiment
      var options = RunOptions()
      options.twin = twin
      options.schedule = EventSchedule([.header(RunHeader.sample())] + events.map(Record.event))
      if checkpoint { options.checkpoint = CheckpointOptions(path: kept.checkpoint) }
      if resumes { options.resume = try Checkpoint(contentsOf: kept.checkpoint) }
      options.tensorBoard = try TensorBoardDestination(
        opening: parent, of: experiment, overwrite: overwrite, resuming: options.resume)
      options.logs = [
        try LogDestination(
          opening: kept.log, overwrite: !resumes, places: options.resume?.logs ?? [])
      ]
      let run = TrainingRun(experiment, options: options, onNews: {})
      run.start()
      _ = run.waitUntilDone()
      if case .failed(let error) = run.outcome { throw error }
    }

    func log() throws -> [Record] { try RecordFile.records(at: kept.log) }

    /// The entries of a folder's files, in the order in which TensorBoard reads them.
    func entries(_ subfolder: String = "") throws -> [[UInt8]] {
      let path = folder + subfolder
      return try EventFile.names(in: path).flatMap { name in
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
        return try TensorBoardTests.entries(Array(bytes))
      }
    }

    /// What the entries of these records are, without their times.
    func expected(_ records: [Record]) throws -> [[UInt8]] {
      var translation: EventFileRecords?
      return try records.flatMap { record in
        if case .header(let header) = record { translation = EventFileRecords(header) }
        return try TensorBoardTests.entries(
          translation?.bytes(for: record, wallTime: 0) ?? [])
      }
    }
  }

  /// The entries in a file's frames, each without its time, which stands first.
  private static func entries(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var rest = bytes[...]
    var entries: [[UInt8]] = []
    while !rest.isEmpty {
      let count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      try #require(count >= 9 && rest.count >= count + 16)
      entries.append(Array(rest.dropFirst(12 + 9).prefix(count - 9)))
      rest = rest.dropFirst(count + 16)
    }
    return entries
  }

  private static func text(_ entry: [UInt8]) -> String { String(decoding: entry, as: UTF8.self) }

  @Test func `event files carry the records of the log`() throws {
    let fixture = try Fixture()
    try fixture.run(twin: true)
    let log = try fixture.log()
    let header = try #require(log.first)
    let entries = try fixture.entries()
    #expect(Self.text(entries[0]).hasSuffix("brain.Event:2"))
    #expect(Self.text(entries[2]).contains("label_noise: 0.2"))
    let own = log.filter { $0.ofTwin == nil }
    // Version, start and opening; then an entry a record.
    #expect(Array(entries.dropFirst(3)) == (try fixture.expected(own)))
    #expect(own.count > 12)
    let twin = log.filter { $0.ofTwin != nil }
    #expect(
      Array(try fixture.entries("/twin").dropFirst(2)) == (try fixture.expected([header] + twin)))
    #expect(twin.count > 10)
  }

  @Test func `a reset goes to a separate folder, and so does each twin`() throws {
    let fixture = try Fixture()
    try fixture.run(events: [
      EventRecord(step: 5, action: .fork),
      EventRecord(step: 7, action: .twin, value: .flag(false)),
      EventRecord(step: 8, action: .twin, value: .flag(true)),
      EventRecord(step: 12, action: .reseed, value: .seed(9)),
    ])
    let segments = try fixture.log().split { if case .header = $0 { true } else { false } }
    #expect(segments.count == 2)
    for (path, segment) in zip(["", "/2"], segments) {
      let header = try #require(
        try fixture.log().first { if case .header = $0 { true } else { false } })
      let own = segment.filter { $0.ofTwin == nil }
      #expect(
        Array(try fixture.entries(path).dropFirst(3)) == (try fixture.expected([header] + own)))
    }
    for path in ["/twin", "/twin-2", "/2/twin"] {
      #expect(try fixture.entries(path).count > 2, "\(path)")
    }
    #expect(try fixture.entries("/2/twin-2").isEmpty && fixture.entries("/3").isEmpty)
  }

  @Test
  func `another run's event files are removed only on request, and then with all their twins`()
    throws
  {
    let fixture = try Fixture()
    let reset = [EventRecord(step: 3, action: .reset)]
    try fixture.run(events: reset, twin: true)
    let old = try fixture.entries()
    #expect(throws: ProgramError.self) { try fixture.run() }
    #expect(try fixture.entries() == old)
    // Another name is another run.
    try fixture.run(try RunFixture.experiment(["steps=2", "name=.."]))
    #expect(EventFile.names(in: "\(fixture.parent)/__").count == 1)
    // What is not the run's own stays.
    let other = "\(fixture.folder)/other/events.out.tfevents.1"
    try FileManager.default.createDirectory(
      atPath: "\(fixture.folder)/other", withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: other))
    try fixture.run(overwrite: true)
    #expect(EventFile.names(in: fixture.folder).count == 1)
    for path in ["/twin", "/2", "/2/twin"] {
      #expect(EventFile.names(in: fixture.folder + path).isEmpty)
    }
    #expect(FileManager.default.fileExists(atPath: other))
  }

  @Test func `a resumed run adds a file that takes back what came after the checkpoint`() throws {
    let fixture = try Fixture()
    try fixture.run(
      events: [EventRecord(step: 4, action: .reset)], checkpoint: true)
    let before = try fixture.entries("/2")
    let longer = try RunFixture.experiment(["steps=50"])
    try fixture.run(longer, resumes: true)
    #expect(EventFile.names(in: fixture.folder).count == 1)
    #expect(EventFile.names(in: "\(fixture.folder)/2").count == 2)
    let entries = try fixture.entries("/2")
    #expect(Array(entries.prefix(before.count)) == before)
    let added = Array(entries.dropFirst(before.count))
    // Field 2, the step, is 31; field 7 says that it starts there.
    #expect(added[1] == [0x10, 31, 0x3a, 2, 8, 1])
    let header = try #require(try fixture.log().first)
    let resumed = try fixture.log().drop { $0.event?.action != .extend }
    #expect(Array(added.dropFirst(2)) == (try fixture.expected([header] + resumed)))
    #expect(resumed.count > 5)
    // A folder without the run's files begins with header and changes.
    try FileManager.default.removeItem(atPath: fixture.folder)
    try fixture.run(longer, resumes: true)
    #expect(Self.text(try fixture.entries("/2")[2]).contains("run/experiment"))
  }

  @Test func `a folder that cannot be written is an error at once`() throws {
    let fixture = try Fixture()
    let file = fixture.kept.folder.appendingPathComponent("file").path
    try Data([1]).write(to: URL(fileURLWithPath: file))
    for parent in [file, "/proc/nowhere", ""] {
      #expect(throws: ProgramError.self) {
        try TensorBoardDestination(
          opening: parent, of: fixture.experiment, overwrite: true)
      }
    }
  }

  @Test func `event files that fail are reported on the screen, and end a run without one`() throws
  {
    for isInteractive in [false, true] {
      let fixture = try Fixture()
      var options = RunOptions()
      options.logs = [try LogDestination(opening: fixture.kept.log, overwrite: false)]
      options.tensorBoard = try TensorBoardDestination(
        opening: fixture.parent, of: fixture.experiment, overwrite: false)
      options.publishes = isInteractive
      options.isInteractive = isInteractive
      options.schedule = EventSchedule.at(EventRecord(step: 5, action: .stop))
      // Gone before the run begins.
      try FileManager.default.removeItem(atPath: fixture.folder)
      let run = TrainingRun(fixture.experiment, options: options, onNews: {})
      run.start()
      if isInteractive {
        _ = run.records { $0.end != nil }
        #expect(run.stopAndWait())
        #expect((run.troubles.last as? ProgramError)?.subject == .log)
      } else {
        #expect(run.waitUntilDone(seconds: patience))
        guard case .failed(let error as ProgramError) = run.outcome, error.subject == .log else {
          Issue.record("expected a failure")
          return
        }
      }
      // The log is whole all the same.
      #expect(try fixture.log().last?.end != nil)
    }
  }
}
