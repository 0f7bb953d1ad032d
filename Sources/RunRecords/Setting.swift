// The settings that can be changed in mid-run: one description each, which keys, commands, events,
// words and training share.
import PlainText

/// A setting, in the order that people are shown them in; the raw value is its name in records.
package enum Setting: String, Sendable, CaseIterable {
  case maxNorm = "max_norm"
  case learningRate = "learning_rate"
  case momentum
  case weightDecay = "weight_decay"
  case dropout
  case batchNormFreeze = "batch_norm_freeze"
  case constraint

  /// All that is the same wherever the setting appears.
  package var description: SettingDescription {
    switch self {
    case .maxNorm:
      SettingDescription(
        .number(.aboveZero, isNorm: true), name: "r of all layers", title: "r", label: "r",
        explanation: "The longest a unit's weights may be; lower cuts at once.",
        layerExplanation: "A ceiling for this layer alone, whatever r is elsewhere.",
        none: .init(title: "none", label: "none"), isOfConstraint: true)
    case .learningRate:
      SettingDescription(
        .number(.aboveZero), name: "learning rate", label: "lr",
        explanation: "How far each step goes along the gradient.")
    case .momentum:
      SettingDescription(
        .number(.zeroToBelowOne), name: "momentum", label: "momentum",
        explanation: "The share of the last update that goes into the next.")
    case .weightDecay:
      SettingDescription(
        .number(.zeroOrMore), name: "weight decay", label: "decay",
        explanation: "L2: pulls every weight towards 0, whatever the norms.")
    case .dropout:
      SettingDescription(
        .number(.zeroToBelowOne), name: "dropout", label: "dropout",
        explanation: "The share of activations that a training step leaves out.",
        none: .init(title: "as in the experiment", label: ""))
    case .batchNormFreeze:
      SettingDescription(
        .flag(
          on: .init("frozen", "goes by its running statistics"),
          off: .init("learning", "goes by its batches")),
        name: "batch norm freeze", title: "batch norm", label: "bn",
        explanation: "Frozen: by running statistics, which stay as they are.")
    case .constraint:
      SettingDescription(
        .flag(on: .init("on", ""), off: .init("off", "(observing)")), name: "constraint",
        label: "", explanation: "Off observes: units over r are counted and left alone.",
        isOfConstraint: true)
    }
  }

  /// Whether it is a switch and this one's position, or a number and this is one.
  func isOfKind(_ value: EventRecord.Value) -> Bool {
    switch (description.kind, value) {
    case (.flag, .flag), (.number, .number): true
    case (.flag, _), (.number, _): false
    }
  }

  /// Whether it can have this value.
  package func accepts(_ value: EventRecord.Value) -> Bool {
    guard isOfKind(value) else { return false }
    guard let range = description.range, case .number(let number) = value else { return true }
    return range.contains(Double(number))
  }
}

/// What is said of a setting everywhere.
package struct SettingDescription: Sendable {
  /// What it can be.
  package enum Kind: Sendable {
    case flag(on: FlagWords, off: FlagWords)
    /// A norm is shown with more digits than other numbers.
    case number(NumberRange, isNorm: Bool = false)
  }

  /// A switch's position, and what it means where that needs to be said.
  package struct FlagWords: Sendable {
    package let word: String
    package let meaning: String

    init(_ word: String, _ meaning: String) { (self.word, self.meaning) = (word, meaning) }
  }

  /// What stands in place of a value that is absent.
  package struct NoValue: Sendable {
    package let title: String
    package let label: String
  }

  package let kind: Kind
  /// In a list of settings.
  package let name: String
  /// In front of its value in a sentence.
  package let title: String
  /// In front of its value where there is little room.
  package let label: String
  /// What it does, for those who are learning.
  package let explanation: String
  /// The same of a layer's own; nil: a layer can have none.
  package let layerExplanation: String?
  /// Nil if it always has a value.
  package let none: NoValue?
  /// It is of what a twin is without.
  package let isOfConstraint: Bool

  init(
    _ kind: Kind, name: String, title: String? = nil, label: String, explanation: String,
    layerExplanation: String? = nil, none: NoValue? = nil, isOfConstraint: Bool = false
  ) {
    self.kind = kind
    self.name = name
    self.title = title ?? name
    self.label = label
    self.explanation = explanation
    self.layerExplanation = layerExplanation
    self.none = none
    self.isOfConstraint = isOfConstraint
  }

  /// The numbers that it can be; nil for a switch.
  package var range: NumberRange? { if case .number(let range, _) = kind { range } else { nil } }
}
