// Which kinds of processor the runs of a comparison had.
import PlainText

/// What is to be said of pairs of runs that did not run on the same kind of processor.
struct ProcessorNote {
  /// A sentence; nil if all pairs did, or nothing is known of them.
  let sentence: String?

  /// By the processors of runs that are known.
  init(_ runs: [(seed: UInt64, processor: String)]) {
    let bySeed = Dictionary(grouping: runs, by: \.seed)
    let mixed = bySeed.filter { Set($0.value.map(\.processor)).count > 1 }
    guard !mixed.isEmpty else {
      sentence = nil
      return
    }
    let seeds = mixed.keys.sorted().map(String.init)
    let kinds = Set(mixed.values.joined().map(\.processor)).sorted()
      .map { ScreenText.printable($0) }
    let shown = seeds.prefix(10).joined(separator: ", ") + (seeds.count > 10 ? " and others" : "")
    sentence =
      "under seed \(shown) the arms ran on different kinds of processor (\(kinds.joined(separator: "; "))): "
      + "the last digits of such a pair may differ for that alone"
  }

  /// By what tasks of Slurm have said in a comparison's folder.
  init(_ plan: ComparisonPlan) {
    let folder = SlurmFolder(plan.folder)
    let tasks = (try? folder.tasks()) ?? [:]
    var known: [(seed: UInt64, processor: String)] = []
    for run in plan.runs where !tasks.isEmpty {
      let log = plan.folder.log(plan.name(run.arm), run.seed)
      guard let task = tasks[SlurmFolder.name(ofLog: log)],
        let processor = folder.processor(of: task)
      else { continue }
      known.append((run.seed, processor))
    }
    self.init(known)
  }
}
