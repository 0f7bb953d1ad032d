// What a comparison is to run, and where its files lie.
import Basics
import Comparisons
import Datasets
import Experiments
import Foundation
import RunRecords
import Training

/// The runs of a comparison or a sweep.
struct ComparisonPlan {
  /// Resolved, named, with absolute paths; the seed is set for each run.
  var arms: [Experiment]
  var seeds: [UInt64]
  /// Splits that the seeds are dealt out to, one after the other; nil: all have the same.
  var splits: Int?
  var kind: ComparisonState.Kind
  /// As it was asked for; nil: the runs' own, or the standard one.
  var margin: Margin?
  var folder: ComparisonFolder
  var logEvery: Int
  var dataFolder: String?
  /// Logs of other runs in the folder may be replaced.
  var overwrites: Bool
  /// How runs are given to Slurm; nil: they are made here.
  var slurm: SlurmSettings?
  /// Runs that each have settings of their own; nil: every arm runs under every seed.
  var trials: PlannedTrials?
  /// How the logs tell norms.
  var norms: NormsDetail { trials == nil ? .full : .none }
  /// What is said of trials while they run.
  var opening: [String] = []
  /// What is said of trials once all of them have ended.
  var conclude: ((ComparisonState) -> [String])?

  /// Seed by seed, so that the table fills for all arms alike.
  var runs: [(arm: Int, seed: UInt64)] {
    trials?.runs ?? seeds.flatMap { seed in arms.indices.map { ($0, seed) } }
  }

  func experiment(_ run: (arm: Int, seed: UInt64)) -> Experiment {
    if let trial = trials?[run.arm, run.seed] { return trial }
    var experiment = arms[run.arm]
    experiment.seed = run.seed
    if let split = split(of: run.seed) { experiment.data.parts.resample = split }
    return experiment
  }

  /// The split of a seed: every split has seeds of its own, so that a seed names a run of an arm.
  private func split(of seed: UInt64) -> ResampledSplit? {
    guard let splits, let first = seeds.first else { return nil }
    return ResampledSplit(number: Int((seed - first) % UInt64(splits)) + 1, of: splits)
  }

  /// Names of the arms, which are never nil here.
  func name(_ arm: Int) -> String { arms[arm].arm ?? arms[arm].name }

  /// One command for each run that is not there yet, for any scheduler.
  func commands(program: String, except isThere: (Int) -> Bool) -> [String] {
    runs.enumerated().filter { !isThere($0.offset) }.map { _, run in
      command(of: run, program: program).map(shellWord).joined(separator: " ") + " > /dev/null"
    }
  }

  /// The words that make one run; its records also go to standard output.
  func command(of run: (arm: Int, seed: UInt64), program: String) -> [String] {
    let name = name(run.arm)
    var words = [
      program, "run", trials == nil ? folder.experiment(name) : folder.experiment(name, run.seed),
      "--seed", "\(run.seed)", "--headless", "--log",
      folder.log(name, run.seed), "--log-every", "\(logEvery)", "--overwrite", "--no-steer",
    ]
    if norms != .full { words += ["--norms", norms.rawValue] }
    if let split = split(of: run.seed) {
      words += ["--set", "data.resample.split=\(split.number)"]
    }
    if let dataFolder { words += ["--data", dataFolder] }
    return words
  }
}

/// The experiments of trials by arm and seed, in the order in which they run.
struct PlannedTrials {
  private(set) var runs: [(arm: Int, seed: UInt64)] = []
  private var experiments: [Place: Experiment] = [:]

  private struct Place: Hashable {
    var arm: Int
    var seed: UInt64
  }

  /// Takes a trial whose seed no other one of the arm has.
  mutating func add(_ experiment: Experiment, arm: Int) {
    let before = experiments.updateValue(experiment, forKey: Place(arm: arm, seed: experiment.seed))
    precondition(before == nil, "two trials of one arm under seed \(experiment.seed)")
    runs.append((arm, experiment.seed))
  }

  subscript(arm: Int, seed: UInt64) -> Experiment? { experiments[Place(arm: arm, seed: seed)] }
}

