// What is wrong with an experiment: which key, what was expected, what stands there.
import Basics
import Foundation

extension ProgramError {
  /// An experiment that cannot be run as it is written: its name or file, the key's path
  /// (`optimizer.learning_rate`; empty for the whole), what was expected and stands there, what to try.
  package init(experiment: String, path: String, problem: String, hint: String) {
    self.init(
      .experiment, .usage, path.isEmpty ? experiment : "\(experiment): \(path)", problem, hint)
  }
}

/// The candidate most similar to a name; nil if none is close.
///
/// One letter in three may be wrong: in a short word every other candidate would be close.
package func nearest(_ name: String, among candidates: [String]) -> String? {
  let limit = name.count / 3
  let scored = candidates.map { (distance: editDistance(name.lowercased(), $0), candidate: $0) }
  guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
    return name.count > 2 ? candidates.first { $0.hasPrefix(name) } : nil
  }
  return best.candidate
}

/// Levenshtein's distance: insertions, deletions and replacements of one character.
private func editDistance(_ first: String, _ second: String) -> Int {
  let second = Array(second)
  var row = Array(0...second.count)
  for (index, character) in first.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for (column, other) in second.enumerated() {
      let replaced = diagonal + (character == other ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
    }
  }
  return row[second.count]
}
