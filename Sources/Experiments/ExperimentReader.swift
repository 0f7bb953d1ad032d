// Reads an experiment from its document, key by key, with every default in one place.
import Basics
import Foundation
import NeuralNetwork
import RunRecords

extension Experiment {
  /// The keys of an experiment.
  static let keys = [
    "name", "title", "description", "data", "model", "loss", "label_smoothing", "optimizer",
    "schedule", "gradient_clip", "constraint", "batch", "epochs", "steps", "evaluate_every",
    "stopping", "shuffle", "seed", "pace", "compare", "arm", "sweep", "comparison",
  ]

  /// Steps of a run where an experiment says nothing: a small table is learned by then.
  private static let usualSteps = 3000

  /// Reads and checks an experiment.
  ///
  /// `name` is what messages call it, and its name where the document has none. Paths in it are
  /// relative to `folder`.
  ///
  /// - Throws: `ProgramError` with the path of the first key that does not fit.
  package init(_ document: JSONValue, name: String, folder: URL) throws(ProgramError) {
    let top = try FieldReader(
      document, experiment: name, path: "", keys: Self.keys, place: .top)
    self.name = try top.text("name", default: Self.word(name))
    guard self.name.wholeMatch(of: /[A-Za-z0-9_.-]+/) != nil else {
      throw top.error("name", "expected letters, digits, '_', '-' and '.'; found '\(self.name)'")
    }
    title = try top.text("title", default: self.name)
    details = try top.text("description", default: "")
    guard let data = top["data"] else {
      throw top.error("data", "expected a mapping, found no such key", "add data: {source: digits}")
    }
    self.data = try DataSettings(data, experiment: name)
    layers = try LayerDescription.list(
      top["model"] ?? .null, experiment: name, path: "model",
      example: "model: [dense: {units: 10}]")
    objective = try Objective(top)
    optimizer = try OptimizerSettings(top["optimizer"], experiment: name)
    schedule = try LearningRateSchedule(top["schedule"], experiment: name)
    constraint = try ConstraintSettings(top["constraint"], experiment: name)
    try constraint.check(layers, top)
    batch = try top.integer("batch", atLeast: 1, default: 32)
    let epochs = try top.integerIfAny("epochs", atLeast: 1)
    self.epochs = epochs ?? 10
    steps = try top.integerIfAny("steps", atLeast: 1) ?? (epochs == nil ? Self.usualSteps : nil)
    evaluateEvery = try top.integer("evaluate_every", atLeast: 1, default: 1)
    stopping = try StoppingSettings(top)
    shuffle = try top.flag("shuffle", default: true)
    seed = UInt64(try top.integer("seed", atLeast: 0, default: 1))
    pace = top.has("pace") ? try top.number("pace", atLeast: 0) : nil
    comparison = try ComparisonSettings(top["compare"], experiment: name)
    arm = top.has("arm") ? try top.text("arm") : nil
    sweep = try SweptValue.list(top["sweep"], experiment: name)
    if let comparison = top["comparison"] {
      let fields = try FieldReader(
        comparison, experiment: name, path: "comparison", keys: ComparisonMembership.keys)
      _ = try fields.margin()
      membership = ComparisonMembership(comparison)
    }
    self.folder = folder
  }

  /// A file's path as a name: its last part without the ending, other characters as '_'.
  private static func word(_ name: String) -> String {
    let last = URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
    let word = last.map {
      $0.isASCII && ($0.isLetter || $0.isNumber) || "_-.".contains($0) ? $0 : "_"
    }
    return word.isEmpty ? "experiment" : String(word)
  }
}
