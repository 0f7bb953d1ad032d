// The words of the screen explained, for those who learn: in a line, and in full.

/// A word that figures and panels use.
package struct Explanation: Sendable, Equatable {
  /// As it stands on the screen.
  package let term: String
  /// For the lower edge of a panel, the longest first; empty where no panel is about it.
  package let brief: [String]
  /// A few sentences.
  package let full: String

  init(term: String, brief: [String] = [], full: String) {
    self.term = term
    self.brief = brief
    self.full = full
  }
}

/// What there is to explain.
package enum Glossary {
  static let norm = Explanation(
    term: "norm",
    brief: [
      "norm: the length of a unit's weight vector; at the ceiling r it can grow no further",
      "norm: the length of a unit's weight vector", "norm: length of the weights",
    ],
    full: "The length of a unit's weight vector: the root of the sum of its squared weights. Norms"
      + " grow while a net learns; a net that learns by heart needs large ones.")
  static let ceiling = Explanation(
    term: "ceiling r",
    full: "The largest norm that max-norm allows. After every optimizer step each unit whose norm"
      + " exceeds r is scaled back to it: w becomes w r / norm, the direction stays.")
  static let observing = Explanation(
    term: "off (observing)",
    brief: [
      "off: norms grow freely, units above r are counted and not scaled back",
      "off: norms grow freely",
    ],
    full: "The constraint is switched off. Norms are still measured against r, and units above it"
      + " counted, but none is scaled back.")
  static let atCeiling = Explanation(
    term: "at ceiling",
    full: "Units whose norm has reached r, to one part in 100,000. With the constraint on they are"
      + " held there; off, they are at r or above it.")
  static let headroom = Explanation(
    term: "headroom",
    full: "How far a norm is below r, in per cent of r. 25 %: the norm is 0.75 r and may still grow"
      + " by a third.")
  static let nextAtCeiling = Explanation(
    term: "next at r",
    full:
      "In how many steps the next units reach r if the recent rise goes on: the largest unit, or"
      + " the part in brackets, (1/4) a quarter of them. Told only where the rise is steady and"
      + " nearly straight, and not for a far future.")
  static let clipping = Explanation(
    term: "exceeded, clipped",
    brief: [
      "exceeded: found above r after a step; clipped: scaled back to r",
      "clipped: found above r, scaled back",
    ],
    full: "Exceeded are units found above r after an optimizer step; clipped are those scaled back,"
      + " which are none while the constraint is off. A unit that pushes is clipped in every step.")
  static let pull = Explanation(
    term: "pull",
    brief: [
      "pull: the part of its length that a clipped unit loses, on average",
      "pull: what a clipped unit loses",
    ],
    full:
      "How hard the constraint holds: the part of its length that a clipped unit loses in a step,"
      + " on average. 2 %: it had grown to r / 0.98. With 0 % nothing was clipped.")
  static let updates = Explanation(
    term: "update / weights",
    brief: [
      "length of an update over that of the weights; a rule of thumb: about 0.001",
      "update / weights: about 0.001 is usual",
    ],
    full:
      "The length of the last optimizer update over the length of the weights. A rule of thumb is"
      + " about 0.001: at 0.1 every step rewrites them, at 0.00001 they hardly move. Small nets with"
      + " high rates lie above it.")
  static let unchanging = Explanation(
    term: "unchanging",
    full: "Units whose norm is exactly the same in the last \(UnchangingUnits.leastRecords) reports"
      + " while others moved. Nothing reaches them: a dead ReLU, an input that is always 0, a letter"
      + " not seen. The norm alone does not tell which.")
  static let suggestion = Explanation(
    term: "suggested r",
    brief: [
      "the r that holds a quarter of the units: a start, not the best r",
      "the r that holds a quarter",
    ],
    full: "The r that the largest quarter of the units reaches: all layers under the global r"
      + " together, on a layer's page that layer alone. It acts at once and leaves the median unit"
      + " alone. A start: which r is best only the validation loss tells. Srivastava et al. (2014)"
      + " found 3 to 4 typical for their nets.")
  static let overTime = Explanation(
    term: "norms over time",
    brief: [
      "each column shows how many units had which norm; the line is the ceiling",
      "a column: how many units had which norm",
    ],
    full: "A heat map: time from left to right, the norm upwards. The further its colour is from"
      + " the background, or the denser it is, the more units are there. The line is the ceiling r."
  )
  static let quantiles = Explanation(
    term: "median, quartiles",
    brief: ["half of the units are below the median, and half within the band"],
    full: "Half of the units have a norm below the median; the middle half lies between the"
      + " quartiles, a quarter above them and a quarter below.")
  static let histogram = Explanation(
    term: "units by norm",
    brief: ["how many units have which norm now", "how many have which norm"],
    full: "How many units have which norm now. Heights go by the root of the number, so that single"
      + " units are seen beside many.")
  static let gates = Explanation(
    term: "gates",
    brief: ["the rows of each gate, in PyTorch's order", "the rows of each gate"],
    full:
      "A recurrent layer stacks the rows of its gates: input, forget, cell and output in an LSTM;"
      + " reset, update and new in a GRU. Each row is held by itself.")
  static let largest = Explanation(
    term: "largest units", brief: ["the units with the largest norms, by index"],
    full: "The units with the largest norms, by their index in the tensor, from 0.")
  static let loss = Explanation(
    term: "loss",
    brief: [
      "loss: how wrong the net is; validation is measured on data it does not train on",
      "how wrong the net is, on data it trains on and not", "how wrong the net is",
    ],
    full:
      "How wrong the net is, less is better. Validation loss is measured on data that it does not"
      + " train on: where it climbs while training loss falls, the net learns by heart.")
  static let gradient = Explanation(
    term: "gradient norm",
    brief: [
      "the length of all gradients together: near 0 nothing is learned, huge it explodes",
      "the length of all gradients together",
    ],
    full:
      "The length of all gradients together. Near 0 nothing is learned any more; in leaps to many"
      + " times its size, training explodes.")
  static let metric = Explanation(
    term: "metric",
    brief: ["how well the net does the task: what best is measured by", "how well the net does"],
    full:
      "How well the net does the task, in figures of the task: the share of right answers, or an"
      + " error in units that mean something. What is called best goes by it.")
  static let learningRate = Explanation(
    term: "learning rate",
    brief: ["how far each step goes along the gradient; a schedule changes it, and < and >"],
    full:
      "How far each step goes along the gradient. Too high and training leaps about or explodes,"
      + " too low and it takes for ever. A schedule may change it while the run goes on.")
  static let clipRate = Explanation(
    term: "clip rate",
    brief: [
      "clipped: scaled back in a step; at ceiling: at r; both in per cent of the units",
      "per cent of the units scaled back, and at r",
    ],
    full: "The share of the units below a ceiling that are scaled back in a step, and of those that"
      + " are at it. While the constraint is off, exceeded are those that would be scaled back.")
  static let usage = Explanation(
    term: "cpu, memory",
    full: "What this program takes of the machine, training and screen together: 100 % is one core."
  )
  static let samples = Explanation(
    term: "samples", brief: ["what the net answers now, beside what is true"],
    full: "What the net answers now, on examples of the task, beside what is true.")

  /// For the help, what belongs together side by side.
  package static let all = [
    norm, ceiling, atCeiling, headroom, nextAtCeiling, clipping, pull, observing, suggestion,
    unchanging, updates, overTime, quantiles, histogram, gates, largest, loss, metric, gradient,
    learningRate, clipRate, samples, usage,
  ]
}

