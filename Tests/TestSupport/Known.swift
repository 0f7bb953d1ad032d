// Figures of records that this program always writes, in tests that compare with them.

extension Optional where Wrapped == Float {
  /// The figure; a missing one is NaN, which no comparison holds for.
  package var known: Float { self ?? .nan }
}

extension Optional where Wrapped == Double {
  /// The figure; a missing one is NaN, which no comparison holds for.
  package var known: Double { self ?? .nan }
}

extension Optional where Wrapped == Int {
  /// The count; a missing one is a number that nothing counts to.
  package var known: Int { self ?? .min / 4 }
}
