// Figures of a task in words: names that can be read, numbers as people write them, what they compare to.
import PlainText
import RunRecords

extension Wording {
  /// A metric's name without the part of the data it is measured on: "mean IoU".
  package static func figure(_ name: String) -> String {
    let prefix = ["validation_", "train_"].first { name.hasPrefix($0) && name.count > $0.count }
    return MetricName.words(String(name.dropFirst(prefix?.count ?? 0)))
  }

  /// A metric's value: shares in per cent, anything else in three digits.
  package static func value(_ value: Float, of metric: String) -> String {
    MetricName.isShare(metric) ? NumberText.percent(Double(value)) : short(value)
  }
}

/// A figure that the task adds to its evaluations.
package struct TaskFigure: Equatable {
  /// As the record names it: `validation_rmse`.
  package var name: String
  /// Measured on the validation part; nil before the first evaluation.
  package var value: Float?
  /// The same on the training part, where the record has it.
  package var trainValue: Float?
  /// The same figure of what needs no training: "last value" 0.38.
  package var baselines: [Baseline] = []

  package struct Baseline: Equatable {
    package var name: String
    package var value: Float
  }
}

extension RunSegment {
  /// Whether the header's metric is a figure of the task rather than a loss or an accuracy.
  package var hasTaskMetric: Bool {
    !["train_loss", "validation_loss", "train_accuracy", "validation_accuracy"]
      .contains(header.criterion.metric)
  }

  /// Recalls stand in the confusions; where classes are about equally frequent a balanced accuracy says
  /// what the accuracy says.
  private func isShown(_ metric: Metric) -> Bool {
    if MetricName.classOfRecall(metric.name) != nil { return false }
    guard metric.name == "validation_balanced_accuracy" else { return true }
    let metrics = evaluation?.metrics ?? []
    let classes = metrics.count { MetricName.classOfRecall($0.name) != nil }
    guard classes > 0,
      let largest = metrics.first(where: { $0.name == "largest_class_accuracy" })?.value
    else { return true }
    return largest > 1.5 / Float(classes)
  }

  /// The task's figures: the header's metric first, the others by name, live and from a log alike.
  package var taskFigures: [TaskFigure] {
    let metrics = (evaluation?.metrics ?? []).filter(isShown).sorted { $0.name < $1.name }
    let isOnData = { (name: String) in name.hasPrefix("validation_") || name.hasPrefix("train_") }
    var names = metrics.map(\.name).filter { $0.hasPrefix("validation_") }
    if hasTaskMetric {
      names.removeAll { $0 == header.criterion.metric }
      names.insert(header.criterion.metric, at: 0)
    }
    var figures = names.map { name in
      let kind = name.hasPrefix("validation_") ? String(name.dropFirst(11)) : name
      return TaskFigure(
        name: name, value: metrics.first { $0.name == name }?.value,
        trainValue: metrics.first { $0.name == "train_" + kind }?.value,
        baselines: metrics.filter { $0.name.hasSuffix("_" + kind) && !isOnData($0.name) }.map {
          .init(name: MetricName.words(String($0.name.dropLast(kind.count + 1))), value: $0.value)
        })
    }
    // What is neither on a part of the data nor a baseline stands for itself.
    let measured = names + (evaluation?.validationAccuracy == nil ? [] : ["validation_accuracy"])
    for metric in metrics where !isOnData(metric.name) && metric.name != header.criterion.metric {
      let isBaseline = measured.contains {
        $0.hasPrefix("validation_") && metric.name.hasSuffix($0.dropFirst(10))
      }
      if !isBaseline { figures.append(TaskFigure(name: metric.name, value: metric.value)) }
    }
    return figures
  }
}
