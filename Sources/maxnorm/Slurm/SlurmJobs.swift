// The runs of a comparison as tasks of Slurm: submitted, followed through their logs, submitted again if lost.
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords
import PlainText
import Training

/// Carries out runs on the machines of a cluster, which go on without this program.
final class SlurmJobs: RunEngine {
  private let plan: ComparisonPlan
  /// The plan's runs, by their numbers.
  private let planned: [(arm: Int, seed: UInt64)]
  private let settings: SlurmSettings
  private let folder: SlurmFolder
  private let clock = SecondsClock()
  private var queue = SlurmQueue()
  /// What is not over, by the number of the run.
  private var runs: [Int: Following] = [:]
  private var isLeft = false

  /// A run that Slurm has.
  private struct Following {
    var task: SlurmTask
    /// How often it was submitted in this session; one that is followed from before counts as one.
    var submissions = 1
    var log: LogFollower?
    /// Since when Slurm says that it is over, though its log has no end.
    var missingSince: Double?
    /// Its log holds something else than records: the run is not followed, and lost at its end.
    var isUnreadable = false
  }

  /// A lost run is submitted so often, the first time included.
  private static let mostSubmissions = 3
  /// A log on a shared file system may be seen so many seconds later.
  private static let patience = 3.0
  /// Slurm's usual limit of an array.
  private static let mostTasks = 1000

  /// Follows the runs that Slurm still has from before, and submits the others.
  ///
  /// - Throws: `ProgramError` if Slurm is not there or does not take them.
  init(_ plan: ComparisonPlan, _ left: [Int]) throws(ProgramError) {
    self.plan = plan
    planned = plan.runs
    settings = plan.slurm ?? SlurmSettings(options: [])
    folder = SlurmFolder(plan.folder)
    let tasks = try folder.tasks()
    let states = SlurmQueue.states(try SlurmCommand.run(SlurmCommand.list))
    var new: [Int] = []
    for index in left {
      if let task = tasks[SlurmFolder.name(ofLog: log(index))], let state = states[task],
        state == .waiting || state == .running
      {
        runs[index] = Following(task: task)
      } else {
        new.append(index)
      }
    }
    try submit(new)
  }

  private func log(_ index: Int) -> String {
    let run = planned[index]
    return plan.folder.log(plan.name(run.arm), run.seed)
  }

  private func submit(_ indices: [Int]) throws(ProgramError) {
    let program = try Self.program()
    for start in stride(from: 0, to: indices.count, by: Self.mostTasks) {
      let part = indices[start..<min(start + Self.mostTasks, indices.count)]
      let files = try folder.write(part.map { plan.command(of: planned[$0], program: program) })
      // What was lost is not to be taken for what comes now.
      for index in part { unlink(log(index)) }
      let job = try SlurmCommand.submit(
        files.script, argument: files.lines, tasks: part.count, name: jobName,
        settings)
      for (offset, index) in part.enumerated() {
        let task = SlurmTask(job: job, number: offset + 1)
        let count = runs[index]?.submissions ?? 0
        runs[index] = Following(task: task, submissions: count + 1)
      }
      do throws(ProgramError) {
        try folder.add(job: job, runs: part.map { SlurmFolder.name(ofLog: log($0)) })
      } catch {
        // Nobody would know later whose it is.
        try? SlurmCommand.cancel(part.indices.map { SlurmTask(job: job, number: $0 - start + 1) })
        throw error
      }
    }
    queue.forget()
  }

  /// This program, as the other machines find it.
  private static func program() throws(ProgramError) -> String {
    guard let path = realpath("/proc/self/exe", nil) else {
      throw ProgramError(
        "--on slurm: expected the path of this program: \(systemMessage())",
        .failure)
    }
    defer { free(path) }
    return String(cString: path)
  }

  /// Letters, digits, `_` and `-` alone.
  private var jobName: String { Self.jobName(of: plan.arms[0].name) }

  static func jobName(of experiment: String) -> String {
    "maxnorm-"
      + String(
        experiment.prefix(40).map {
          $0.isASCII && ($0.isLetter || $0.isNumber) || "_-".contains($0) ? $0 : "_"
        })
  }

