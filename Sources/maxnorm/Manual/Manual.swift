// The manual: the articles of the DocC catalog that lie beside the program.
import Basics
import Foundation
import Resources
import TerminalUI

/// The articles, as the catalog's own page arranges them.
struct Manual {
  /// What can be read by its name.
  struct Article: Equatable {
    /// The file's name without its ending; what `maxnorm help` takes.
    var name: String
    var title: String
    /// What it is about, in a line.
    var abstract: String
  }

  struct Section: Equatable {
    var title: String
    var articles: [Article]
  }

  /// In the order of the catalog's page.
  let sections: [Section]
  private let folder: URL

  /// The page of the catalog that arranges the others.
  static let root = "Documentation"

  /// Reads the manual that lies beside the program.
  ///
  /// - Throws: `ProgramError` if an article cannot be read.
  init() throws { try self.init(in: ShippedFiles.url(of: .manual)) }

  /// - Throws: `ProgramError` if an article cannot be read.
  init(in folder: URL) throws(ProgramError) {
    self.folder = folder
    var sections: [Section] = []
    for block in MarkdownDocument(try Self.text(Self.root, in: folder)).blocks {
      switch block {
      case .heading(3, let title): sections.append(Section(title: title, articles: []))
      case .item(_, let text) where !sections.isEmpty:
        for name in MarkdownDocument.links(in: text) {
          let article = MarkdownDocument(try Self.text(name, in: folder))
          sections[sections.count - 1].articles.append(
            Article(name: name, title: article.title ?? name, abstract: article.abstract ?? ""))
        }
      default: break
      }
    }
    self.sections = sections
  }

  var articles: [Article] { sections.flatMap(\.articles) }

  /// An article's text; without Unicode formulas are spelt as a program would have them.
  func document(_ article: Article, isUnicode: Bool = true) throws(ProgramError) -> MarkdownDocument
  {
    let text = try Self.text(article.name, in: folder)
    return MarkdownDocument(isUnicode ? text : text.map { Self.signs[$0] ?? String($0) }.joined())
  }

  /// A likeness would change what a formula means: `·` becomes a dash elsewhere.
  private static let signs: [Character: String] = [
    "·": "*", "←": "<-", "‖": "||", "₂": "2", "λ": "lambda", "Σ": "sum ", "⌊": "floor(", "⌋": ")",
    "±": "+-", "…": "...",
  ]

  private static func text(_ name: String, in folder: URL) throws(ProgramError) -> String {
    let path = folder.appendingPathComponent("\(name).md").path
    do {
      return String(decoding: try fileContents(path, within: .settings), as: UTF8.self)
    } catch {
      throw ProgramError(
        "help: \(path): expected an article of the manual: \(error.reason): copy the folder along "
          + "with the program", status: ProgramError.Status.notFound)
    }
  }
}