extension DashboardModel {
  /// What explains a panel; while the constraint is off, that of the norms says so.
  func explanation(of panel: PanelKind) -> Explanation {
    switch panel {
    case .loss: Glossary.loss
    case .norms: isObserving ? Glossary.observing : ofConstraint ?? Glossary.norm
    case .normsOverTime: Glossary.overTime
    case .clipping: isObserving ? Glossary.observing : ofConstraint ?? Glossary.clipping
    case .gradient: Glossary.gradient
    case .metric: Glossary.metric
    case .learningRate: Glossary.learningRate
    case .clipRate: isObserving ? Glossary.observing : Glossary.clipRate
    case .table, .series, .text, .images, .confusion: Glossary.samples
    }
  }

  private var ofConstraint: Explanation? { segment?.constraintKind.explanation }

  /// What explains a panel of a layer's page.
  func explanation(of panel: PagePanel) -> Explanation {
    switch panel {
    case .overTime: Glossary.overTime
    case .quantiles: Glossary.quantiles
    case .histogram: Glossary.histogram
    case .gates: Glossary.gates
    case .pull: Glossary.pull
    case .updates: Glossary.updates
    case .suggestion: Glossary.suggestion
    case .numbers: isObserving ? Glossary.observing : Glossary.norm
    case .largest: Glossary.largest
    }
  }

  private var isObserving: Bool { segment?.settings.isConstraintOn == false }
}