  // MARK: What becomes of them

  var isOver: Bool { runs.isEmpty || isLeft }

  func advance() -> [RunNews] {
    guard !isLeft else { return [] }
    let time = clock.now
    queue.advance(at: time)
    var news: [RunNews] = []
    var lost: [Int] = []
    for index in runs.keys.sorted() {
      guard let run = runs[index], let state = queue.state(of: run.task) else { continue }
      switch state {
      case .waiting:
        runs[index]?.missingSince = nil
        // Slurm itself makes a run again whose machine was lost.
        guard run.log != nil else { break }
        runs[index]?.log = nil
        news.append(.lost(index))
      case .running:
        runs[index]?.missingSince = nil
        follow(index, &news)
      case .over(let word):
        follow(index, &news)
        if isLost(index, at: time) {
          if word == "CANCELLED" {
            end(index, .ended(.interrupted), &news)
          } else if run.submissions < Self.mostSubmissions {
            lost.append(index)
          } else {
            end(index, .failed(failure(of: run, word)), &news)
          }
        }
      }
    }
    if !lost.isEmpty { submitAgain(lost, &news) }
    return news
  }

  /// Takes what the log has grown by, and the run's end from there: what Slurm says of it is no outcome.
  private func follow(_ index: Int, _ news: inout [RunNews]) {
    guard runs[index]?.isUnreadable == false else { return }
    do throws(ProgramError) {
      if runs[index]?.log == nil {
        runs[index]?.log = try LogFollower(log(index))
        news.append(.started(index))
      }
      guard let follower = runs[index]?.log else { return }
      let records = try follower.take()
      if !records.isEmpty { news.append(.records(index, records)) }
      guard let reason = follower.end, reason == .finished || reason == .diverged else { return }
      end(index, .ended(reason), &news)
    } catch {
      runs[index]?.isUnreadable = true
    }
  }

  private func end(_ index: Int, _ outcome: RunOutcome, _ news: inout [RunNews]) {
    runs[index] = nil
    news.append(.ended(index, outcome))
  }

  /// Whether a run is over without an end in its log, now and a while ago.
  private func isLost(_ index: Int, at time: Double) -> Bool {
    guard let run = runs[index] else { return false }
    guard let since = run.missingSince else {
      runs[index]?.missingSince = time
      return false
    }
    guard time - since >= Self.patience else { return false }
    // Opened anew, a file of a shared file system is looked at anew.
    let digest = try? plan.folder.digest(
      of: plan.experiment(planned[index]), arm: plan.name(planned[index].arm))
    guard digest?.end == .finished || digest?.end == .diverged else { return true }
    runs[index]?.log = nil
    return false
  }

  private func submitAgain(_ lost: [Int], _ news: inout [RunNews]) {
    for index in lost { news.append(.lost(index)) }
    do throws(ProgramError) {
      try submit(lost)
    } catch {
      for index in lost { end(index, .failed(error), &news) }
    }
  }

  private func failure(of run: Following, _ word: String?) -> ProgramError {
    let lines = folder.lastLines(of: run.task).map { ScreenText.printable($0) }
    return ProgramError(
      .none, .failure, "job \(run.task.job)_\(run.task.number)",
      "submitted \(run.submissions) times, it ended as \(word ?? "nobody knows what"), each time without "
        + "an end in its log",
      lines.isEmpty ? "it has said nothing" : lines.joined(separator: " / "))
  }

  /// Why Slurm does not say how the runs stand; nil: it does.
  var trouble: String? { queue.complaint }

  // MARK: What it is told

  func requestNews() {}
  /// Slurm's jobs are not held from here: the screen says so.
  func pause(_ pauses: Bool) {}
  func interrupt() { isLeft = true }
  var writing: String? { nil }

  /// Gives up what is not over: only tasks that this folder has written down.
  ///
  /// - Throws: `ProgramError` if Slurm does not take that.
  func cancel() throws(ProgramError) {
    try SlurmCommand.cancel(runs.values.map(\.task))
    isLeft = true
  }
}
