// `maxnorm tell`: one command to a run of another process, and its answer.
import ArgumentParser
import Basics
import Dashboard
import Foundation
import PlainText
import RunHistory
import RunRecords
import Terminal
import TerminalUI

struct TellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tell", abstract: "Gives a run of another process one command.",
    discussion: """
      Exit status: 0 where the run has done it, or is as it should be already; 1 where it has refused; \
      75 where no answer has come.

      Examples:
        maxnorm tell run.jsonl max_norm 2
        maxnorm tell run.jsonl pause
      """)

  @Argument(help: "A run's log, HOST:PATH, or the id or name of a live run.")
  var target: String

  @Argument(help: "Such as constraint, max_norm, pause (see 'maxnorm help steering').")
  var action: String

  @Argument(help: "on, off or a number, where the action has one.")
  var value: String?

  @Option(help: ArgumentHelp("One layer's own, with max_norm.", valueName: "name"))
  var layer: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Seconds to wait for the answer.", valueName: "s"))
  var wait = 5.0

  func validate() throws {
    guard wait >= 0, wait.isFinite else {
      throw ValidationError("--wait: expected seconds of at least 0, found \(wait)")
    }
  }

  func run() throws {
    let wish: CommandRequest.Wish
    do throws(RefusedRecord) {
      wish = try .init(action, layer: layer, value: value.map(Self.document))
    } catch {
      throw ProgramError("tell: \(error.reason)", status: ProgramError.Status.usage)
    }
    let channel = try LoggedRun.open(target, among: RunRegistry.user?.entries() ?? [])
    // Before the command: the answer stands behind this place.
    var answers = try AnswerReader(channel)
    // All of a user's scripts count as one: an undo takes back what another `tell` has changed.
    let commands = try channel.openCommands(as: "tell")
    // What has not been answered by then shall not act later.
    let expires = WallTime(milliseconds: WallTime.now.milliseconds + Int(max(1, wait) * 1000))
    guard let id = try commands.append(wish, expires: expires) else { return }
    let deadline = ContinuousClock.now + .seconds(wait)
    while true {
      switch try answers.answer(to: id) {
      case .event(let step, let sentence)?:
        try writeToStandardOutput(ScreenText.printable("step \(step): \(sentence)") + "\n")
        return
      case .refused(let refused)? where refused.isUnchanged:
        try writeToStandardOutput(ScreenText.printable("unchanged: \(refused.reason)") + "\n")
        return
      case .refused(let refused)?:
        throw ProgramError("tell: refused: \(refused.reason)", status: ProgramError.Status.failure)
      case nil: break
      }
      guard ContinuousClock.now < deadline, !answers.isBroken else { break }
      answers.wait()
    }
    throw ProgramError(
      "tell: \(target): expected an answer within \(wait) seconds, found none: the run may be in a "
        + "long step, or gone", status: ProgramError.Status.temporary)
  }

  /// A word as JSON has it.
  private static func document(_ word: String) -> JSONValue {
    switch word {
    case "on", "true": .flag(true)
    case "off", "false": .flag(false)
    default: Int(word).map(JSONValue.integer) ?? Double(word).map(JSONValue.number) ?? .text(word)
    }
  }
}

/// Looks for answers in what a log grows by.
struct AnswerReader: ~Copyable {
  private var file: RecordFile
  /// What an answer is worded by: settings and ceilings as the latest records have them.
  private var segment: RunSegment

  enum Answer {
    /// What was done, in words.
    case event(step: Int, sentence: String)
    case refused(RefusedRecord)
  }

  /// Bytes before the end: several steps with all of their layers.
  private static let tailBytes = 1 << 18

  init(_ channel: any RunChannel) throws(ProgramError) {
    segment = RunSegment(channel.header ?? RunHeader(""))
    guard let file = try channel.openEnd(bytes: Self.tailBytes) else {
      throw ProgramError("tell: the log cannot be reached any more", .temporary)
    }
    self.file = file
  }

  /// Nothing more will come of it.
  var isBroken: Bool { file.isAtEnd }

  /// Waits for a moment, or for what comes before.
  func wait() { file.wait(milliseconds: 10) }

  mutating func answer(to id: String) throws -> Answer? {
    while let record = try file.next() {
      switch record {
      case .event(let event) where event.id == id:
        return .event(step: event.step, sentence: segment.sentence(of: event))
      case .refused(let refused) where refused.id == id: return .refused(refused)
      // One is made up where the tail begins without.
      case .header(let header) where header.program != nil: segment = RunSegment(header)
      case .header, .step, .norms, .evaluation, .sample, .event, .end, .refused, .twin,
        .rank:
        segment.apply(record)
      }
    }
    return nil
  }
}
