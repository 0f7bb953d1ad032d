// Looks at the terminal, the machine, the program's files and its surroundings.
import Basics
import Datasets
import Foundation
import Kernels
import Resources
import RunRecords
import Terminal
import Training

/// All that `maxnorm doctor` looks at.
struct Examination {
  private let environment = ProcessInfo.processInfo.environment

  var findings: [Finding] {
    [program] + terminal + [processor, threads] + files + dataFolders + python + [ssh]
  }

  private var program: Finding {
    let text = "\(programVersion), \(VersionText.origin), \(buildConfiguration)"
    return buildConfiguration == "release"
      ? .right("program", text)
      : .note(
        "program", "\(text): tens of times slower",
        cure: "build it with 'swift build -c release --product maxnorm'")
  }

  // MARK: The terminal

  private var terminal: [Finding] {
    guard let terminal = TerminalExamination() else {
      return [
        .note(
          "terminal", "standard output is none: runs go headless, as JSON lines",
          cure: "start 'maxnorm doctor' in the terminal itself to have it looked at")
      ]
    }
    let name = terminal.name ?? ""
    guard terminal.isKnown else {
      return [
        .wrong(
          "terminal", name.isEmpty ? "TERM is unset" : "terminfo does not know '\(name)'",
          cure: "export TERM=xterm-256color, or install ncurses-term")
      ]
    }
    return [
      colors(terminal, name), characters(terminal), mouse(terminal), size(terminal),
      replies(terminal),
    ]
  }

  private func colors(_ terminal: TerminalExamination, _ name: String) -> Finding {
    if terminal.isColorless {
      return .note(
        "colours", "\(name), none, for NO_COLOR is set", cure: "unset NO_COLOR to have them")
    }
    if terminal.hasTrueColor { return .right("colours", "\(name), 24 bits") }
    return terminal.colors >= 256
      ? .note(
        "colours", "\(name), \(terminal.colors)",
        cure: "export COLORTERM=truecolor if the terminal shows 24-bit colours; most do")
      : .note(
        "colours", "\(name), \(terminal.colors): themes are brought to those",
        cure: "export TERM=xterm-256color if the terminal has more")
  }

  private func characters(_ terminal: TerminalExamination) -> Finding {
    terminal.isUnicode
      ? .right("text", "UTF-8")
      : .note(
        "text", "not UTF-8: curves are drawn with ASCII alone", cure: "export LC_ALL=C.UTF-8")
  }

  private func mouse(_ terminal: TerminalExamination) -> Finding {
    terminal.hasMouse
      ? .right("mouse", "clicks and the wheel are reported; --no-mouse lets you select text")
      : .note(
        "mouse", "terminfo has no reports of it", cure: "every action has a key: ? lists them")
  }

  private func size(_ terminal: TerminalExamination) -> Finding {
    guard let columns = terminal.columns, let rows = terminal.rows else {
      return .wrong(
        "size", "the terminal does not say", cure: "stty columns 120 rows 36, or another terminal")
    }
    let text = "\(columns) x \(rows)"
    return columns >= 80 && rows >= 24
      ? .right("size", text)
      : .note(
        "size", "\(text): some panels are left out", cure: "80 x 24 shows a run, 120 x 36 all")
  }

  private func replies(_ terminal: TerminalExamination) -> Finding {
    guard let seconds = terminal.replySeconds else {
      return .note(
        "replies", "none within a second", cure: "keys may be slow to act; try another terminal")
    }
    let text = String(format: "%.1f ms from a question to the answer", seconds * 1000)
    return seconds < 0.1
      ? .right("replies", text)
      : .note(
        "replies", text,
        cure: "a slow connection: 'maxnorm attach HOST:LOG' draws here and sends only records")
  }

  // MARK: The machine

  private var processor: Finding { .right("oneDNN", "\(oneDNNVersion) on \(processorKind)") }

  private var threads: Finding {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let set = (try? Configuration.load())?.threads
    let text = "\(cores) \(cores == 1 ? "core" : "cores"); a run takes \(set ?? 1)"
    if let set, set > cores {
      return .note("threads", text, cure: "lower threads in config.yaml: more than cores is slower")
    }
    if let limit = environment["OMP_THREAD_LIMIT"].flatMap({ Int($0) }), limit < set ?? 1 {
      return .note("threads", text, cure: "unset OMP_THREAD_LIMIT, which allows \(limit)")
    }
    return .right("threads", "\(text) (--threads, or threads in config.yaml)")
  }

  // MARK: Files

