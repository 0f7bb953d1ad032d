// The options that say whether a run can be steered, and what its log says about where it runs.
import ArgumentParser
import Foundation
import RunRecords
import Training

struct SteeringOptions: ParsableArguments {
  @Flag(
    help: """
      Take no commands: without it a run that logs to a .jsonl file reads them from FILE.commands \
      (see 'maxnorm help steering').
      """)
  var noSteer = false

  @Flag(
    help: """
      Train in the background, without a screen and beyond the end of this terminal, and attach to it; \
      a log is chosen where none is given.
      """)
  var detach = false

  @Flag(help: "Leave host and process out of the log's header.")
  var noOrigin = false

  /// Lets the run listen beside its log, if that can hold answers, and identify itself.
  func apply(to options: inout RunOptions) throws {
    let log = options.logs.first { $0.takesAnswers }
    let runID = try log.flatMap(Self.runID) ?? RunOrigin.newRunID()
    options.origin = ThisProcess.origin(runID: runID, isPrivate: noOrigin)
    guard !noSteer, let log else { return }
    do throws(CommandFile.Unusable) {
      options.steering = .init(try CommandFile(besideLog: log.path), besideLog: log.path)
    } catch {
      report(error.description)
    }
  }

  /// The name that a log has for its run, where it is gone on with.
  private static func runID(of log: LogDestination) throws -> String? {
    guard log.kept > 0 else { return nil }
    var file = try RecordFile(at: log.path, .lenient, upTo: log.kept)
    guard case .header(let header)? = try file.next() else { return nil }
    return header.origin?.runID
  }
}
