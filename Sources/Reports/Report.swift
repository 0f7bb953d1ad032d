// A report before it has a form: sections of words, tables and figures.
import Comparisons

/// What a report says; `markdown`, `html` and `svg` are its forms.
package struct Report: Sendable {
  package var title: String
  /// A line below the title.
  package var subtitle: String
  package var sections: [Section]

  package struct Section: Sendable {
    /// Empty at the top.
    package var heading: String
    package var items: [Item]

    init(_ heading: String, _ items: [Item]) {
      self.heading = heading
      self.items = items
    }
  }

  package enum Item: Sendable {
    case paragraph(String)
    case list([String])
    /// Names with what they stand for.
    case facts([Fact])
    case table(TextTable)
    /// Text in which spaces and line breaks count, under a name.
    case text(name: String, text: String)
    case figure(Figure)
    /// Text that is shown when it is asked for.
    case details(summary: String, text: String)
  }

  package struct Fact: Sendable, Equatable {
    package var name: String
    package var value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// All figures, in order.
  var figures: [Figure] {
    sections.flatMap(\.items).compactMap { item in
      if case .figure(let figure) = item { figure } else { nil }
    }
  }
}
