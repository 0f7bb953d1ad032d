// Figures of a classification where classes are not equally frequent: recalls, and what always
// answering one class would come to.
import Foundation

extension TaskReport {
  /// With more classes their recalls stand in the confusions alone.
  private static let mostRecalls = 20

  /// From a row of counts for each true class: the recall of every class, their mean (balanced accuracy
  /// as scikit-learn has it), and the share of the largest class, which needs no training.
  ///
  /// Classes that the part does not hold have no recall, and stand in no mean.
  mutating func addRecalls(_ counts: [[Int]], _ names: [String]) {
    let totals = counts.map { $0.reduce(0, +) }
    let all = totals.reduce(0, +)
    let present = totals.indices.filter { totals[$0] > 0 }
    guard all > 0, let largest = totals.max() else { return }
    let recalls = present.map { Double(counts[$0][$0]) / Double(totals[$0]) }
    // In the order of their names, as readers of a log have them.
    add("largest_class_accuracy", Double(largest) / Double(all))
    add("validation_balanced_accuracy", recalls.reduce(0, +) / Double(recalls.count))
    if counts.count <= Self.mostRecalls {
      let words = Self.words(names)
      let named = zip(present, recalls).map { ("validation_recall_\(words[$0])", $1) }
      for (name, recall) in named.sorted(by: { $0.0 < $1.0 }) { add(name, recall) }
    }
  }

  /// The names of classes as parts of metrics' names: letters, digits and `_`, each once.
  private static func words(_ names: [String]) -> [String] {
    var words: [String] = []
    for name in names {
      let letters = name.precomposedStringWithCanonicalMapping.unicodeScalars.prefix(64).map {
        $0.properties.isAlphabetic || $0.properties.numericType != nil ? Character($0) : "_"
      }
      var word = letters.isEmpty ? "_" : String(letters)
      let own = word
      var number = 2
      while words.contains(word) {
        word = "\(own)_\(number)"
        number += 1
      }
      words.append(word)
    }
    return words
  }
}
