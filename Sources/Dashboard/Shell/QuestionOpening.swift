// Which keys answer a question: none that was typed before the question was there.
import TerminalUI

/// The key that opened a question, and when it was read.
struct QuestionOpening: Sendable, Equatable {
  var key: Key
  /// The numbers of the reads that its bytes came with; nil: nobody typed ahead.
  var reads: ClosedRange<Int>?

  /// Whether a key answers the question; keys with their usual meaning are not answers.
  ///
  /// What came in the same read was typed, or pasted, without having seen it. But the key that
  /// asked whether to quit, again, is meant: the question says so.
  func takes(_ other: Key, for action: KeyAction, _ otherReads: ClosedRange<Int>?) -> Bool {
    guard action.answersQuestions, let reads, let otherReads else { return true }
    return otherReads.lowerBound > reads.upperBound || action == .quit && other == key
  }
}

extension KeyAction {
  /// Whether a question takes it for an answer.
  fileprivate var answersQuestions: Bool {
    switch self {
    case .yes, .no, .quit: true
    default: false
    }
  }
}
