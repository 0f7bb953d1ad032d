// What the tags of other programs mean: which of them is the loss, which the learning rate.
import Basics

/// What a figure is to a run.
package enum FigureSense: Hashable, Sendable {
  case loss, trainLoss, trainAccuracy, validationLoss, validationAccuracy
  case learningRate, gradientNorm
  case epoch, elapsed
  /// A figure of the norms of a layer.
  case norm(layer: String, NormFigure)
  /// A figure of the task under this name, measured in training or on a validation part.
  case metric(String)
  case validationMetric(String)

  /// What of a layer's norms.
  package enum NormFigure: String, Sendable {
    case minimum = "min"
    case lowerQuartile = "p25"
    case median
    case upperQuartile = "p75"
    case maximum = "max"
    case ceiling
  }

  /// By the names of records, as `--map` takes them.
  package static let fields: [(name: String, sense: FigureSense)] = [
    ("loss", .loss), ("train_loss", .trainLoss), ("train_accuracy", .trainAccuracy),
    ("validation_loss", .validationLoss), ("validation_accuracy", .validationAccuracy),
    ("learning_rate", .learningRate), ("gradient_norm", .gradientNorm), ("epoch", .epoch),
    ("elapsed", .elapsed),
  ]

  /// Whether it is a share that some write in per cent.
  var isShare: Bool { self == .trainAccuracy || self == .validationAccuracy }
}

/// How tags become fields of records: by what they are called, unless a user says otherwise.
package struct FigureSenses: Sendable, Equatable {
  private var given: [String: FigureSense] = [:]

  package static let standard = FigureSenses()

  private init() {}

  /// What a user says: `loss=train/loss`, the field of the record before the tag of the log.
  ///
  /// - Throws: `ProgramError` if a field is unknown.
  package init(_ maps: [String]) throws(ProgramError) {
    for map in maps {
      let sides = map.split(separator: "=", maxSplits: 1)
      let names = FigureSense.fields.map(\.name).joined(separator: ", ")
      guard sides.count == 2 else {
        throw ProgramError(
          "--map: expected FIELD=TAG such as loss=train/loss, found '\(map)'", .usage)
      }
      guard let field = FigureSense.fields.first(where: { $0.name == sides[0] }) else {
        throw ProgramError("--map: expected one of \(names), found '\(sides[0])'", .usage)
      }
      given[String(sides[1])] = field.sense
    }
  }

  /// The sense of each tag; of several that mean the same the plainest has it, the others are metrics.
  package func senses(of tags: [String]) -> [String: FigureSense] {
    var senses: [String: FigureSense] = [:]
    var taken = Set(given.filter { tags.contains($0.key) }.values)
    let words = tags.map { (tag: $0, words: TagWords($0)) }.sorted {
      ($0.words.rank, $0.tag.count, $0.tag) < ($1.words.rank, $1.tag.count, $1.tag)
    }
    for (tag, words) in words {
      let wanted = given[tag] ?? words.senses.first { !taken.contains($0) } ?? words.metric
      if given[tag] == nil { taken.insert(wanted) }
      senses[tag] = wanted
    }
    return senses
  }
}

/// A tag taken apart: on which part of the data, and what.
private struct TagWords {
  private enum Part { case none, train, validation, test }

  private var part = Part.none
  /// What is left without the part of the data, in small letters.
  private var core: [Substring]
  private let tag: String

  init(_ tag: String) {
    self.tag = tag
    var words = tag.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." }
    for (names, part) in Self.parts {
      guard words.contains(where: names.contains) else { continue }
      self.part = part
      words.removeAll(where: names.contains)
      if words.isEmpty { words = [Substring(tag.lowercased())] }
      break
    }
    core = words
  }

  private static let parts: [(Set<Substring>, Part)] = [
    (["val", "valid", "validation", "eval", "evaluation", "dev"], .validation),
    (["test"], .test), (["train", "training"], .train),
  ]

  private static let losses = [
    "loss batches", "loss step", "loss", "batch loss", "total loss", "loss total", "loss epoch",
    "epoch loss", "cost",
  ]
  private static let accuracies = [
    "accuracy", "acc", "accuracy epoch", "acc epoch", "epoch accuracy", "accuracy step", "acc step",
    "categorical accuracy", "sparse categorical accuracy", "binary accuracy", "top1", "acc top1",
  ]
  private static let rates = ["lr", "learning rate", "epoch learning rate", "optimizer lr"]
  private static let gradients = [
    "grad norm", "gradient norm", "total grad norm", "grad norm total",
  ]

  private var name: String { core.joined(separator: " ") }

  /// How plainly it says what it means: the lower, the sooner it has the field.
  var rank: Int {
    for names in [Self.losses, Self.accuracies, Self.rates, Self.gradients] {
      if let rank = names.firstIndex(of: name) { return rank }
    }
    return 99
  }

  /// What it may mean, the likeliest first.
  var senses: [FigureSense] {
    if Self.losses.contains(name) {
      switch part {
      case .none: return [.loss]
      case .train: return [.loss, .trainLoss]
      case .validation: return [.validationLoss]
      case .test: return []
      }
    }
    if Self.accuracies.contains(name) {
      switch part {
      case .none, .train: return [.trainAccuracy]
      case .validation: return [.validationAccuracy]
      case .test: return []
      }
    }
    if Self.rates.contains(name) || core.first == "lr" { return [.learningRate] }
    if Self.gradients.contains(name) { return [.gradientNorm] }
    switch name {
    case "epoch", "epochs": return [.epoch]
    case "elapsed", "runtime", "relative time", "time elapsed": return [.elapsed]
    default: return []
    }
  }

  /// Its name as a figure of the task: what is measured on a validation part is called alike everywhere.
  var metric: FigureSense {
    // As this program's own event files have them: `norms/fc1/median`.
    let parts = tag.split(separator: "/")
    if parts.count > 2, parts[0] == "norms", let last = parts.last,
      let figure = FigureSense.NormFigure(rawValue: String(last))
    {
      return .norm(layer: parts.dropFirst().dropLast().joined(separator: "."), figure)
    }
    return part == .validation
      ? .validationMetric("validation_" + core.joined(separator: "_")) : .metric(tag)
  }
}
