// The header record: what runs, on what, and which weight tensors the constraint may hold.

/// Opens a run.
package struct RunHeader: Sendable, Equatable {
  /// Name and version of what wrote the record.
  package var program = programVersion
  /// The version of the record format.
  package var version = recordFormatVersion
  /// The experiment's name, as `run` takes it.
  package var name: String
  /// A line for people.
  package var title: String
  /// Draws data, weights, order and dropout.
  package var seed: UInt64
  /// Threads of the matrix products.
  package var threads: Int
  /// `release` or `debug`.
  package var build: String
  /// The number of trainable values.
  package var parameters: Int
  /// Examples that are trained on.
  package var trainExamples: Int
  /// Examples that are only measured on.
  package var validationExamples: Int
  /// Examples in an optimizer step; the last of an epoch may have fewer.
  package var batch: Int
  /// Optimizer steps in one pass over the training part.
  package var stepsPerEpoch: Int
  /// Optimizer steps that the run is planned for.
  package var totalSteps: Int
  /// The evaluation figure that says what is best, and which way it improves.
  package var metric: String
  /// Which way `metric` improves.
  package var goal: Goal
  /// The resolved experiment, every key filled in.
  package var experiment: Document
  /// One entry per constrained or constrainable weight tensor, in model order.
  package var layers: [Layer]
  /// What became of the columns of a table's file; nil where there is none.
  package var columns: [Column]?
  /// What a user should know of how data and experiment were read, a sentence each without a full
  /// stop; nil where there is nothing to say.
  package var notes: [String]?

  /// A weight tensor whose units the constraint may hold.
  package struct Layer: Sendable, Equatable, Codable {
    /// `fc1`, or layer and tensor where a layer has several: `lstm.weight_ih_l0`.
    package var name: String
    /// The layer's kind: `dense`.
    package var kind: String
    /// Its name within the layer: `weight`.
    package var tensor: String
    /// PyTorch's layout: `[out, in]` for dense.
    package var shape: [Int]
    /// The number of unit vectors along `axis`.
    package var units: Int
    /// `incoming`, `outgoing` or `tensor`.
    package var axis: String
    /// The ceiling; nil where none applies.
    package var maxNorm: Float?

    package init(
      name: String, kind: String, tensor: String, shape: [Int], units: Int, axis: String,
      maxNorm: Float?
    ) {
      self.name = name
      self.kind = kind
      self.tensor = tensor
      self.shape = shape
      self.units = units
      self.axis = axis
      self.maxNorm = maxNorm
    }

    enum CodingKeys: String, CodingKey {
      case name, kind, tensor, shape, units, axis
      case maxNorm = "max_norm"
    }
  }

  /// A column of a table's file, and what became of it.
  package struct Column: Sendable, Equatable, Codable {
    package var name: String
    /// `number`, `categories`, `date`, `ignored` or `target`.
    package var kind: String
    /// Different texts, or classes of a target; nil where there are none.
    package var categories: Int?

    package init(name: String, kind: String, categories: Int? = nil) {
      self.name = name
      self.kind = kind
      self.categories = categories
    }
  }

  package init(
    name: String, title: String, seed: UInt64, threads: Int, build: String, parameters: Int,
    trainExamples: Int, validationExamples: Int, batch: Int, stepsPerEpoch: Int, totalSteps: Int,
    metric: String, goal: Goal, experiment: Document, layers: [Layer],
    columns: [Column]? = nil, notes: [String]? = nil
  ) {
    self.name = name
    self.title = title
    self.seed = seed
    self.threads = threads
    self.build = build
    self.parameters = parameters
    self.trainExamples = trainExamples
    self.validationExamples = validationExamples
    self.batch = batch
    self.stepsPerEpoch = stepsPerEpoch
    self.totalSteps = totalSteps
    self.metric = metric
    self.goal = goal
    self.experiment = experiment
    self.layers = layers
    self.columns = columns
    self.notes = notes
  }
}

extension RunHeader: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("version", version)
    json.field("program", program)
    json.field("name", name)
    json.field("title", title)
    json.field("seed", seed)
    json.field("threads", threads)
    json.field("build", build)
    json.field("parameters", parameters)
    json.field("train_examples", trainExamples)
    json.field("validation_examples", validationExamples)
    json.field("batch", batch)
    json.field("steps_per_epoch", stepsPerEpoch)
    json.field("total_steps", totalSteps)
    json.field("metric", metric)
    json.field("goal", goal.rawValue)
    json.field("experiment", experiment)
    json.list("layers", layers) { json, layer in
      json.field("name", layer.name)
      json.field("kind", layer.kind)
      json.field("tensor", layer.tensor)
      json.field("shape", layer.shape)
      json.field("units", layer.units)
      json.field("axis", layer.axis)
      json.field("max_norm", layer.maxNorm)
    }
    if let columns {
      json.list("columns", columns) { json, column in
        json.field("name", column.name)
        json.field("kind", column.kind)
        if let categories = column.categories { json.field("categories", categories) }
      }
    }
    if let notes { json.field("notes", .list(notes.map(Document.text))) }
  }

  enum CodingKeys: String, CodingKey {
    case program, version, name, title, seed, threads, build, parameters, batch, metric, goal
    case experiment, layers, columns, notes
    case trainExamples = "train_examples"
    case validationExamples = "validation_examples"
    case stepsPerEpoch = "steps_per_epoch"
    case totalSteps = "total_steps"
  }
}
