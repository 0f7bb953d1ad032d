// The header record: what runs, on what, and which weight tensors the constraint may hold.

/// Opens a run.
///
/// This program writes all of it; nil is what another one does not say.
package struct RunHeader: Sendable, Equatable {
  /// Name and version of what wrote the record.
  package var program: String? = programVersion
  /// The version of the record format.
  package var version: Int? = recordFormatVersion
  /// The experiment's name, as `run` takes it.
  package var name: String
  /// A line for people; empty without a description.
  package var title = ""
  /// Draws data, weights, order and dropout.
  package var seed: UInt64?
  /// Threads of the matrix products.
  package var threads: Int?
  /// `release` or `debug`.
  package var build: String?
  /// The number of trainable values.
  package var parameters: Int?
  /// Examples that are trained on.
  package var trainExamples: Int?
  /// Examples that are only measured on.
  package var validationExamples: Int?
  /// Examples that are measured on once, at the end; nil without such a part.
  package var testExamples: Int?
  /// Examples in an optimizer step; the last of an epoch may have fewer.
  package var batch: Int?
  /// Optimizer steps in one pass over the training part.
  package var stepsPerEpoch: Int?
  /// Optimizer steps that the run is planned for.
  package var totalSteps: Int?
  /// The evaluation figure that says what is best, and which way it improves.
  package var metric: String?
  /// Which way `metric` improves.
  package var goal: Goal?
  /// The resolved experiment, every key filled in; null where another program has none.
  package var experiment = JSONValue.null {
    didSet { summary = ExperimentSummary(experiment) }
  }
  /// What is asked of the experiment again and again.
  package private(set) var summary = ExperimentSummary(.null)
  /// One entry per constrained or constrainable weight tensor, in model order.
  package var layers: [Layer] = []
  /// What the data brings and all layers, in model order, with the shapes between them; empty if that
  /// is unknown.
  package var network: [NetworkLayer] = []
  /// What became of the columns of a table's file; empty for other data.
  package var columns: [Column] = []
  /// What a user should know of how data and experiment were read, a sentence each without a full
  /// stop; empty if there is nothing to say.
  package var notes: [String] = []

  /// How weights are stored: `bfloat16`; nil if that is not told.
  package var weights: String?
  /// How far above r, as a share of it, a norm may lie without being above it.
  package var tolerance: Float?

  /// When a segment began that does not begin the run: one resumed from a checkpoint in a new log,
  /// or one that started again.
  package var time: WallTime?
  /// Who wrote it; nil if that is not recorded.
  package var origin: RunOrigin?

  /// A weight tensor whose units the constraint may hold.
  package struct Layer: Sendable, Equatable {
    /// `fc1`, or layer and tensor where a layer has several: `lstm.weight_ih_l0`.
    package var name: String
    /// The layer's kind: `dense`.
    package var kind = ""
    /// Its name within the layer: `weight`.
    package var tensor = ""
    /// PyTorch's layout: `[out, in]` for dense; empty if it is unknown.
    package var shape: [Int] = []
    /// The number of unit vectors along `axis`.
    package var units: Int?
    /// `incoming`, `outgoing` or `tensor`.
    package var axis = ""
    /// The ceiling; nil if none applies.
    package var maxNorm: Float?
    /// The first and the last unit of it that the rank holds which tells this; empty: all of them.
    package var part: [Int] = []

    /// A tensor, with what `describe` adds to it.
    package init(
      _ name: String, maxNorm: Float? = nil, _ describe: (inout Layer) -> Void = { _ in }
    ) {
      self.name = name
      self.maxNorm = maxNorm
      describe(&self)
    }
  }

  /// A layer of the network, whether it has weights or not.
  package struct NetworkLayer: Sendable, Equatable {
    /// Its word in an experiment, or another program's; `input` for what the data brings.
    package var kind: String
    /// What its weights go by, or what a skip connection keeps and joins; empty without either.
    package var name = ""
    /// `encoder` or `decoder`; empty for a network of one part.
    package var part = ""
    /// The shape of what comes out of it, of one example; empty if it is unknown.
    package var output: [Int]

    package init(_ kind: String, name: String = "", part: String = "", output: [Int]) {
      self.kind = kind
      self.name = name
      self.part = part
      self.output = output
    }
  }

  /// A column of a table's file, and what became of it.
  package struct Column: Sendable, Equatable {
    package var name: String
    /// `number`, `categories`, `date`, `ignored` or `target`.
    package var kind: String
    /// Different texts, or classes of a target; nil for other columns.
    package var categories: Int?

    package init(name: String, kind: String, categories: Int? = nil) {
      self.name = name
      self.kind = kind
      self.categories = categories
    }
  }

  /// A run, with what `describe` adds to it.
  package init(_ name: String, _ describe: (inout RunHeader) -> Void = { _ in }) {
    self.name = name
    describe(&self)
  }
}

