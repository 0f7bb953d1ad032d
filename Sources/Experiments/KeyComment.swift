// What each key of an experiment means, in a line: the comments of `maxnorm new`.
import NeuralNetwork

/// Comments by key.
enum KeyComment {
  /// What a key of the outermost mapping means.
  static func top(_ key: String) -> String? { tops[key]?.comment }

  /// What may stand behind a key that an experiment leaves out; nil: a program writes it.
  static func example(of key: String) -> String? { tops[key]?.example }

  /// Whether each key below it has a line.
  static func hasInner(_ key: String) -> Bool { inners[key] != nil }

  /// What a key below another means.
  static func inner(_ key: String, of outer: String) -> String? { inners[outer]?[key] }

  private static let tops: [String: (comment: String, example: String?)] = [
    "name": ("A word for lists, logs and file names.", nil),
    "title": ("A line for people.", nil),
    "description": ("What it shows, for who reads it later.", "what I want to find out"),
    "data": ("What it trains on; paths are relative to this file.", nil),
    "model": ("From input to output; 'maxnorm help layers' has them all.", nil),
    "loss": (
      "What is minimized: cross_entropy for classes, mse for numbers, binary_cross_entropy for two "
        + "classes and one output unit, class_and_box for objects.", nil
    ),
    "label_smoothing": (
      "The share of each target that is spread over the other classes.", "0.1"
    ),
    "optimizer": ("How weights follow gradients; 'maxnorm help optimizers'.", nil),
    "schedule": (
      "How the learning rate changes: constant, step, cosine, exponential or inverse_time.", nil
    ),
    "gradient_clip": (
      "The longest gradient: {norm: 5} over all of it, {value: 1} for each number, or none.", nil
    ),
    "constraint": ("The ceiling of each unit's weight norm; 'maxnorm help constraint'.", nil),
    "batch": ("Examples in a step.", nil),
    "epochs": ("Passes over the training part, where steps does not end the run first.", nil),
    "steps": ("Ends the run after so many optimizer steps, whatever epochs says.", "3000"),
    "evaluate_every": ("Epochs from one evaluation to the next.", nil),
    "stopping": (
      "Ends the run after so many evaluations without a better one, with the best weights.",
      "{patience: 20}"
    ),
    "shuffle": ("A new order of the examples for each epoch.", nil),
    "seed": (
      "Draws the split, the weights, the order and dropout; the same seed repeats the run.", nil
    ),
    "pace": (
      "Steps per second on the screen; 0 is as fast as it goes. Left out, a run lasts about a minute.",
      "200"
    ),
    "compare": ("What 'maxnorm compare' runs.", "{arms: [none, max-norm], seeds: 10}"),
    "arm": ("The arm of a comparison that this run is.", nil),
    "sweep": ("The values of a sweep that this run stands for.", nil),
    "comparison": ("The comparison that this run is a part of.", nil),
  ]

  private static let inners: [String: [String: String]] = [
    "data": dataKeys, "optimizer": optimizerKeys, "schedule": scheduleKeys,
    "constraint": constraintKeys, "gradient_clip": clipKeys,
  ]

  private static let clipKeys: [String: String] = [
    "norm": "The longest gradient of all weights together.",
    "value": "The largest size of each number of a gradient.",
  ]

  private static let scheduleKeys: [String: String] = [
    "name": "constant, step, cosine, exponential or inverse_time.",
    "every": "Steps from one fall to the next.",
    "factor": "What the rate is multiplied by then.",
    "minimum": "The rate at the end, as a share of the first.",
    "total": "Steps from the first rate to the last.",
    "warmup": "Steps in which the rate rises from 0.",
  ]

  private static let constraintKeys: [String: String] = [
    "kind": "max_norm, unit_norm, min_max_norm, non_negative or spectral_norm.",
    "max_norm": "The ceiling r: no unit's incoming weights are longer; none only observes.",
    "max": "The largest norm.",
    "min": "The smallest norm.",
    "rate": "How much of the way to its bounds a unit goes in a step.",
    "axis": "What a unit is: incoming, outgoing or tensor.",
    "enabled": "false only observes: norms and units over r are counted, none is scaled.",
  ]

  private static let optimizerKeys: [String: String] = [
    "name": "\(Optimizer.Name.list(Optimizer.Name.allCases)).",
    "learning_rate": "How far a step goes.",
    "momentum": "How much of the last step's direction stays, 0 to below 1.",
    "nesterov": "Looks ahead along the momentum.",
    "betas": "How slowly the mean of gradients, and that of their squares, forget.",
    "epsilon": "Added to the divisor, so that it is never 0.",
    "alpha": "How slowly the mean of squared gradients forgets.",
    "lr_decay": "How much the rate falls with each step.",
    "decoupled_weight_decay": "Weight decay acts on the weights themselves, as in AdamW.",
    "momentum_decay": "How fast the momentum rises to its value.",
    "initial_accumulator_value": "What the sum of squared gradients starts from.",
    "weight_decay": "How strongly weights are drawn to 0 (L2).",
    "l1": "The same by their absolute values, which makes many 0.",
  ]

