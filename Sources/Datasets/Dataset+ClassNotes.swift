// What should be known of classes before a run: those that a part has none of, or that have one example.
import Basics

extension Dataset {
  /// Notes on classes that cannot be learnt or cannot be measured; empty if an example has several
  /// classes or none.
  package var classNotes: [String] {
    guard case .classes(let trained, let classes, 1) = train.targets,
      case .classes(let measured, _, 1) = validation.targets, train != validation
    else { return [] }
    func counts(_ labels: [Int32]) -> [Int] {
      var counts = [Int](repeating: 0, count: classes)
      for label in labels { counts[Int(label)] += 1 }
      return counts
    }
    let (train, validation) = (counts(trained), counts(measured))
    var tested: [Int]?
    if case .classes(let labels, _, 1)? = test?.examples.targets { tested = counts(labels) }
    var notes: [String] = []
    func add(_ text: String, _ isConcerned: (Int) -> Bool) {
      let names = (0..<classes).filter(isConcerned).map {
        classNames.indices.contains($0) ? "'\(classNames[$0])'" : "\($0)"
      }
      guard !names.isEmpty else { return }
      let most = 5
      let rest = names.count > most ? " and \(names.count - most) more" : ""
      notes.append(
        "\(text) \(names.count == 1 ? "class" : "the classes") "
          + names.prefix(most).joined(separator: ", ") + rest)
    }
    add("the data have no example of") {
      train[$0] + validation[$0] + (tested?[$0] ?? 0) == 0
    }
    add("the training part has no example of") {
      train[$0] == 0 && validation[$0] + (tested?[$0] ?? 0) > 0
    }
    add("the validation part has no example of") { validation[$0] == 0 && train[$0] > 1 }
    if let tested { add("the test part has no example of") { tested[$0] == 0 && train[$0] > 1 } }
    add("there is only one example, which is trained on, of") {
      train[$0] == 1 && validation[$0] == 0
    }
    return notes
  }
}
