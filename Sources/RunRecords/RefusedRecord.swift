// The refused record: a command of the file beside the log that was not carried out, and why.

/// Answers a command in the place of an event.
package struct RefusedRecord: Sendable, Equatable {
  /// The command's; nil if it had none that could be read.
  package var id: String?
  package var reason: String
  /// The run is already as the command wants it.
  package var isUnchanged: Bool

  package init(_ reason: String, id: String? = nil, isUnchanged: Bool = false) {
    self.id = id
    self.reason = reason
    self.isUnchanged = isUnchanged
  }
}

extension RefusedRecord: RecordFields {
  static var blank: RefusedRecord { RefusedRecord("") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.field("id", &id, .ifAny)
    fields.required("reason", &reason)
    fields.mark("unchanged", &isUnchanged)
  }
}
