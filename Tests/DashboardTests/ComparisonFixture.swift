// Comparisons and sweeps made of invented records, for the tests of their screen.
import Comparisons
import RunRecords
import TerminalUI
import TestSupport

@testable import Dashboard

/// Small comparisons, record by record.
enum Versus {
  static let names = ["none", "l2", "dropout", "max-norm"]

  static func header(
    _ arm: String, seed: UInt64, metric: String = "validation_accuracy", title: String = "Digits"
  ) -> RunHeader {
    .sample(metric: metric) {
      $0.title = title
      $0.seed = seed
      $0.totalSteps = 2600
      $0.experiment = .fields([.init("arm", .text(arm))])
    }
  }

  /// How good an arm is in the end: the later the better, and none of them twice as good.
  static func quality(_ arm: Int, of count: Int) -> Double {
    0.78 + 0.14 * Double(arm) / Double(max(1, count - 1))
  }

  /// An evaluation of a run, `part` of 40: it rises, and wanders by its seed.
  static func evaluation(_ part: Int, quality: Double, seed: UInt64) -> EvaluationRecord {
    let phase = Double(part) * (1.3 + Double(seed % 7) / 10) + Double(seed) * quality * 37
    let wander = 0.06 * (phase - phase.rounded(.down) - 0.5)
    let rise = Double(part) / (Double(part) + 4)
    let accuracy = 0.1 + (quality - 0.1) * rise * 1.1 + wander
    return EvaluationRecord(part * 65) {
      $0.epoch = part * 5
      $0.trainLoss = Float(2.3 / (1 + Double(part)))
      $0.trainAccuracy = Float(min(1, accuracy + 0.06))
      $0.validationLoss = Float(1.6 - accuracy * 1.2)
      $0.validationAccuracy = Float(min(1, accuracy))
    }
  }

  /// Lets a run come so far, `part` of 40, and end.
  static func run(
    _ state: inout ComparisonState, _ index: Int, to part: Int, quality: Double,
    end: EndRecord.Reason? = nil, title: String = "Digits"
  ) {
    state.update(index) { run in
      run.phase = end == nil ? .running : .ended
      run.digest = RunDigest(arm: run.arm)
      run.digest.apply(.header(header(run.arm, seed: run.seed, title: title)))
      for part in 0..<max(0, part) {
        run.digest.apply(.evaluation(evaluation(part + 1, quality: quality, seed: run.seed)))
      }
      guard let end else { return }
      run.digest.apply(
        .end(
          EndRecord(part * 65, end) {
            $0.clippedTotal = 0
            $0.elapsed = 3 + Double(run.seed) / 4
          }))
    }
  }

  static func state(
    _ arms: [String] = names, seeds: Int = 3, title: String = "Handwritten digits, small and noisy"
  ) -> ComparisonState {
    let runs = (1...UInt64(seeds)).flatMap { seed in arms.map { (arm: $0, seed: seed) } }
    return ComparisonState(
      name: "digits", title: title, kind: .arms(baseline: arms.first ?? "none"), arms: arms,
      runs: runs)
  }

  /// Some runs over, two in progress.
  static func state(
    over: Int, _ arms: [String] = names, seeds: Int = 3
  ) -> ComparisonState {
    var state = state(arms, seeds: seeds)
    for index in state.runs.indices where index < over + 2 {
      let arm = arms.firstIndex(of: state.runs[index].arm) ?? 0
      let isOver = index < over
      run(
        &state, index, to: isOver ? 40 : 22 - 9 * (index - over),
        quality: quality(arm, of: arms.count), end: isOver ? .finished : nil)
    }
    return state
  }

  /// Runs that diverged, failed, were interrupted and were there before.
  static var troubled: ComparisonState {
    var state = state(over: 9)
    run(&state, 1, to: 12, quality: 0.5, end: .diverged)
    run(&state, 5, to: 12, quality: 0.5, end: .diverged)
    state.update(0) { $0.phase = .kept }
    state.update(9) { $0.phase = .interrupted }
    state.update(10) {
      $0.phase = .failed("log runs/dropout-3.jsonl: cannot write: no space left on device")
    }
    return state
  }

  // MARK: Trials

