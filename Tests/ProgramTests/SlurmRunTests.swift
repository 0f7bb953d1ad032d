// Comparisons that Slurm carries out: submitted, followed, left and found again, lost and given up.
import Foundation
import TestSupport
import Testing

@testable import maxnorm

@Suite struct SlurmTextTests {
  @Test func `a task's words stand on one line, whatever is in them, and a shell reads them back`()
    throws
  {
    let words = [
      "printf", "%s|", "a b", "it's", "two\nlines\r\n#SBATCH --time=1", "$(touch x)`y`", "", "ä",
    ]
    let line = SlurmFolder.line(words)
    #expect(!line.contains("\n") && line.hasSuffix(" >/dev/null"))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "n='\n'\neval \"$0\"", line.replacing(" >/dev/null", with: ""),
    ]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(
      String(decoding: data, as: UTF8.self) == words.dropFirst(2).map { $0 + "|" }.joined())
  }

  @Test func `a job's name has letters, digits, dashes and underscores alone`() {
    #expect(SlurmJobs.jobName(of: "a b;c\n#SBATCH ä-d_9") == "maxnorm-a_b_c__SBATCH__-d_9")
  }

  @Test func `what is not told of a task is that it is over`() {
    let states = SlurmQueue.states([
      "12 1 RUNNING", "12 2 PENDING", "12 3 NODE_FAIL", "13 N/A CANCELLED", "rubbish",
    ])
    #expect(
      states == [
        SlurmTask(job: "12", number: 1): .running, SlurmTask(job: "12", number: 2): .waiting,
        SlurmTask(job: "12", number: 3): .over("NODE_FAIL"),
        // Those that were cancelled before they began.
        SlurmTask(job: "13", number: 0): .over("CANCELLED"),
      ])
  }

  @Test func `pairs on different kinds of processor are told by their seeds`() {
    #expect(ProcessorNote([(1, "A"), (1, "A"), (2, "B"), (2, "B")]).sentence == nil)
    let note = ProcessorNote([(1, "A"), (1, "B"), (2, "B"), (2, "B"), (3, "B"), (3, "A")])
    #expect(note.sentence?.hasPrefix("under seed 1, 3 the arms ran on different kinds") == true)
    #expect(note.sentence?.contains("(A; B)") == true)
  }

  @Test func `what was submitted is known from the folder, and a torn line is not`() throws {
    try Program.inFolder(["slurm/submissions.jsonl": ""]) { folder in
      let slurm = SlurmFolder(ComparisonFolder(path: folder.path))
      try slurm.add(job: "12", runs: ["a-1.jsonl", "b-1.jsonl"])
      try slurm.add(job: "13", runs: ["b-1.jsonl"])
      let file = folder.appendingPathComponent("slurm/submissions.jsonl")
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(
        contentsOf: Data("{\"job\":\"14;rm\",\"time\":\"\",\"runs\":[\"a-1.jsonl\"]}\n{\"jo".utf8))
      try handle.close()
      #expect(
        try slurm.tasks() == [
          "a-1.jsonl": SlurmTask(job: "12", number: 1),
          "b-1.jsonl": SlurmTask(job: "13", number: 1),
        ])
    }
  }

  @Test func `without Slurm the error names what is missing`() throws {
    let result = try Program.run(
      ["compare", "noisy", "--on", "slurm", "--headless"], environment: ["PATH": "/nonexistent"])
    #expect(result.status == 66 && result.errors.contains("squeue: expected a program on PATH"))
    for words in [
      ["--sbatch=--mem=1"], ["--on", "slurm", "--plan"], ["--on", "slurm", "--sbatch=x"],
    ] {
      #expect(try Program.run(["compare", "noisy"] + words).status == 64)
    }
  }
}

@Suite(.serialized, .enabled(if: SlurmCluster.isInstalled, SlurmCluster.missing))
struct SlurmRunTests {
  private static let small = [
    "compare", "noisy", "--epochs", "30", "--seeds", "2", "--arms", "none,max-norm", "--format",
    "csv", "--on", "slurm", "--headless",
  ]
  /// A folder's name with all that could be taken for something else.
  private static let name = "a b'c\"d\n#SBATCH --array=1-9\n$(touch x);%j"

  /// Calls `body` with a cluster and a folder that its machines see.
  private func withCluster(_ body: (SlurmCluster, URL) throws -> Void) throws {
    try Program.inFolder { files in
      try Program.inFolder { folder in try body(SlurmCluster(in: files), folder) }
    }
  }

