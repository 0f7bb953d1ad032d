// Slurm's own commands: submitting an array, asking what has become of it, giving it up.
import Basics
import Foundation
import PlainText

/// What Slurm is asked for, and waited for: rarely, and not for long.
enum SlurmCommand {
  private static let patience = Duration.seconds(60)

  /// Submits a script as an array of so many tasks; the array's id.
  ///
  /// The user's options stand before those that are needed, which so hold.
  ///
  /// - Throws: `ProgramError` with what sbatch said if it does not take it.
  static func submit(
    _ script: String, argument: String, tasks: Int, name: String, _ settings: SlurmSettings
  ) throws(ProgramError) -> String {
    let most = settings.mostAtOnce.map { "%\($0)" } ?? ""
    let lines = try run(
      ["sbatch"] + settings.options + [
        "--parsable", "--array=1-\(tasks)\(most)", "--job-name=\(name)", "--chdir=/",
        "--output=/dev/null", script, argument,
      ])
    // On a system of several clusters the cluster's name follows.
    let job = lines.last?.split(separator: ";").first.map(String.init) ?? ""
    guard SlurmFolder.isJob(job) else {
      throw ProgramError(
        "sbatch: expected the id of a job, found '\(ScreenText.printable(job))'", .failure)
    }
    return job
  }

  /// Gives up arrays, or tasks of them.
  ///
  /// - Throws: `ProgramError` with what scancel said if it fails.
  static func cancel(_ tasks: [SlurmTask]) throws(ProgramError) {
    // So many that a command line has room for them.
    for start in stride(from: 0, to: tasks.count, by: 500) {
      let part = tasks[start..<min(start + 500, tasks.count)]
      _ = try run(["scancel"] + part.map { "\($0.job)_\($0.number)" })
    }
  }

  /// What squeue is asked for: all arrays of this user, those that ended a while ago too.
  static let list = ["squeue", "-h", "-r", "-t", "all", "-u", "\(geteuid())", "-o", "%F %K %T"]

  static func start(_ words: [String]) throws(ProgramError) -> PipedProcess {
    try PipedProcess(words, package: "slurm-client, or run on a machine that submits jobs")
  }

  /// The lines that a command writes.
  ///
  /// - Throws: `ProgramError` if it is missing, fails, or does not answer.
  static func run(_ words: [String]) throws(ProgramError) -> [String] {
    let process = try start(words)
    let deadline = ContinuousClock.now + patience
    var lines: [String] = []
    while true {
      process.wait(milliseconds: 50)
      lines += process.takeLines().map { String(decoding: $0, as: UTF8.self) }
      if process.isOver, let status = process.status {
        guard status == 0 else {
          throw ProgramError(
            .none, .failure, words[0],
            process.complaint.isEmpty ? "it failed with status \(status)" : process.complaint)
        }
        return lines
      }
      guard ContinuousClock.now < deadline else {
        throw ProgramError(
          .none, .temporary, words[0], "expected an answer within 60 seconds, found none",
          "try again")
      }
    }
  }
}

/// How a task stands, as Slurm has it.
enum SlurmState: Equatable {
  case waiting, running
  /// It is over, in Slurm's word for how; nil: Slurm has forgotten it.
  case over(String?)

  init(_ word: String) {
    switch word {
    case "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
      "SPECIAL_EXIT":
      self = .waiting
    case "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "RESIZING", "STAGE_OUT":
      self = .running
    default: self = .over(word)
    }
  }
}

/// Asks Slurm every few seconds, without waiting for it.
struct SlurmQueue {
  /// What the last answer said; nil before there is one that is new enough.
  private var states: [SlurmTask: SlurmState]?
  private var question: PipedProcess?
  private var answer: [String] = []
  private var askTime = 0.0
  /// Why there is no answer; nil: there is one.
  private(set) var complaint: String?

  private static let interval = 2.0
  /// Tasks that were cancelled before they began stand on one line of their array, without a number.
  private static let allOthers = 0

  /// What was submitted since the last question is not in its answer.
  mutating func forget() {
    (states, question, answer, askTime) = (nil, nil, [], 0)
  }

  /// Takes an answer, and asks again if it is time.
  mutating func advance(at time: Double) {
    if let question {
      answer += question.takeLines().map { String(decoding: $0, as: UTF8.self) }
      guard question.isOver, let status = question.status else { return }
      if status == 0 {
        states = Self.states(answer)
        complaint = nil
      } else {
        complaint = question.complaint
      }
      (self.question, answer) = (nil, [])
      askTime = time + Self.interval
    } else if time >= askTime {
      do throws(ProgramError) {
        question = try SlurmCommand.start(SlurmCommand.list)
      } catch {
        complaint = error.description
        askTime = time + Self.interval
      }
    }
  }

  /// How a task stands; nil: nobody knows yet.
  func state(of task: SlurmTask) -> SlurmState? {
    states.map {
      $0[task] ?? $0[SlurmTask(job: task.job, number: Self.allOthers)] ?? .over(nil)
    }
  }

  /// What the lines of squeue say.
  static func states(_ lines: [String]) -> [SlurmTask: SlurmState] {
    var states: [SlurmTask: SlurmState] = [:]
    for line in lines {
      let words = line.split(separator: " ")
      guard words.count == 3,
        let number = words[1] == "N/A" ? Self.allOthers : Int(words[1])
      else { continue }
      states[SlurmTask(job: String(words[0]), number: number)] = SlurmState(String(words[2]))
    }
    return states
  }
}
