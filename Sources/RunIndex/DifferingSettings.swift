// The settings in which runs differ, side by side.

/// A table of the keys that not all of some runs have alike.
package struct DifferingSettings: Sendable, Equatable {
  /// By what differs most; each with a value for each run, nil if it lacks the key.
  package private(set) var rows: [Row] = []

  package struct Row: Sendable, Equatable {
    package var key: String
    package var values: [String?]
  }

  /// Of a single run all settings stand there: nothing else could be said.
  package init(_ runs: [IndexedRun]) {
    var keys: [String] = []
    var known: Set<String> = []
    var values: [[String: String]] = []
    for run in runs {
      var own: [String: String] = [:]
      for setting in run.about.settings where setting.key != "name" {
        own[setting.key] = setting.value
        if known.insert(setting.key).inserted { keys.append(setting.key) }
      }
      if let seed = run.about.seed, own["seed"] == nil {
        own["seed"] = "\(seed)"
        if known.insert("seed").inserted { keys.append("seed") }
      }
      values.append(own)
    }
    for key in keys {
      let row = Row(key: key, values: values.map { $0[key] })
      if runs.count < 2 || Set(row.values).count > 1 { rows.append(row) }
    }
  }
}
