// What a comparison leaves in its folder for Slurm, and what it knows from there: jobs, tasks, processors.
import Basics
import Foundation
import Resources
import RunRecords
import Training

/// How runs are given to Slurm.
struct SlurmSettings: Sendable {
  /// Options of sbatch, as they are.
  var options: [String]
  /// Runs at once; nil: as many as Slurm likes.
  var mostAtOnce: Int?
}

/// A run as a task of an array: `JOB_TASK`.
struct SlurmTask: Hashable, Sendable {
  /// The array's id.
  var job: String
  /// Counts from 1.
  var number: Int
}

/// The folder `slurm` in that of a comparison.
struct SlurmFolder {
  /// The comparison's.
  let place: String
  var path: String { "\(place)/slurm" }
  private var record: String { "\(path)/submissions.jsonl" }
  private var script: String { "\(path)/task.sh" }

  private static let bounds = FileBounds(takesPipes: false, mostBytes: 1 << 28)

  init(_ folder: ComparisonFolder) { place = folder.path }

  /// An array that was submitted, as it is written down.
  private struct Submission: Codable {
    var job: String
    var time: String
    /// The runs' logs without their folder, in the order of the tasks.
    var runs: [String]
  }

  // MARK: Submissions

  /// A name of a run that stays the same from one start of this program to the next.
  static func name(ofLog log: String) -> String { (log as NSString).lastPathComponent }

  /// The task that a run was last given to, by the names of runs.
  ///
  /// - Throws: `ProgramError` if what is written down cannot be read.
  func tasks() throws(ProgramError) -> [String: SlurmTask] {
    guard access(record, F_OK) == 0 else { return [:] }
    let bytes: [UInt8]
    do {
      bytes = try fileContents(record, within: Self.bounds)
    } catch {
      throw ProgramError(.none, .unreadable, record, "expected a readable file: \(error.reason)")
    }
    var tasks: [String: SlurmTask] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // A torn line is one that was not written: its job is not known to be this program's.
      guard let submission = try? JSONDecoder().decode(Submission.self, from: Data(line)),
        Self.isJob(submission.job)
      else { continue }
      for (index, run) in submission.runs.enumerated() {
        tasks[run] = SlurmTask(job: submission.job, number: index + 1)
      }
    }
    return tasks
  }

  /// Writes down which runs an array carries out.
  ///
  /// - Throws: `ProgramError` if that cannot be written.
  func add(job: String, runs: [String]) throws(ProgramError) {
    let submission = Submission(job: job, time: WallTime.now.text, runs: runs)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = ((try? encoder.encode(submission)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
    let descriptor = open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, Foundation.write(descriptor, line, line.count) == line.count,
      fsync(descriptor) == 0
    else { throw cannotWrite(record) }
  }

  /// What Slurm calls a job.
  static func isJob(_ text: String) -> Bool {
    (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  // MARK: Files

  /// Writes what an array's tasks do, a line each, and the script that takes its line from there.
  ///
  /// - Returns: the paths of the script and of the lines.
  /// - Throws: `ProgramError` if they cannot be written.
  func write(_ commands: [[String]]) throws(ProgramError) -> (script: String, lines: String) {
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw cannotWrite(path) }
    let lines = "\(path)/tasks-\(RunOrigin.newRunID())"
    try write(Self.script, to: script)
    try write(commands.map { Self.line($0) + "\n" }.joined(), to: lines)
    return (script, lines)
  }

  /// The same for all: no name stands in it that Slurm could read an option from.
  ///
  /// It opens the file of its messages itself, since Slurm would take a % in the folder's name for a pattern.
  private static let script = """
    #!/bin/sh
    # A run of a comparison: the task's line of the file that this is called with.
    n='
    '
    exec >"${1%/*}/$SLURM_ARRAY_JOB_ID-$SLURM_ARRAY_TASK_ID.out" 2>&1
    line=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$1")
    processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | sed 1q)
    echo "processor: ${processor:-$(uname -m)}"
    eval "exec $line"

    """

  /// A command on one line, whatever stands in its words.
  static func line(_ words: [String]) -> String {
    // A line break in a word is the script's $n; by scalars, since it may be part of a character.
    words.map { word in
      shellWord(word).unicodeScalars.map { $0 == "\n" ? "'\"$n\"'" : String($0) }.joined()
    }.joined(separator: " ") + " >/dev/null"
  }

  private func write(_ text: String, to path: String) throws(ProgramError) {
    do throws(FileReplacement.Failure) {
      var replacement = try FileReplacement(of: path)
      try replacement.append(Array(text.utf8))
      try replacement.commit()
    } catch {
      throw ProgramError(.none, .unwritable, path, error.problem, error.hint)
    }
  }

  private func cannotWrite(_ path: String) -> ProgramError {
    ProgramError(
      .none, .unwritable, path, "cannot write: \(systemMessage())",
      "give another --folder")
  }

  // MARK: What tasks say

  /// The last lines of a task's messages, the newest last.
  func lastLines(of task: SlurmTask, count: Int = 3) -> [String] {
    Array(lines(of: task).filter { !$0.hasPrefix(Self.processorLabel) }.suffix(count))
  }

  /// The processor that a task ran on; nil if it has not said.
  func processor(of task: SlurmTask) -> String? {
    lines(of: task).first { $0.hasPrefix(Self.processorLabel) }
      .map { String($0.dropFirst(Self.processorLabel.count)) }
  }

  private static let processorLabel = "processor: "

  private func lines(of task: SlurmTask) -> [String] {
    let file = "\(path)/\(task.job)-\(task.number).out"
    guard let handle = FileHandle(forReadingAtPath: file) else { return [] }
    defer { try? handle.close() }
    let bytes = (try? handle.read(upToCount: 1 << 16)) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init)
  }
}
