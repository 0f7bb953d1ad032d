// Data sets that are drawn from a seed: random rows, a noisy table, temperatures.
import Basics

extension Dataset {
  /// Inputs and targets that have nothing to do with each other, all normal with variance 1.
  package static func randomRows(
    inputs: Int, outputs: Int, train: Int, validation: Int, test: Int = 0, seed: UInt64
  ) -> Dataset {
    func part(_ count: Int, _ stream: UInt64) -> Examples {
      var random = RandomSource(seed: seed, stream: stream)
      return Examples(
        inputs: (0..<count * inputs).map { _ in Float(random.normal()) },
        targets: .values((0..<count * outputs).map { _ in Float(random.normal()) }, size: outputs),
        count: count)
    }
    var data = Dataset.regression(
      train: part(train, Stream.trainRows), validation: part(validation, Stream.validationRows),
      inputShape: [inputs])
    // Further rows of the validation part would change its targets, which are drawn behind its inputs.
    if test > 0 {
      data.setParts(
        train: data.train, validation: data.validation, test: part(test, Stream.testRows))
    }
    return data
  }

  /// A table with few informative columns and flipped labels: easy to learn by heart.
  ///
  /// Inputs x are normal. The label says whether the logit 2 w·x is above 0, where w is normal in the
  /// first `informative` columns and 0 in the others; then a share `flips` of the labels is flipped,
  /// in both parts.
  package static func noisyTable(
    features: Int, informative: Int, flips: Double, train: Int, validation: Int, seed: UInt64
  ) -> Dataset {
    var truth = RandomSource(seed: seed, stream: Stream.truth)
    let weights = (0..<informative).map { _ in truth.normal() }
    func part(_ count: Int, _ stream: UInt64) -> Examples {
      var random = RandomSource(seed: seed, stream: stream)
      var inputs: [Float] = []
      var labels: [Int32] = []
      for _ in 0..<count {
        let row = (0..<features).map { _ in random.normal() }
        let logit = 2 * zip(weights, row).reduce(0) { $0 + $1.0 * $1.1 }
        let flipped = random.uniform() < flips
        labels.append((logit > 0) != flipped ? 1 : 0)
        inputs += row.map(Float.init)
      }
      return Examples(inputs: inputs, targets: .classes(labels, classes: 2), count: count)
    }
    return Dataset(
      train: part(train, Stream.trainRows), validation: part(validation, Stream.validationRows),
      inputShape: [features], classNames: ["0", "1"], task: .classification)
  }

  /// Whole temperatures from 20 to 35 °C: cold up to 30, hot from 31.
  package static func temperatures() -> Dataset {
    let degrees = (20...35).map(Float.init)
    let part = Examples(
      inputs: degrees, targets: .classes(degrees.map { $0 > 30 ? 1 : 0 }, classes: 2),
      count: degrees.count)
    let shown: [Float] = [20, 30, 31, 35]
    return Dataset(
      train: part, validation: part, inputShape: [1], classNames: ["cold", "hot"],
      task: .classification,
      probe: Probe(
        title: "hot or cold", inputName: "°C", shown: shown, inputs: shown,
        decisions: ["cold", "hot"]))
  }
}
