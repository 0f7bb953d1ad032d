// Early stopping: how long a run waits for a better evaluation, and which weights it ends with.
import Basics
import RunRecords

/// Ends a run whose evaluations no longer get better.
package struct StoppingSettings: Sendable, Equatable {
  /// Evaluations without a better one after which the run ends.
  package var patience: Int
  /// The run ends with the weights of the best evaluation.
  package var restore: Bool

  /// Enough for a curve that goes up and down on its way.
  static let usualPatience = 20

  package init(patience: Int, restore: Bool = true) {
    self.patience = patience
    self.restore = restore
  }

  /// The key `stopping`; nil if it is absent or `none`.
  init?(_ top: FieldReader) throws(ProgramError) {
    guard let document = top["stopping"], !document.isNone else { return nil }
    let fields = try FieldReader(
      document, experiment: top.experiment, path: "stopping", keys: ["patience", "restore"])
    patience = try fields.integer("patience", atLeast: 1)
    restore = try fields.flag("restore", default: true)
  }

  var document: JSONValue {
    .fields([.init("patience", .integer(patience)), .init("restore", .flag(restore))])
  }
}