  private var files: [Finding] {
    var findings: [Finding] = []
    let folders: [ShippedFiles.Folder] = [.data, .experiments, .themes, .manual, .python]
    let missing = folders.compactMap { folder -> ProgramError? in
      do throws(ProgramError) {
        _ = try ShippedFiles.url(of: folder)
        return nil
      } catch { return error }
    }
    if let first = missing.first {
      findings.append(.wrong("files", "\(first.place): \(first.problem)", cure: first.hint))
    } else {
      findings.append(
        .right("files", "data, experiments, themes and manual are beside the program"))
    }
    do {
      _ = try Configuration.load()
      let path = UserFolders.configuration?.appendingPathComponent("config.yaml").path ?? ""
      let isThere = FileManager.default.fileExists(atPath: path)
      findings.append(
        .right("settings", isThere ? path : "none of your own ('maxnorm help configuration')"))
    } catch {
      findings.append(.wrong("settings", "\(error)", cure: "mend the file, or move it away"))
    }
    for (subject, folder) in [("state", UserFolders.state), ("cache", UserFolders.cache)] {
      findings.append(Self.writable(subject, folder))
    }
    return findings
  }

  /// Whether a folder, or the nearest one above it that is there, can be written.
  private static func writable(_ subject: String, _ folder: URL?) -> Finding {
    guard let folder else {
      return .note(subject, "no folder: HOME is unset", cure: "export HOME")
    }
    var there = folder
    while !FileManager.default.fileExists(atPath: there.path), there.path != "/" {
      there.deleteLastPathComponent()
    }
    return access(there.path, W_OK) == 0
      ? .right(subject, folder.path)
      : .note(
        subject, "\(there.path) cannot be written", cure: "chown it to you, or set the XDG variable"
      )
  }

  private var dataFolders: [Finding] {
    let configured = (try? Configuration.load())?.data.map {
      URL(fileURLWithPath: $0, isDirectory: true)
    }
    let path = DataSearchPath.standard(first: configured)
    let found = path.filter { FileManager.default.fileExists(atPath: $0.path) }
    let sets = found.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }
    guard !sets.isEmpty else {
      return [
        .note(
          "data", "nothing in \(path.map(\.path).joined(separator: ", "))",
          cure: "only 'cifar' and full MNIST need it: 'maxnorm help data-sources' says where")
      ]
    }
    let shown = sets.prefix(6).joined(separator: ", ") + (sets.count > 6 ? ", ..." : "")
    return [.right("data", "\(shown) in \(found.map(\.path).joined(separator: ", "))")]
  }

  // MARK: Other programs

  private var python: [Finding] {
    let question = """
      import importlib.util as u, sys
      print(sys.version.split()[0])
      for n in ("torch", "keras", "jax", "mlx", "maxnorm"):
          print(n, u.find_spec(n) is not None)
      """
    guard let answer = Self.output(of: "python3", ["-B", "-c", question]) else {
      return [
        .note(
          "Python", "no python3 on PATH: only 'watch' and 'python' need it",
          cure: "install python3 and a framework to train in")
      ]
    }
    let lines = answer.split(separator: "\n").map(String.init)
    let there = lines.dropFirst().filter { $0.hasSuffix(" True") }.map { String($0.dropLast(5)) }
    let frameworks = there.filter { $0 != "maxnorm" }
    let text =
      "\(lines.first ?? "") with "
      + (frameworks.isEmpty ? "no framework" : frameworks.joined(separator: ", "))
    var findings: [Finding] = []
    if frameworks.isEmpty {
      findings.append(
        .note("Python", text, cure: "activate the environment you train in, then look again"))
    } else if there.contains("maxnorm") {
      findings.append(.right("Python", "\(text), and the package maxnorm"))
    } else {
      findings.append(
        .note(
          "Python", "\(text); without the package maxnorm, which 'watch' brings itself",
          cure: "pip install \"$(maxnorm python)\" for scripts that import it"))
    }
    let library = ShippedFiles.sibling(PythonCommand.libraryName)
    findings.append(
      FileManager.default.fileExists(atPath: library.path)
        ? .right("kernels", "for Python on a CPU: \(library.path)")
        : .note(
          "kernels", "none for Python on a CPU: its projection is slower, and as right",
          cure: "swift build -c release --product maxnorm-vectors"))
    return findings
  }

  private var ssh: Finding {
    Self.output(of: "ssh", ["-V"]) != nil
      ? .right("ssh", "'maxnorm attach HOST:LOG' can reach other hosts")
      : .note("ssh", "none on PATH", cure: "install openssh-client to attach to other hosts")
  }

  /// What a program prints; nil if it is not there or fails.
  private static func output(of program: String, _ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, pipe)
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: output, as: UTF8.self) : nil
  }
}
