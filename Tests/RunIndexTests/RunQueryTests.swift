// Which runs a query asks for, their order, and the table and settings of them.
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import RunIndex

@Suite struct RunQueryTests {
  private let now = WallTime(milliseconds: 2_000_000)

  private func run(
    _ name: String, rate: String = "0.1", optimizer: String = "sgd", step: Int = 100,
    loss: Float = 1, end: String? = "finished"
  ) -> IndexedRun {
    var run = IndexedRun(
      path: "/logs/\(name).jsonl", name: name,
      mark: FileMark(device: 1, inode: 1, size: 1, modified: 1_000_000_000_000))
    run.about.experiment = "digits"
    run.about.seed = 3
    run.about.settings = [
      .init(key: "optimizer.name", value: optimizer),
      .init(key: "optimizer.learning_rate", value: rate), .init(key: "batch", value: "32"),
    ]
    run.figures.add("loss", loss, at: step)
    run.figures.step = step
    run.end = end
    run.isWhole = true
    return run
  }

  private func matches(_ text: String, _ run: IndexedRun, note: String = "") -> Bool {
    RunQuery(text).matches(run, note: note, now: now)
  }

  @Test func `words, patterns and conditions must all hold`() {
    let run = run("sweep/adam-1", rate: "0.02", optimizer: "adam")
    for text in [
      "", "adam", "SWEEP digits", "*adam*", "sweep/????-1", "lr>0.01 optimizer=adam state:finished",
      "lr<=0.02", "optimizer.learning_rate=2e-2", "learning_rate!=0.1", "batch=32", "seed=3",
      "steps>=100", "loss<2", "-state=live", "optimizer=ad*", "optimizer:da", "-sgd", "lr>",
    ] {
      #expect(matches(text, run), "\(text)")
    }
    for text in [
      "sgd", "adam*", "lr>0.02", "state:live", "optimizer=sgd", "-adam", "nothing=1", "loss>2",
      "optimizer>1", "\"adam digits\"",
    ] {
      #expect(!matches(text, run), "\(text)")
    }
    #expect(matches("keep", run, note: "to keep") && matches("note:keep", run, note: "to keep"))
  }

  @Test func `no pattern takes long`() {
    let text = Array(String(repeating: "a", count: 2000))
    let pattern = Array(String(repeating: "*a", count: 200) + "*b")
    #expect(!RunQuery.matches(text, pattern))
    #expect(RunQuery.matches(text, Array("a*a")) && !RunQuery.matches([], Array("?")))
  }

  @Test func `the better stands first, what is not known last`() {
    let runs = [
      run("run-1", step: 20, loss: 1, end: nil), run("run-2", step: 50, loss: .nan),
      run("run-10", step: 5, loss: 3),
    ]
    func order(_ text: String) -> [String] {
      (RunOrder(text)?.sorted(runs, [0, 1, 2], metric: nil, now: now) ?? []).map { runs[$0].name }
    }
    #expect(order("name") == ["run-1", "run-2", "run-10"])
    #expect(order("-name") == ["run-10", "run-2", "run-1"])
    #expect(order("last") == ["run-1", "run-10", "run-2"])
    #expect(order("-last") == ["run-10", "run-1", "run-2"])
    #expect(order("steps") == ["run-2", "run-1", "run-10"])
    #expect(order("state") == ["run-1", "run-2", "run-10"])
    #expect(RunOrder("nothing") == nil)
  }

  @Test func `numbers in names count as numbers`() {
    let names = ["r-10", "r-2", "r", "R-1", "r-02b", "r-2a", "s"]
    #expect(
      names.sorted(by: NaturalOrder.isBefore) == ["R-1", "r", "r-2", "r-2a", "r-02b", "r-10", "s"])
    #expect(!NaturalOrder.isBefore("a", "a"))
  }

  @Test func `only settings that differ stand side by side, of one run all`() {
    let one = run("a", rate: "0.1")
    let other = run("b", rate: "0.2")
    #expect(
      DifferingSettings([one, other]).rows
        == [.init(key: "optimizer.learning_rate", values: ["0.1", "0.2"])])
    #expect(DifferingSettings([one]).rows.count == 4)
  }

  @Test func `the table is the same in all its forms`() throws {
    let runs = [run("a,b", loss: 0.5)]
    let table = RunTable(runs, now: now)
    #expect(
      table.text(.markdown).split(separator: "\n").last?.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      } == ["a,b", "finished", "100", "loss", "0.500", "0.500", "100", "–", "16 min"])
    let rows = table.text(.csv).split(separator: "\n")
    #expect(rows.count == 2 && rows[1].hasPrefix(#""a,b","/logs/a,b.jsonl",finished"#))
    let object = try JSONDecoder().decode(JSONValue.self, from: Data(table.text(.jsonl).utf8))
    #expect(object["best"]?.double == 0.5 && object["figures"]?["loss"]?.double == 0.5)
    #expect(object["settings"]?["batch"]?.string == "32")
    #expect(
      RunTable.age(59) == "59 s" && RunTable.age(7200) == "2 h" && RunTable.age(1e6) == "11 d")
  }
}