/// The folder of a comparison: `ARM.yaml` for each arm, `ARM-SEED.jsonl` for each run.
///
/// Trials have `ARM-SEED.yaml` each where other programs are to make them.
struct ComparisonFolder {
  let path: String

  init(path: String) {
    // A name such as -x would be taken for an option.
    self.path = path.hasPrefix("-") ? "./" + path : path
  }

  func experiment(_ arm: String) -> String { "\(path)/\(Self.word(arm)).yaml" }
  func experiment(_ arm: String, _ seed: UInt64) -> String {
    "\(path)/\(Self.word(arm))-\(seed).yaml"
  }
  func log(_ arm: String, _ seed: UInt64) -> String { "\(path)/\(Self.word(arm))-\(seed).jsonl" }
  /// What an interrupted run resumes from.
  func checkpoint(_ arm: String, _ seed: UInt64) -> String {
    "\(path)/\(Self.word(arm))-\(seed).checkpoint"
  }

  /// A name as part of a file's.
  static func word(_ name: String) -> String {
    let word = name.map {
      $0.isASCII && ($0.isLetter || $0.isNumber) || "_-.+=,".contains($0) ? $0 : "_"
    }
    return word.first == "." ? "_" + String(word) : String(word)
  }

  /// Makes the folder and writes the arms' experiments; `elsewhere` says that runs are made by other
  /// programs.
  ///
  /// - Throws: `ProgramError` if that cannot be.
  func prepare(_ plan: ComparisonPlan, elsewhere: Bool) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ProgramError(
        "--folder: \(path): expected a folder or a new name: \(error.localizedDescription): "
          + "give another one", status: ProgramError.Status.output)
    }
    guard plan.trials == nil else {
      // There may be thousands, which this program needs no files for.
      for run in elsewhere ? plan.runs : [] {
        try write(plan.experiment(run), to: experiment(plan.name(run.arm), run.seed))
      }
      return
    }
    for arm in plan.arms.indices { try write(plan.arms[arm], to: experiment(plan.name(arm))) }
  }

  private func write(_ experiment: Experiment, to file: String) throws {
    do throws(FileReplacement.Failure) {
      var replacement = try FileReplacement(of: file)
      try replacement.append(Array((try? experiment.document.yaml())?.utf8 ?? "".utf8))
      try replacement.commit()
    } catch {
      throw ProgramError(
        "\(file): \(error.problem): \(error.hint)", status: ProgramError.Status.output)
    }
  }

  /// Keeps other comparisons out of the folder until the descriptor is closed.
  ///
  /// - Throws: `ProgramError` if one is at work in it.
  func lock() throws(ProgramError) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(descriptor)
      throw ProgramError(
        "--folder: \(path): expected no other comparison at work in it, found one: wait for its end, "
          + "or give another folder", status: ProgramError.Status.usage)
    }
    return descriptor
  }

  /// What the log of a run says, if there is one.
  ///
  /// - Throws: `ProgramError` if it belongs to another run, or is not a log.
  func digest(of experiment: Experiment, arm: String, upTo bytes: Int = .max) throws -> RunDigest? {
    let path = log(arm, experiment.seed)
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return nil }
    var file = try RecordFile(at: path, .strict, upTo: bytes)
    var digest = RunDigest(arm: arm)
    while let record = try file.next() { digest.apply(record) }
    guard let header = digest.header else { return nil }
    let expected = try JSONDecoder().decode(
      JSONValue.self, from: Data(experiment.document.json.utf8))
    if let difference = JSONValue.difference(
      Self.computed(expected), Self.computed(header.experiment))
    {
      let key = difference.path.joined(separator: ".")
      throw ProgramError(
        "\(path): \(key): expected \(difference.first) as in this comparison, found "
          + "\(difference.second): give another --folder, or --overwrite to replace its logs",
        status: ProgramError.Status.usage)
    }
    return digest
  }

  /// An experiment without the keys that do not affect its runs.
  private static func computed(_ experiment: JSONValue) -> JSONValue {
    guard case .fields(let fields) = experiment else { return experiment }
    return .fields(
      fields.filter { !["title", "description", "pace", "comparison"].contains($0.key) })
  }
}
