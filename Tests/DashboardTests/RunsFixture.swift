// Lists of runs for tests of their screen.
import RunRecords
import TerminalUI

@testable import Dashboard
@testable import RunIndex

enum ManyRuns {
  /// Twelve runs in all states, their validation losses falling at several rates.
  static func snapshot(_ count: Int = 12, names: [String]? = nil) -> RunIndex.Snapshot {
    var snapshot = RunIndex.Snapshot()
    for index in 0..<count {
      let name = names?[index] ?? "sweep/seed-\(index)"
      var run = IndexedRun(
        path: "/logs/\(name).jsonl", name: name,
        mark: FileMark(device: 1, inode: UInt64(index), size: 1000, modified: 900_000_000_000))
      run.about.experiment = "digits"
      run.about.title = "Handwritten digits"
      run.about.seed = UInt64(index)
      run.about.totalSteps = 1000
      run.about.stepsPerEpoch = 10
      (run.about.metric, run.about.maximizes) = ("validation_loss", false)
      run.about.settings = [
        .init(key: "optimizer.name", value: index % 2 == 0 ? "sgd" : "adam"),
        .init(key: "optimizer.learning_rate", value: "0.0\(index % 4 + 1)"),
        .init(key: "batch", value: "32"),
      ]
      let ends: [String?] = ["finished", "finished", "diverged", "stopped", nil, nil]
      run.end = ends[index % ends.count]
      run.process = index % ends.count == 5 ? .gone : index == 4 ? .alive : .unknown
      var curves = RunCurves()
      for step in stride(from: 10, through: 1000 - 50 * (index % 3), by: 10) {
        let loss = 2 / (1 + Float(step) / (100 + 20 * Float(index)))
        for (figure, value) in [("loss", loss), ("validation_loss", loss * 1.2)] {
          run.figures.add(figure, value, at: step)
          curves.add(figure, value, at: step)
        }
        run.figures.reach(step, step / 10, Double(step) / 10)
      }
      run.isWhole = true
      snapshot.runs.append(run)
      snapshot.curves[run.path] = curves
    }
    (snapshot.isListed, snapshot.isWhole, snapshot.revision) = (true, true, 1)
    return snapshot
  }

  static func model(_ snapshot: RunIndex.Snapshot = snapshot()) -> RunsModel {
    var model = RunsModel(place: "logs", themeNames: ["dark", "light"])
    _ = update(&model, .resize(Size(columns: 120, rows: 36)))
    model.take(snapshot)
    return model
  }
}

extension RunsModel {
  mutating func take(_ snapshot: RunIndex.Snapshot, at time: Double = 50) {
    let wall = WallTime(milliseconds: 1_000_000)
    _ = update(&self, .news(.index(snapshot, wall: wall, time: time)))
  }

  @discardableResult
  mutating func press(_ key: Key, at time: Double = 50) -> [RunsEffect] {
    update(&self, .key(key, time: time))
  }

  @discardableResult
  mutating func press(_ character: Character) -> [RunsEffect] { press(.character(character)) }

  mutating func type(_ text: String) { for character in text { press(character) } }

  var names: [String] { shown.map { runs[$0].name } }
  var refused: String? { shell.notice?.kind == .refusal ? shell.notice?.text : nil }
}
