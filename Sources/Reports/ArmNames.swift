// Names for the arms of logs that do not say which arm they are.
import Comparisons
import Foundation
import RunRecords

/// Groups of logs whose experiments are equal but for the seed, each with a name.
struct ArmNames {
  /// The name of each log, in order.
  private var names: [String]

  /// Takes an arm's own name, else what is swept, else what the files are called, else the settings
  /// that differ between the groups.
  init(_ logs: [ReadLog]) {
    names = logs.map { log in
      let experiment = log.digest.header?.summary
      if let name = experiment?.arm, !name.isEmpty { return name }
      return SweepCandidates.values(of: experiment).map { SweepTable.text($0.keys, $0.values) }
        ?? ""
    }
    let unnamed = names.indices.filter { names[$0].isEmpty }
    guard !unnamed.isEmpty else { return }
    let settings = logs.map { log in
      ExperimentKeys.flat(
        log.digest.header?.experiment ?? .null, leavingOut: ExperimentKeys.identity)
    }
    var groups: [[Int]] = []
    for index in unnamed {
      let place = groups.firstIndex { group in
        Self.isEqual(settings[group[0]], settings[index])
      }
      if let place { groups[place].append(index) } else { groups.append([index]) }
    }
    let taken = Set(names)
    let stems = groups.map { group in Self.stem(group.map { logs[$0] }) }
    let keys = Self.differences(groups.map { settings[$0[0]] })
    let whole = groups.count == 1 ? [logs[groups[0][0]].digest.header?.name ?? ""] : []
    // One of the ways for all groups: names of two kinds in a table would puzzle.
    let ways = [stems, keys, whole].filter { way in
      !way.isEmpty && way.allSatisfy { !$0.isEmpty } && Set(way).count == way.count
        && taken.isDisjoint(with: way)
    }
    for (number, group) in groups.enumerated() {
      let name = ways.first?[number] ?? "arm \(number + 1)"
      for index in group { names[index] = name }
    }
  }

  func name(_ logs: inout [ReadLog]) {
    for (index, name) in names.enumerated() { logs[index].digest.arm = name }
  }

  private static func isEqual(_ first: [(String, String)], _ second: [(String, String)]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { $0 == $1 }
  }

  /// What the names of the files have in common, without seed and ending: "none" for `none-1.jsonl`
  /// and `none-2.jsonl`; empty if it is nothing that could name an arm.
  private static func stem(_ logs: [ReadLog]) -> String {
    let stems = Set(
      logs.map { log in
        let file = URL(fileURLWithPath: log.path).deletingPathExtension().lastPathComponent
        guard let seed = log.digest.seed else { return file }
        for ending in ["-seed\(seed)", "_seed\(seed)", "-\(seed)", "_\(seed)", ".\(seed)"]
        where file.hasSuffix(ending) && file.count > ending.count {
          return String(file.dropLast(ending.count))
        }
        // A single run needs no seed in its name; several would all be called otherwise.
        return file
      })
    return stems.count == 1 ? stems.first ?? "" : ""
  }

  /// The settings that differ between the groups, as briefly as keeps them distinct.
  private static func differences(_ groups: [[(String, String)]]) -> [String] {
    let values = groups.map { Dictionary($0) { first, _ in first } }
    var keys: [String] = []
    for (key, _) in groups.joined() where !keys.contains(key) {
      if Set(values.map { $0[key] ?? "none" }).count > 1 { keys.append(key) }
    }
    // A single group has nothing to differ in, and more than a few keys are too long for a name.
    guard !keys.isEmpty, keys.count <= 3 else { return groups.map { _ in "" } }
    let shorts = keys.map { key in
      let last = key.split(separator: ".").last.map(String.init) ?? key
      return keys.count { $0.hasSuffix(".\(last)") || $0 == last } > 1 ? key : last
    }
    return values.map { values in
      zip(keys, shorts).map { "\($1)=\(values[$0] ?? "none")" }.joined(separator: ", ")
    }
  }
}

/// The candidates of a sweep, from the headers of its logs.
struct SweepCandidates {
  let keys: [String]
  /// Ascending by value.
  let candidates: [SweepTable.Candidate]

  /// Nil if not every log names values of the same keys.
  init?(_ logs: [ReadLog]) {
    guard let first = Self.values(of: logs.first?.digest.header?.summary) else { return nil }
    var candidates: [SweepTable.Candidate] = []
    for log in logs {
      guard let values = Self.values(of: log.digest.header?.summary), values.keys == first.keys
      else { return nil }
      if !candidates.contains(where: { $0.arm == log.digest.arm }) {
        candidates.append(.init(arm: log.digest.arm, values: values.values))
      }
    }
    keys = first.keys
    self.candidates = candidates.sorted { $0.values.lexicographicallyPrecedes($1.values) }
  }

  /// What `sweep` says in an experiment; nil if it is absent, or a value is not a number.
  static func values(of experiment: ExperimentSummary?) -> (keys: [String], values: [Double])? {
    guard let sweep = experiment?.sweep, let values = sweep.values else { return nil }
    return (sweep.keys, values)
  }
}
