// A word explained, for those who learn: in a line, and in full.

/// A word that figures and panels use.
package struct Explanation: Sendable, Equatable {
  /// As it stands on the screen.
  package let term: String
  /// For the lower edge of a panel, the longest first; empty if no panel is about it.
  package let brief: [String]
  /// A few sentences.
  package let full: String

  package init(term: String, brief: [String] = [], full: String) {
    self.term = term
    self.brief = brief
    self.full = full
  }
}
