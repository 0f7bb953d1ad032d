// The comparison that a run was made for, from its experiment's key `comparison`.

/// What the table of a comparison needs to say of its logs what it said while it ran.
package struct ComparisonMembership: Sendable, Equatable {
  /// All arms in their order; empty in a sweep, whose values are ordered by themselves.
  package var arms: [String]
  /// The arm that the others are measured against; nil in a sweep, which chooses the best.
  package var baseline: String?
  /// Nil: the standard one of the metric.
  package var margin: Margin?

  package init(arms: [String], baseline: String?, margin: Margin?) {
    (self.arms, self.baseline, self.margin) = (arms, baseline, margin)
  }

  /// The keys it is written under.
  package static let keys = ["arms", "baseline", "margin"]

  /// Nil if an experiment is of no comparison.
  package init?(_ document: JSONValue?) {
    guard case .fields? = document else { return nil }
    var names: [String] = []
    if case .list(let list)? = document?["arms"] { names = list.compactMap(\.string) }
    arms = names
    baseline = document?["baseline"]?.string
    margin = Margin(document?["margin"])
  }

  /// As experiments hold it.
  package var document: JSONValue {
    var fields: [JSONValue.Field] = []
    if !arms.isEmpty { fields.append(.init("arms", .list(arms.map { .text($0) }))) }
    if let baseline { fields.append(.init("baseline", .text(baseline))) }
    if let margin { fields.append(.init("margin", margin.document)) }
    return .fields(fields)
  }
}
