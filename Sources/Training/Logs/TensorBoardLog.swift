// Writes records as TensorBoard's event files: those of the run, of its segments and of its twins.
import Basics
import Experiments
import Foundation
import RunRecords

/// Writes a run's records as event files; lives on the training queue.
final class TensorBoardLog: RecordLog {
  private let destination: TensorBoardDestination
  private(set) var segment: Int
  private var records: EventFileRecords?
  private var file: EventFile?
  private var twinFile: EventFile?

  init(_ destination: TensorBoardDestination) {
    self.destination = destination
    segment = destination.segment
  }

  var isAppended: Bool { destination.isAppended }

  func write(_ record: Record) throws(ProgramError) {
    switch record {
    case .header(let header):
      try open(header)
      let experiment = (try? header.experiment.yaml()) ?? ""
      try file?.append(records?.opening(experiment: experiment, wallTime: now) ?? [])
    case .twin:
      if twinFile == nil { twinFile = try makeTwinFile() }
      try append(record, to: twinFile)
    case .event(let event) where event.action == .twin || event.action == .fork:
      // Another twin begins elsewhere.
      try twinFile?.flush()
      twinFile = nil
      try append(record, to: file)
    // The checkpoint that the run was resumed from: an earlier file holds its record.
    case .event(let event)
    where event.action == .checkpoint && isAppended && event.step < destination.restartStep:
      break
    case .step, .norms, .evaluation, .sample, .event, .end, .refused, .rank:
      try append(record, to: file)
    }
  }

  func resume(after header: Record, _ events: [Record]) throws(ProgramError) {
    if case .header(let header) = header { try open(header) }
  }

  func flushIfDue() throws(ProgramError) {
    try file?.flushIfDue()
    try twinFile?.flushIfDue()
  }

  func flush() throws(ProgramError) {
    try file?.flush()
    try twinFile?.flush()
  }

  func placeOnDisk() throws(ProgramError) -> LogPlace? {
    try flush()
    file?.synchronize()
    twinFile?.synchronize()
    return nil
  }

  // MARK: Files

  /// Seconds since 1970, which TensorBoard shows beside the steps.
  private var now: Double { Date().timeIntervalSince1970 }

  private func append(_ record: Record, to file: EventFile?) throws(ProgramError) {
    try file?.append(records?.bytes(for: record, wallTime: now) ?? [])
  }

  /// Begins the file of a segment.
  private func open(_ header: RunHeader) throws(ProgramError) {
    let isFirst = records == nil
    records = EventFileRecords(header)
    if isFirst {
      file = try begin(destination.path, restartStep: destination.restartStep)
      try file?.flush()
      for path in destination.replaced { unlink(path) }
    } else {
      try flush()
      twinFile = nil
      segment += 1
      file = try begin(try EventFile.create(in: segmentFolder), restartStep: 0)
    }
  }

  private var segmentFolder: String {
    TensorBoardDestination.folder(of: segment, in: destination.folder)
  }

  private func makeTwinFile() throws(ProgramError) -> EventFile {
    let folder = TensorBoardDestination.twinFolder(in: segmentFolder)
    return try begin(try EventFile.create(in: folder), restartStep: 0)
  }

  private func begin(_ path: String, restartStep: Int) throws(ProgramError) -> EventFile {
    let file = try EventFile(at: path)
    try file.append(records?.start(restartStep: restartStep, wallTime: now) ?? [])
    return file
  }
}