  private static let dataKeys: [String: String] = [
    "csv": "The table: CSV, TSV or either packed with gzip.",
    "target": "The column to be predicted.",
    "task": "What is predicted: classification, regression or forecast; or what pictures show.",
    "column": "The column that is forecast.",
    "inputs": "Other columns whose past is an input; or how many numbers an input has.",
    "window": "Rows of the past in an input.",
    "horizon": "Rows from the last one of a window to what is forecast.",
    "season": "Rows after which the series repeats, for a simple forecast to beat; or none.",
    "transform": "What is predicted: the value (none), its difference or log_difference.",
    "text": "The text that is learnt, or columns that are read as texts whatever they look like.",
    "source": "Data that ship with the program, or are drawn from the seed.",
    "image": "As pictures of a channel instead of rows of numbers.",
    "full": "The whole set instead of the part that ships.",
    "idx": "The folder of images and labels as MNIST has them.",
    "set": "Which set of the folder.",
    "cifar10": "The folder of CIFAR-10's binary version.",
    "cifar100": "The folder of CIFAR-100's binary version.",
    "npy": "Arrays of NumPy: inputs and targets, perhaps others for validation.",
    "classes": "How many classes there are, where the data do not show all.",
    "layout": "Where the channels of images stand: nchw, nhwc or nhw.",
    "validation": "What is measured on and not trained on: a share, or a number of examples.",
    "test": "A part that is held out for the end: a share, a number of examples, or true.",
    "resample": "Which of so many splits of the data this is.",
    "group": "A column whose rows of one value stay in one part: a patient, a day.",
    "split": "How the parts are dealt out: random (by class) or last (the end of the file).",
    "missing":
      "Cells without a value: none is an error, drop leaves the row out, mean or interpolate fills.",
    "ignore": "Columns that are no inputs.",
    "separator": "What stands between two cells.",
    "decimal": "What stands before a number's fraction.",
    "thousands": "What groups a number's digits.",
    "date": "Columns of dates, which become days since 1970.",
    "date_format": "How dates are written.",
    "missing_values": "Cells that stand for nothing, besides empty ones.",
    "header": "first: the first line names the columns; none: they go by their numbers.",
    "train": "How many examples are trained on.",
    "label_noise": "The share of training labels that is made wrong on purpose.",
    "standardize": "Brings each input to mean 0 and variance 1 of the training part.",
    "standardize_target": "The same for numbers that are predicted.",
    "outputs": "How many numbers an answer has.",
    "features": "Columns of the table that is drawn.",
    "informative": "How many of them have anything to do with the classes.",
    "flips": "The share of examples of the wrong class.",
    "size": "The side of a picture in pixels.",
    "length": "Steps of a sequence, or of the whole series.",
    "noise": "How far points lie beside their shape.",
  ]
}

extension LayerKind {
  /// What it does, in a line.
  var comment: String {
    switch self {
    case .dense: "Each unit weighs all inputs; the last layer has a unit for each class or number."
    case .conv2d: "Filters of kernel x kernel pixels that slide over pictures."
    case .convTranspose2d: "The same the other way: from small pictures to large ones."
    case .maxPool: "The largest of each window of pixels."
    case .averagePool: "The mean of each window of pixels."
    case .globalAveragePool: "The mean of each channel."
    case .flatten: "From pictures or sequences to rows of numbers."
    case .batchNorm: "Brings each feature to mean 0 and variance 1 over the batch."
    case .layerNorm: "Brings each example to mean 0 and variance 1."
    case .groupNorm: "The same for groups of its channels."
    case .embedding: "A row of numbers for each token."
    case .rnn: "Reads a sequence step by step."
    case .lstm: "Reads a sequence step by step, with gates that keep what matters."
    case .gru: "Reads a sequence step by step, with two gates."
    case .relu: "What is below 0 becomes 0."
    case .gelu: "A smooth relu."
    case .tanh: "Squeezes numbers to -1 to 1."
    case .sigmoid: "Squeezes numbers to 0 to 1."
    case .silu: "A number times its sigmoid."
    case .leakyReLU: "What is below 0 is made small instead of 0."
    case .elu: "What is below 0 bends to -alpha."
    case .dropout: "Leaves out this share of the units in each training step."
    case .keep: "Remembers what is here under a name."
    case .concatenate: "Puts what was kept beside what is here."
    case .add: "Adds what was kept to what is here."
    case .encoder: "The part that reads the source."
    case .decoder: "The part that writes the target."
    }
  }
}
