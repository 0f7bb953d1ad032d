// What another rank of a distributed run tells beside the first one's records.

/// A record with `"run":"rank1"`: of its own part of the layers, or a copy of what all ranks compute.
package struct RankRecord: Sendable, Equatable {
  /// As the record names it: `rank1`.
  package var name: String
  package var content: Content

  package enum Content: Sendable, Equatable {
    case header(RunHeader)
    case step(StepRecord)
    case norms(NormsRecord)
    case evaluation(EvaluationRecord)
    case end(EndRecord)
  }

  package init(_ name: String, _ content: Content) {
    self.name = name
    self.content = content
  }

  /// The number of optimizer steps completed; 0 for a header.
  package var step: Int {
    switch content {
    case .header: 0
    case .step(let record): record.step
    case .norms(let record): record.step
    case .evaluation(let record): record.step
    case .end(let record): record.step
    }
  }

  /// Whether a run beside the main one is a rank by its name: `rank` and a number.
  static func isRank(_ name: String) -> Bool {
    name.hasPrefix("rank") && name.utf8.count > 4 && name.utf8.count <= 16
      && name.dropFirst(4).allSatisfy { $0.isASCII && $0.isNumber }
  }
}
