// The figures of a run by name: the last, the extremes, and a small curve of each; bounded.
import RunHistory
import RunRecords

/// What a run has measured, as a list of many runs shows it.
package struct RunFigures: Sendable {
  /// In the order in which they turned up.
  package private(set) var figures: [Figure] = []
  /// Optimizer steps so far.
  package internal(set) var step = 0
  /// Counts from 1; nil if the log does not say.
  package internal(set) var epoch: Int?
  /// Seconds of training; nil if the log does not say.
  package internal(set) var elapsed: Double?

  package struct Figure: Sendable {
    package let name: String
    package internal(set) var last: Float
    package internal(set) var lastStep: Int
    /// The extremes of the finite values, where they were first reached.
    package internal(set) var lowest: Place?
    package internal(set) var highest: Place?
    package internal(set) var curve = History<Reading>(
      recentCapacity: 1, wholeCapacity: RunFigures.curvePoints)
  }

  package struct Place: Sendable, Equatable {
    package var value: Float
    package var step: Int
  }

  /// What a curve in a list has columns for.
  static let curvePoints = 48
  /// More figures than that have no place in a list.
  static let mostFigures = 256

  package init() {}

  package subscript(name: String) -> Figure? { figures.first { $0.name == name } }

  /// The place of a figure among `figures`; nil if there are too many.
  mutating func place(of name: String) -> Int? {
    if let place = figures.firstIndex(where: { $0.name == name }) { return place }
    guard figures.count < Self.mostFigures else { return nil }
    figures.append(Figure(name: name, last: .nan, lastStep: 0))
    return figures.count - 1
  }

  mutating func add(_ value: Float, at step: Int, place: Int) {
    figures[place].add(value, at: step)
  }

  mutating func add(_ figure: Figure) { figures.append(figure) }

  mutating func add(_ name: String, _ value: Float?, at step: Int) {
    guard let value, let place = place(of: name) else { return }
    add(value, at: step, place: place)
  }

  /// Takes in a record of a log that was read as records.
  mutating func apply(_ record: Record) {
    switch record {
    case .step(let record):
      reach(record.step, record.epoch, record.elapsed)
      add("loss", record.loss, at: record.step)
      add("learning_rate", record.learningRate, at: record.step)
      add("gradient_norm", record.gradientNorm, at: record.step)
      for metric in record.metrics { add(metric.name, metric.value, at: record.step) }
    case .evaluation(let record):
      reach(record.step, record.epoch, nil)
      add("train_loss", record.trainLoss, at: record.step)
      add("train_accuracy", record.trainAccuracy, at: record.step)
      add("validation_loss", record.validationLoss, at: record.step)
      add("validation_accuracy", record.validationAccuracy, at: record.step)
      for metric in record.metrics { add(metric.name, metric.value, at: record.step) }
    case .end(let record): reach(record.step, nil, record.elapsed)
    case .header, .norms, .sample, .event, .refused, .twin, .rank: break
    }
  }

  mutating func reach(_ step: Int, _ epoch: Int?, _ elapsed: Double?) {
    self.step = step
    if let epoch { self.epoch = epoch }
    if let elapsed, elapsed.isFinite { self.elapsed = elapsed }
  }
}

extension RunFigures.Figure {
  fileprivate mutating func add(_ value: Float, at step: Int) {
    (last, lastStep) = (value, step)
    curve.append(value, at: step)
    guard value.isFinite else { return }
    if lowest.map({ value < $0.value }) ?? true { lowest = .init(value: value, step: step) }
    if highest.map({ value > $0.value }) ?? true { highest = .init(value: value, step: step) }
  }

  /// The best value, by which way it improves.
  package func best(_ goal: Goal) -> RunFigures.Place? {
    switch goal {
    case .maximize: highest
    case .minimize: lowest
    }
  }
}

extension Goal {
  /// Which way a figure of this name improves: shares and scores upward, all else downward.
  package init(ofFigure name: String) {
    let last = name.split { "_/. ".contains($0) }.last.map(String.init) ?? name
    let upward: Set = [
      "score", "reward", "return", "psnr", "ssim", "bleu", "r2", "map", "acc", "top1",
    ]
    self = MetricName.isShare(name) || upward.contains(last.lowercased()) ? .maximize : .minimize
  }
}
