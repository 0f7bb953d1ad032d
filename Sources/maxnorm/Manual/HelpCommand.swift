// `maxnorm help`: the manual in the terminal, and what each command takes.
import ArgumentParser
import Basics
import Experiments
import Foundation
import Terminal
import TerminalUI
import Training

/// Replaces the parser's own help, which knows nothing of articles.
///
/// It is not a subcommand: completions and the man page have the parser's already, and would have
/// it twice.
struct HelpCommand: ParsableCommand {
  static let name = "help"
  static let configuration = CommandConfiguration(
    commandName: name, _superCommandName: "maxnorm",
    abstract: "Shows an article of the manual, or the options of a command.")

  @Argument(help: "An article or a command; all of them are listed without it.")
  var topic: String?

  private var isUnicode: Bool { TerminalLocale.selectsUnicode() }

  func run() throws {
    let commands = MaxNorm.configuration.subcommands
    if let command = commands.first(where: { $0.configuration.commandName == topic }) {
      throw CleanExit.helpRequest(command)
    }
    let manual = try Manual()
    guard let topic else { return try show { width, _ in Self.contents(of: manual, width: width) } }
    guard let article = manual.articles.first(where: { $0.name == topic }) else {
      throw Self.unknown(topic, manual)
    }
    let document = try manual.document(article, isUnicode: isUnicode)
    try show { width, marking in
      document.lines(width: width, marking: marking) { "`maxnorm help \($0)`" }
    }
  }

  /// Commands and articles, a line for each.
  private static func contents(of manual: Manual, width: Int) -> [StyledText] {
    let commands = MaxNorm.configuration.subcommands.map { command in
      Manual.Article(
        name: command.configuration.commandName ?? "", title: "",
        abstract: command.configuration.abstract)
    }
    let sections = [Manual.Section(title: "Commands", articles: commands)] + manual.sections
    let names = sections.flatMap(\.articles).map(\.name.count)
    let column = (names.max() ?? 0) + 4
    var lines = [StyledText("USAGE: maxnorm help [COMMAND or ARTICLE]")]
    for section in sections {
      lines += [StyledText(), StyledText(section.title, .bold)]
      for article in section.articles {
        let wrapped = StyledText(article.abstract).wrapped(to: max(20, width - column))
        for (index, line) in wrapped.enumerated() {
          lines.append(line.indented(to: column, behind: index == 0 ? "  \(article.name)" : ""))
        }
      }
    }
    return lines
  }

  /// The error for an unknown topic, with those that are like it or mention it.
  private static func unknown(_ topic: String, _ manual: Manual) -> ProgramError {
    let commands = MaxNorm.configuration.subcommands.compactMap { $0.configuration.commandName }
    let articles = manual.articles
    let near = [nearest(topic, among: commands), nearest(topic, among: articles.map(\.name))]
      .compactMap { $0 }
    func speaking(_ text: (Manual.Article) -> String) -> [String] {
      articles.filter { text($0).localizedStandardContains(topic) }.map(\.name)
    }
    var names = near.isEmpty ? speaking(\.title) : near
    if near.isEmpty { names += speaking(\.abstract).filter { !names.contains($0) } }
    let hint =
      names.isEmpty
      ? "'maxnorm help' lists them" : "did you mean \(names.prefix(3).joined(separator: " or "))?"
    return ProgramError(
      "help: '\(topic)': expected a command or an article of the manual, found neither: \(hint)",
      status: ProgramError.Status.usage)
  }

  /// Prints lines: wrapped and marked for a terminal, in ASCII where it has nothing else.
  private func show(
    _ lines: (_ width: Int, _ marking: MarkdownDocument.Marking) -> [StyledText]
  ) throws {
    let isMarked =
      isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    let shown = lines(TerminalWindow.columns ?? 80, isMarked ? .attributes : .plain)
    let isUnicode = isUnicode
    try writeToStandardOutput(
      shown.map { line in
        let line = isUnicode ? line : line.ascii
        return (isMarked ? line.ansi : line.text) + "\n"
      }.joined())
  }
}
