// The regularizers that arms of a comparison are made of, and the words for them.

/// What keeps a net from learning its examples by heart.
package enum Regularizer: String, Sendable, CaseIterable {
  /// Weight decay.
  case l2
  case dropout
  case batchNorm = "batchnorm"
  case maxNorm = "max-norm"
  /// Ends a run whose evaluations no longer get better, with the weights of the best.
  case earlyStop = "early-stop"

  /// The arms of a comparison that names none.
  package static let standardArms = [
    "none", "l2", "dropout", "batchnorm", "max-norm", "dropout+max-norm",
  ]

  /// Reads `none`, `l2` or `dropout+max-norm`; nil for other words.
  package static func set(_ words: String) -> Set<Regularizer>? {
    guard words != "none" else { return [] }
    var set: Set<Regularizer> = []
    for word in words.split(separator: "+", omittingEmptySubsequences: false) {
      guard let part = Regularizer(rawValue: String(word)), set.insert(part).inserted else {
        return nil
      }
    }
    return set
  }
}