  /// A stage of a study, whose runs have nothing but their arm in common.
  static func trials(over: Int, sentences: [String]) -> ComparisonState {
    var state = ComparisonState(
      name: "digits", title: "Handwritten digits, small and noisy",
      kind: .trials(stage: "stage 1 of 3: trials on validation"), arms: names,
      runs: (1...UInt64(5)).flatMap { seed in names.map { (arm: $0, seed: seed) } })
    state.say(sentences)
    for index in state.runs.indices where index < over + 2 {
      let isOver = index < over
      run(
        &state, index, to: isOver ? 40 : 20,
        quality: quality(index % names.count, of: names.count), end: isOver ? .finished : nil)
    }
    return state
  }

  // MARK: Sweeps

  static let ceilings: [Double] = [0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6]

  static func sweep(over: Int, seeds: Int = 3) -> ComparisonState {
    let candidates = ceilings.map {
      SweepTable.Candidate(arm: "constraint.max_norm=\(SweepTable.text($0))", values: [$0])
    }
    return sweep(["constraint.max_norm"], candidates, over: over, seeds: seeds) { values in
      let distance = abs(values[0] - 2) / 4
      return 0.9 - distance * 0.3
    }
  }

  static func grid(over: Int, seeds: Int = 2) -> ComparisonState {
    let candidates = [0.01, 0.03, 0.1, 0.3].flatMap { rate in
      ceilings.map {
        SweepTable.Candidate(
          arm: "constraint.max_norm=\(SweepTable.text($0)), optimizer.learning_rate=\(rate)",
          values: [$0, rate])
      }
    }
    let keys = ["constraint.max_norm", "optimizer.learning_rate"]
    return sweep(keys, candidates, over: over, seeds: seeds) { values in
      0.9 - abs(values[0] - 2) / 14 - abs(values[1] - 0.1) / 2
    }
  }

  private static func sweep(
    _ keys: [String], _ candidates: [SweepTable.Candidate], over: Int, seeds: Int,
    _ quality: ([Double]) -> Double
  ) -> ComparisonState {
    let arms = candidates.map(\.arm)
    let runs = (1...UInt64(seeds)).flatMap { seed in arms.map { (arm: $0, seed: seed) } }
    var state = ComparisonState(
      name: "digits", title: "Handwritten digits, small and noisy",
      kind: .sweep(keys: keys, candidates: candidates), arms: arms, runs: runs)
    for index in state.runs.indices where index < over + 2 {
      let candidate = candidates[index % candidates.count]
      let isOver = index < over
      run(
        &state, index, to: isOver ? 40 : 20, quality: quality(candidate.values),
        end: isOver ? .finished : nil)
    }
    return state
  }

  /// A model that received a state after `time` seconds.
  static func model(_ state: ComparisonState, at time: Double = 42) -> ComparisonModel {
    var model = ComparisonModel(
      state: Self.emptied(state), themeNames: ["default", "light"])
    _ = update(&model, .resize(Size(columns: 80, rows: 24)))
    _ = update(&model, .state(Self.emptied(state), isOver: false, time: 0))
    let isOver = !state.runs.contains { [.running, .waiting].contains($0.phase) }
    _ = update(&model, .state(state, isOver: isOver, time: time))
    model.notice = nil
    return model
  }

  private static func emptied(_ state: ComparisonState) -> ComparisonState {
    var emptied = ComparisonState(
      name: state.name, title: state.title, kind: state.kind, arms: state.arms,
      runs: state.runs.map { ($0.arm, $0.seed) })
    emptied.say(state.sentences)
    return emptied
  }
}

extension ComparisonModel {
  @discardableResult
  mutating func press(_ key: Key, at time: Double = 50) -> [ComparisonEffect] {
    update(&self, .key(key, time: time))
  }

  @discardableResult
  mutating func press(_ character: Character) -> [ComparisonEffect] { press(.character(character)) }

  @discardableResult
  mutating func mouse(
    _ action: MouseEvent.Action, _ column: Int, _ row: Int
  ) -> [ComparisonEffect] {
    update(
      &self, .mouse(MouseEvent(action, at: Point(column: column, row: row)), time: 50))
  }

  mutating func resize(_ columns: Int, _ rows: Int) {
    _ = update(&self, .resize(Size(columns: columns, rows: rows)))
  }

  var refused: String? { shell.notice?.kind == .refusal ? shell.notice?.text : nil }
}
