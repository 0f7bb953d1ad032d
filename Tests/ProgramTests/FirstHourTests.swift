// From a table to an answer: run, new, data, predict, and what the program says of itself and the machine.
import ArgumentParser
import Foundation
import RunRecords
import TerminalUI
import TestSupport
import Testing

@testable import maxnorm

@Suite struct FirstHourTests {
  private static let table: String = {
    var text = "width,colour,kind\n"
    for row in 0..<60 {
      let (colour, kind) = (["red", "green"][row % 2], ["a", "b", "ü"][row % 3])
      text += "\(Double(row % 7) / 2),\(colour),\(kind)\n"
    }
    return text
  }()

  @Test func `a table is trained, and its rows predicted, with the table gone`() throws {
    try Program.inFolder(["mine.csv": Self.table]) { folder in
      let run = try Program.run(
        ["run", "mine.csv", "--headless", "--steps", "60", "--save", "mine.safetensors"], in: folder
      )
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.recordTypes.last == "end")
      #expect(
        run.errors.contains(
          "note: mine.csv: predicts 'kind' (the last column; --target names another) as one of 3 "
            + "classes, from 3 inputs in 2 columns"))
      #expect(run.errors.contains("note: no ceiling: norms are only observed"))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("mine.csv"))
      try "colour,width\nred,1\npink,1\n".write(
        to: folder.appendingPathComponent("new.csv"), atomically: true, encoding: .utf8)
      let result = try Program.run(["predict", "mine.safetensors", "new.csv"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == "prediction,probability_a,probability_b,probability_ü,reason")
      #expect(lines.count == 4 && lines[1].split(separator: ",").count == 4)
      #expect(lines[2] == ",,,,column 'colour': 'pink' was not in the training data")
      #expect(result.errors.contains("1 of 2 rows have no prediction"))
      // The same from standard input, with what is to be predicted.
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.arguments = [
        "-c",
        "printf 'kind,colour,width\\na,red,1\\n' | \"$0\" predict mine.safetensors - 2>score >answers",
        try builtProgram(),
      ]
      shell.currentDirectoryURL = folder
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
      let answers = Program.text(folder.appendingPathComponent("answers").path)
      #expect(answers.split(separator: "\n").last == lines[1])
      let score = Program.text(folder.appendingPathComponent("score").path)
      #expect(score.contains("score: accuracy ") && score.contains("of 1 rows"))
    }
  }

  @Test func `what new writes runs as the table itself`() throws {
    try Program.inFolder(["mine.csv": Self.table]) { folder in
      let new = try Program.run(["new", "mine.csv"], in: folder)
      #expect(new.status == 0 && new.errors.isEmpty, "\(new.errors)")
      try new.output.write(
        to: folder.appendingPathComponent("mine.yaml"), atomically: true, encoding: .utf8)
      #expect(new.output.split(separator: "\n").contains("# Examples in a step."))
      let shown = try Program.run(["show", "mine.yaml"], in: folder)
      #expect(try Program.run(["show", "mine.csv"], in: folder).output == shown.output)
      let run = ["--headless", "--steps", "20"]
      let own = try Program.run(["run", "mine.csv"] + run, in: folder)
      let written = try Program.run(["run", "mine.yaml"] + run, in: folder)
      func end(_ result: ProgramResult) -> Substring? {
        result.output.split(separator: "\n").last.map { line in
          line.range(of: ",\"elapsed\"").map { line[..<$0.lowerBound] } ?? line
        }
      }
      #expect(end(own) == end(written) && end(own) != nil)
    }
  }

  @Test(arguments: ["C.UTF-8", "C"])
  func `a table is described in 80 columns`(locale: String) throws {
    try Program.inFolder(["mine.csv": Self.table]) { folder in
      let result = try Program.run(
        ["data", "mine.csv"], environment: ["LC_ALL": locale], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n")
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= 80 })
      #expect(lines.first == "mine.csv: 60 rows, 3 columns")
      #expect(lines.contains { $0.hasPrefix("width") && $0.contains("numbers, 7 different") })
      #expect(lines.contains { $0.hasPrefix("  red") && $0.contains("50.0 %") })
      #expect(result.output.contains("What a run makes of it"))
      #expect(result.output.contains(locale == "C" ? "####" : "████"))
      if locale == "C" { #expect(result.output.utf8.allSatisfy { $0 < 0x80 }) }
    }
  }

  @Test func `--set says how a table is read, and what is predicted, before it is read`() throws {
    try Program.inFolder(["mine.csv": Self.table]) { folder in
      let result = try Program.run(
        ["show", "mine.csv", "--set", "data.target=colour", "--set", "data.ignore=[kind]"],
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("{name: out, units: 2, bias: true}"))
      #expect(result.output.contains("# column kind: ignored"))
    }
  }

  @Test func `the data of an experiment that ships are described too`() throws {
    let result = try Program.run(["data", "digits"])
    #expect(result.status == 0 && result.output.contains("400 examples to train on"))
    #expect(try Program.run(["data", "penguins"]).status == 64)
    let table = try Program.run(["data", "cancer"])
    #expect(table.status == 0 && table.output.contains("569 rows"))
  }

  @Test func `the version names oneDNN, the processor and where the program is from`() throws {
    let lines = try Program.run(["--version"]).output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "0.1.0")
    #expect(lines[1].wholeMatch(of: /oneDNN \d+\.\d+\.\d+ on .+/) != nil)
    #expect(lines[2] == "built from source" || lines[2].hasPrefix("built from commit "))
  }

  @Test func `the doctor finds the program's files, and looks at the terminal it is in`() throws {
    let result = try Program.run(["doctor"])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("ok     files"))
    // A path is not broken.
    let wide = result.output.split(separator: "\n").filter { $0.count > 80 && !$0.contains("/") }
    #expect(wide.isEmpty)
    let terminal = try Program.open(["doctor"], columns: 100, rows: 60)
    #expect(terminal.waitForEnd() == .exited(0))
    let lines = terminal.screen.lines
    #expect(lines.contains { $0.hasPrefix("ok     size      100 x 60") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("ok     text      UTF-8") })
    #expect(lines.contains { $0.contains("replies") })
  }

  @Test func `the doctor says what is wrong, and the cure`() throws {
    try Program.inFolder(["config/maxnorm/config.yaml": "thme: dark\n"]) { folder in
      let result = try Program.run(
        ["doctor"],
        environment: ["XDG_CONFIG_HOME": folder.appendingPathComponent("config").path])
      #expect(result.status == 1)
      #expect(result.output.contains("wrong  settings"))
      #expect(result.output.contains("-> mend the file"))
    }
  }

  @Test func `every command has two examples, and its help is at most 80 columns wide`() throws {
    for command in MaxNorm.configuration.subcommands {
      let name = try #require(command.configuration.commandName)
      let help = try Program.run([name, "--help"]).output
      let lines = help.split(separator: "\n")
      let start = try #require(lines.firstIndex(of: "Examples:"), "\(name)")
      #expect(lines[(start + 1)...].prefix(2).allSatisfy { $0.hasPrefix("  ") && $0.contains(" ") })
      let wide = lines.filter { $0.count > 80 }
      #expect(wide.isEmpty, "\(name): \(wide)")
    }
  }
}