extension RunHeader: RecordFields {
  static var blank: RunHeader { RunHeader("") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.field("version", &version)
    fields.field("program", &program)
    fields.required("name", &name)
    fields.field("title", &title)
    fields.field("seed", &seed)
    fields.field("threads", &threads)
    fields.field("build", &build)
    fields.field("parameters", &parameters)
    fields.field("train_examples", &trainExamples)
    fields.field("validation_examples", &validationExamples)
    fields.field("test_examples", &testExamples, .ifAny)
    fields.field("batch", &batch)
    fields.field("steps_per_epoch", &stepsPerEpoch)
    fields.field("total_steps", &totalSteps)
    fields.field("metric", &metric)
    fields.field("goal", &goal)
    fields.field("experiment", &experiment)
    fields.list("layers", &layers, .always)
    fields.list("network", &network, .ifAny)
    fields.list("columns", &columns, .ifAny)
    fields.field("notes", &notes, .ifAny)
    fields.field("weights", &weights, .ifAny)
    fields.field("tolerance", &tolerance, .ifAny)
    fields.field("time", &time, .aside)
    fields.part("origin", &origin, .aside)
  }
}

extension RunHeader.Layer: RecordFields {
  static var blank: Self { Self("") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("name", &name)
    fields.field("kind", &kind)
    fields.field("tensor", &tensor)
    fields.field("shape", &shape)
    fields.field("units", &units)
    fields.field("axis", &axis)
    fields.field("max_norm", &maxNorm, .orNull)
    fields.field("part", &part, .ifAny)
  }
}

extension RunHeader.NetworkLayer: RecordFields {
  static var blank: Self { Self("", output: []) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("kind", &kind)
    fields.field("name", &name, .ifAny)
    fields.field("part", &part, .ifAny)
    fields.field("output", &output)
  }
}

extension RunHeader.Column: RecordFields {
  static var blank: Self { Self(name: "", kind: "") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("name", &name)
    fields.required("kind", &kind)
    fields.field("categories", &categories, .ifAny)
  }
}

extension RunHeader {
  /// What a reader should know, a sentence each without a full stop: the notes, and first whether a
  /// later version of the program wrote the log.
  package var remarks: [String] {
    guard let version, version > recordFormatVersion else { return notes }
    let remark =
      "the log has version \(version) of the record format, this program reads version "
      + "\(recordFormatVersion) and leaves out what it does not know"
    return [remark] + notes
  }

  /// The figure of the test part that answers to `criterion`; nil without such a part.
  package var testMetric: String? {
    testExamples.flatMap { $0 > 0 ? MetricName.ofTest(criterion.metric) : nil }
  }

  /// What "best" goes by: the header's metric, or the validation loss where it names none.
  package var criterion: (metric: String, goal: Goal) {
    let metric = metric ?? "validation_loss"
    return (metric, goal ?? (MetricName.isShare(metric) ? .maximize : .minimize))
  }
}
