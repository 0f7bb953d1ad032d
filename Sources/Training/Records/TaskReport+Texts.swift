// What language and translation have to show: text the network wrote, and its own translations.
import Basics
import Datasets
import Foundation
import NeuralNetwork
import RunRecords

extension TaskReport {
  /// Perplexity, and text that continues the first words of the validation part.
  mutating func addText<Failure: Error>(
    _ alphabet: Alphabet, _ setup: RunSetup, loss: Double, seed: UInt64, step: Int,
    check: () throws(Failure) -> Void
  ) throws(Failure) {
    add("validation_perplexity", exp(loss))
    let prompt = setup.dataset.validation.inputs.prefix(20).map { Int32($0) }
    // Not every network on a text can write: one that answers once a window cannot.
    guard !prompt.isEmpty, let writer = try? setup.learner.writer() else { return }
    // Streams below 2⁴⁰ belong to data, network and batch orders.
    var source = RandomSource(seed: seed, stream: 1 << 40 + UInt64(step))
    let written = try writer.write(
      after: prompt, count: 400, temperature: 0.7, with: setup.learner, from: &source,
      check: check)
    show("generated", .text(alphabet.decode(prompt + written)))
  }

  /// The share of targets that the network writes without a mistake, and of characters that are right,
  /// when it reads its own answers; and some of them.
  mutating func addTranslations<Failure: Error>(
    _ translation: Translation, _ setup: RunSetup, check: () throws(Failure) -> Void
  ) throws(Failure) {
    let count = min(setup.validation.count, 1000)
    guard count > 0, case .classes(let labels, _, let length) = setup.validation.targets else {
      return
    }
    let answers = try setup.learner.decode(setup.validation, first: count, check: check)
    var (exact, right) = (0, 0)
    for row in 0..<count {
      let places = row * length..<(row + 1) * length
      let hits = zip(answers[places], labels[places]).count { $0 == $1 }
      right += hits
      if hits == length { exact += 1 }
    }
    add("validation_exact_match", Double(exact) / Double(count))
    add("validation_character_accuracy", Double(right) / Double(count * length))
    let size = setup.validation.inputSize
    let rows: [[JSONValue]] = (0..<min(count, 12)).map { row in
      let source = setup.validation.inputs[row * size..<(row + 1) * size]
      let places = row * length..<(row + 1) * length
      let answer = translation.targetText(answers[places])
      let truth = translation.targetText(labels[places])
      return [
        .text(translation.sourceText(row: source)), .text(answer),
        .text(answer == truth ? "✓" : truth),
      ]
    }
    show("translations", .table(columns: ["source", "answer", "truth"], rows: rows))
  }
}
