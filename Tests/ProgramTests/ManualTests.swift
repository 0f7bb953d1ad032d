// The manual: that it is whole, that it leads where it says, and that what it quotes is true.
import ArgumentParser
import Foundation
import TerminalUI
import TestSupport
import Testing

@testable import maxnorm

@Suite struct ManualTests {
  private static let articles = (try? Documentation.articles()) ?? []
  private static let texts = articles + [try? Documentation.readme()].compactMap { $0 }
  private static let commands = MaxNorm.configuration.subcommands.compactMap {
    $0.configuration.commandName
  }

  private func manual() throws -> Manual {
    try Manual(
      in: Documentation.root.appendingPathComponent("Sources/maxnorm/Documentation.docc"))
  }

  @Test func `every article is in the manual once, under a name that is not a command`() throws {
    let names = try manual().articles.map(\.name)
    #expect(
      Set(names + [Manual.root]) == Set(Self.articles.map(\.name))
        && names.count == Self.articles.count - 1)
    #expect(names.count > 20)
    #expect(Set(names).isDisjoint(with: Self.commands + [HelpCommand.name]))
  }

  @Test func `every article has a title, and says in a line what it is about`() throws {
    for article in try manual().articles {
      #expect(!article.title.isEmpty && article.title != article.name)
      #expect(10...56 ~= article.abstract.count, "\(article.name): \(article.abstract)")
      // It stands in lists as it is.
      #expect(!article.abstract.contains(#/[`*<]/#))
    }
  }

  @Test(arguments: texts)
  func `every link leads to an article or a file`(text: Documentation.Article) throws {
    let names = Self.articles.map(\.name)
    let links = MarkdownDocument.links(in: text.text)
    #expect(links.allSatisfy(names.contains), "\(links.filter { !names.contains($0) })")
    for match in text.text.matches(of: #/\]\(([^)#:]+)\)/#) {
      let path = Documentation.root.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
    }
    let anchors = text.text.matches(of: #/\]\(#([a-z-]+)\)/#).map { String($0.1) }
    let headings = text.text.split(separator: "\n").filter { $0.hasPrefix("## ") }.map {
      $0.dropFirst(3).lowercased().replacing(" ", with: "-")
    }
    #expect(anchors.allSatisfy(headings.contains))
  }

  @Test(arguments: texts)
  func `every file that is named is there`(text: Documentation.Article) throws {
    for match in text.text.matches(of: #/`((?:Sources|Tests|themes|\.ci)\b[^` ]*|Package\.swift)`/#)
    {
      let path = Documentation.root.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(text.name): \(match.1)")
    }
  }

  @Test func `each article on adding something names the files for it`() {
    for article in Self.articles where article.name.hasPrefix("adding-") {
      #expect(article.text.contains("- `Sources/") || article.text.contains("- `themes`"))
    }
  }

  @Test(arguments: texts)
  func `every command line parses`(text: Documentation.Article) throws {
    for line in CommandLines(text.codeBlocks).all {
      do {
        if line.first == HelpCommand.name {
          _ = try HelpCommand.parseAsRoot(Array(line.dropFirst()))
        } else {
          _ = try MaxNorm.parseAsRoot(CommandWords.prepared(line))
        }
      } catch {
        // A completion script, help or the version.
        #expect(MaxNorm.exitCode(for: error).isSuccess, "\(line): \(MaxNorm.message(for: error))")
      }
    }
  }

  @Test func `the manual quotes command lines`() {
    let lines = CommandLines(Self.articles.flatMap(\.codeBlocks)).all
    #expect(lines.count > 25)
    // A continued line, a comment, a pipe and quotes.
    #expect(
      CommandLines(["a | maxnorm run x \\\n  --set 'k=1 2' # why\nmaxnorm list > f"]).all
        == [["run", "x", "--set", "k=1 2"], ["list"]])
  }

  @Test(arguments: texts)
  func `help on something is there`(text: Documentation.Article) throws {
    let known = try Self.commands + manual().articles.map(\.name)
    for match in text.text.matches(of: #/maxnorm help ([a-z-]+)/#) {
      #expect(known.contains(String(match.1)), "\(match.1)")
    }
  }

  @Test func `the README is a page`() throws {
    let lines = try Documentation.readme().text.split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 200)
  }

  @Test func `the configuration file of the manual is one`() throws {
    let block = try #require(try Documentation.article("configuration").codeBlocks.first)
    let configuration = try Configuration(yaml: block, path: "/home/me/config.yaml")
    #expect(configuration.theme == "maxnorm-dark" && configuration.threads == 1)
  }

  // MARK: In the terminal

  @Test func `help lists every command and article with what it is about`() throws {
    let result = try Program.run(["help"])
    #expect(result.status == 0, "\(result.errors)")
    for name in try Self.commands + manual().articles.map(\.name) {
      #expect(result.output.contains("\n  \(name) "), "\(name)")
    }
    // One line each: no help continues on a second line.
    let lines = result.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 && !$0.hasPrefix("    ") })
  }

  @Test func `every article is shown as plain text of 80 columns without a terminal`() throws {
    for article in try manual().articles {
      let result = try Program.run(["help", article.name])
      #expect(result.status == 0 && result.errors.isEmpty, "\(article.name): \(result.errors)")
      #expect(result.output.hasPrefix("\(article.title)\n="))
      let wide = result.output.split(separator: "\n").filter { DisplayWidth.of($0) > 80 }
      #expect(wide.isEmpty, "\(article.name): \(wide.first ?? "")")
      #expect(!result.output.contains("\u{1B}") && !result.output.contains("<doc:"))
      #expect(!result.output.contains("**") && !result.output.contains("|---"))
    }
  }

  @Test func `in a terminal it is as wide as that, and headings are bold`() throws {
    let terminal = try Program.open(["help", "weights"], columns: 60, rows: 100)
    #expect(terminal.waitForEnd() == .exited(0))
    let lines = terminal.screen.lines
    #expect(lines[0] == "Exchange weights with PyTorch" && terminal.screen.isPlain)
    // Marks are attributes here; what is wider would have been broken by the terminal.
    #expect(!lines.contains { $0.contains("===") || $0.contains("`") })
    #expect(lines.contains { $0.hasPrefix("--save writes, and --init reads") })
    #expect(!terminal.screen.hasSeenColor && terminal.screen.suspicions == [])
  }

  @Test func `without Unicode formulas keep their meaning`() throws {
    let result = try Program.run(["help", "constraint"], environment: ["LC_ALL": "C"])
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.output.contains("`w <- w * r / ||w||2`"))
    #expect(
      try Program.run(["help", "optimizers"], environment: ["LC_ALL": "C"]).output
        .contains("rate*`factor`^floor(s/`every`)"))
  }

  @Test func `a command's name shows its own help`() throws {
    #expect(try Program.run(["help", "run"]).output == Program.run(["run", "--help"]).output)
    #expect(try Program.run(["help", "--help"]).output.contains("USAGE: maxnorm help"))
  }

  @Test(arguments: [
    ("layrs", "did you mean layers?"), ("runn", "did you mean run?"),
    ("torch", "did you mean weights or pytorch or optimizers"),
    ("xyzzy", "'maxnorm help' lists them"),
  ])
  func `an unknown topic is an error with similar ones`(
    topic: String, hint: String
  ) throws {
    let result = try Program.run(["help", topic])
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(
      result.errors.hasPrefix("maxnorm: help: '\(topic)': expected a command or an article")
        && result.errors.contains(hint), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func `completions and the man page are made of every command, help once`() throws {
    let bash = try Program.run(["--generate-completion-script", "bash"]).output
    let dump = try Program.run(["--experimental-dump-help"]).output
    for name in Self.commands + [HelpCommand.name] {
      #expect(bash.components(separatedBy: "\n_maxnorm_\(name)() {").count == 2, "\(name)")
      #expect(dump.components(separatedBy: "\"commandName\" : \"\(name)\"").count == 2, "\(name)")
    }
    for shell in ["zsh", "fish"] {
      let script = try Program.run(["--generate-completion-script", shell])
      #expect(script.status == 0 && script.output.contains("checkpoint-every"))
    }
  }
}

/// The command lines of this program in blocks of code, as the shell would hand them over.
private struct CommandLines {
  private(set) var all: [[String]] = []

  init(_ blocks: [String]) {
    let lines = blocks.joined(separator: "\n").replacing("\\\n", with: " ").split(separator: "\n")
    // What is indented is the picture of a screen.
    for line in lines where !line.hasPrefix(" ") {
      for command in Self.commands(of: line) where command.first == "maxnorm" {
        all.append(Array(command.dropFirst()))
      }
    }
  }

  /// The words of each command of a pipe: quotes taken off, comments and redirections left out.
  private static func commands(of line: Substring) -> [[String]] {
    var commands: [[String]] = [[]]
    var word: String?
    var quote: Character?
    func finish(_ word: inout String?) {
      if let word { commands[commands.count - 1].append(word) }
      word = nil
    }
    scanning: for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
        continue
      }
      switch character {
      case "'", "\"":
        quote = character
        word = word ?? ""
      case " ": finish(&word)
      case "#" where word == nil, ">": break scanning
      case "|":
        finish(&word)
        commands.append([])
      default: word = (word ?? "") + String(character)
      }
    }
    finish(&word)
    return commands
  }
}