  /// A table without its seconds.
  private func figures(_ csv: String) -> [[Substring]] {
    csv.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
        .filter { !(14...15).contains($0.offset) }.map(\.element)
    }
  }

  @Test func `an array gives the table of runs made here, whatever its folder is called`() throws {
    try withCluster { cluster, folder in
      let words = Self.small + ["--folder", Self.name, "--sbatch=--time=10", "--sbatch=--mem=100"]
      let result = try Program.run(words, environment: cluster.environment, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let here = try Program.run(
        Self.small.filter { !["--on", "slurm"].contains($0) } + ["--folder", "here"], in: folder)
      #expect(figures(result.output) == figures(here.output))
      #expect(figures(result.output).count == 3)
      // One array of four tasks, with the options that were passed through.
      #expect(Set(try cluster.tasks()) == Set((1...4).map { "1_\($0) COMPLETED" }))
      let job = try cluster.ask(["scontrol", "show", "job", "1_1"])
      #expect(job.contains("TimeLimit=00:10:00") && job.contains("JobName=maxnorm-noisy"))
      #expect(
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == [
          Self.name, "here",
        ])
      let again = try Program.run(words, environment: cluster.environment, in: folder)
      #expect(again.errors.contains("4 of 4 runs are there already"))
      #expect(try cluster.tasks().count == 4)
      // Two kinds of processor are told.
      let output = folder.appendingPathComponent("\(Self.name)/slurm/1-1.out")
      try "processor: another kind\n".write(to: output, atomically: false, encoding: .utf8)
      let told = try Program.run(words, environment: cluster.environment, in: folder)
      #expect(told.errors.contains("under seed 1 the arms ran on different kinds of processor"))
    }
  }

  @Test func `what is left goes on, is followed again, and is given up when that is asked for`()
    throws
  {
    try withCluster { cluster, folder in
      var words = Self.small + ["--folder", "runs", "--jobs", "1"]
      words[words.firstIndex(of: "30") ?? 0] = "5000000"
      let first = try Program.start(words, environment: cluster.environment, in: folder)
      #expect(
        Program.waitUntil { (try? cluster.tasks().contains { $0.hasSuffix("RUNNING") }) == true })
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()
      #expect(try cluster.tasks().contains("1_1 RUNNING"))
      // A job of somebody else's, which is none of this program's business.
      _ = try cluster.ask(["sbatch", "--wrap", "sleep 600", "--output=/dev/null"])
      let screen = try Program.open(
        words.filter { $0 != "--headless" }, environment: cluster.environment, in: folder)
      #expect(screen.waitUntil("1 running"))
      #expect(try cluster.tasks().count == 5)
      screen.send(" ")
      #expect(screen.waitUntil("are not held from here"))
      screen.send("q")
      #expect(screen.waitUntil("Cancel the jobs"))
      screen.send("n")
      #expect(screen.waitForEnd() == .exited(0))
      #expect(try cluster.tasks().contains("1_1 RUNNING"))
      let last = try Program.open(
        words.filter { $0 != "--headless" }, environment: cluster.environment, in: folder)
      #expect(last.waitUntil("1 running"))
      last.send("q")
      #expect(last.waitUntil("Cancel the jobs"))
      last.send("y")
      #expect(last.waitForEnd() == .exited(0))
      #expect(
        Program.waitUntil {
          (try? cluster.tasks().filter { $0.hasPrefix("1_") }.allSatisfy {
            $0.hasSuffix("CANCELLED")
          })
            == true
        })
      #expect(try cluster.tasks().contains { !$0.hasPrefix("1_") && $0.hasSuffix("RUNNING") })
    }
  }

  @Test func `a lost run is submitted twice again, then failed with its last lines`() throws {
    try withCluster { cluster, folder in
      // A program that is lost at once for one arm: its experiment cannot be read there.
      let words = Self.small + ["--folder", "runs"]
      let runs = folder.appendingPathComponent("runs")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try builtProgram())
      process.arguments = words
      process.currentDirectoryURL = folder
      process.environment = PseudoTerminal.environment(cluster.environment)
      process.standardInput = FileHandle.nullDevice
      let errors = folder.appendingPathComponent("errors")
      try Data().write(to: errors)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: errors)
      // Nothing starts before the file is spoilt.
      for node in ["n1", "n2"] {
        _ = try cluster.ask([
          "scontrol", "update", "NodeName=\(node)", "State=DRAIN", "Reason=test",
        ])
      }
      try process.run()
      #expect(Program.waitUntil { (try? cluster.tasks().count) == 4 })
      let spoilt = runs.appendingPathComponent("max-norm.yaml")
      try "nonsense: 1\n".write(to: spoilt, atomically: false, encoding: .utf8)
      for node in ["n1", "n2"] {
        _ = try cluster.ask(["scontrol", "update", "NodeName=\(node)", "State=RESUME"])
      }
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      let text = Program.text(errors.path)
      #expect(text.contains("2 of 4 runs failed"))
      #expect(text.contains("submitted 3 times, it ended as FAILED"))
      // What the program itself has said there.
      #expect(text.contains("nonsense"))
      // Four at first, then the two that were lost, and again.
      #expect(try cluster.tasks().count == 8)
    }
  }

  @Test func `a run that diverges is an outcome and is not submitted again`() throws {
    try withCluster { cluster, folder in
      let result = try Program.run(
        Self.small + ["--folder", "runs", "--set", "optimizer.learning_rate=1e30"],
        environment: cluster.environment, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("diverged"))
      #expect(try cluster.tasks().count == 4)
    }
  }
}
