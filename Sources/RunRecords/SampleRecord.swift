// The sample record: what the task has to show, the way anything task-specific reaches the screen.

/// What the task has to show after `step` optimizer steps.
///
/// A sample belongs to the kind of task, not to an experiment's name; of each title the last one
/// counts.
package struct SampleRecord: Sendable, Equatable {
  package var step: Int
  /// A line for people.
  package var title: String
  /// What is shown.
  package var content: Content

  /// The kinds of samples.
  package enum Content: Sendable, Equatable {
    /// Rows of cells below their column names.
    case table(columns: [String], rows: [[Document]])
    /// Text that a model wrote.
    case text(String)
    /// Values over time, one each time step: what was, what was predicted, and, where there is one,
    /// what a forecast without learning says.
    ///
    /// All have the same number of values; `unit` is for people.
    case series(
      truth: [Double], prediction: [Double], baseline: [Double]? = nil, unit: String? = nil)
    /// A picture with what was to be found in it and what was found.
    case image(SampleImage)
    /// How often each class (row) was taken for each class (column).
    ///
    /// `counts` has a row and a column for each of `classes`, the truth down, the prediction across.
    case confusion(classes: [String], counts: [[Int]])
  }

  package init(step: Int, title: String, content: Content) {
    self.step = step
    self.title = title
    self.content = content
  }
}

extension SampleRecord: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("step", step)
    json.field("kind", content.kind.rawValue)
    json.field("title", title)
    switch content {
    case .table(let columns, let rows):
      json.field("columns", Document.list(columns.map(Document.text)))
      json.field("rows", Document.list(rows.map(Document.list)))
    case .text(let text):
      json.field("text", text)
    case .series(let truth, let prediction, let baseline, let unit):
      json.field("truth", truth)
      json.field("prediction", prediction)
      if let baseline { json.field("baseline", baseline) }
      if let unit { json.field("unit", unit) }
    case .image(let image):
      image.write(to: &json)
    case .confusion(let classes, let counts):
      json.field("classes", Document.list(classes.map(Document.text)))
      json.field("counts", Document.list(counts.map { .list($0.map(Document.integer)) }))
    }
  }

  enum CodingKeys: String, CodingKey {
    case step, kind, title, columns, rows, text, truth, prediction, baseline, unit, classes, counts
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .kind)
    guard let kind = Content.Kind(rawValue: name) else { throw RecordError.unknownKind(name) }
    step = try values.decode(Int.self, forKey: .step)
    title = try values.decode(String.self, forKey: .title)
    switch kind {
    case .table:
      content = .table(
        columns: try values.decode([String].self, forKey: .columns),
        rows: try values.decode([[Document]].self, forKey: .rows))
    case .text: content = .text(try values.decode(String.self, forKey: .text))
    case .series: content = try Self.series(values)
    case .image: content = .image(try SampleImage(from: decoder))
    case .confusion: content = try Self.confusion(values)
    }
  }

  private static func series(_ values: KeyedDecodingContainer<CodingKeys>) throws -> Content {
    let truth = try values.decode([Double].self, forKey: .truth)
    let prediction = try values.decode([Double].self, forKey: .prediction)
    let baseline = try values.decodeIfPresent([Double].self, forKey: .baseline)
    try values.check(count: prediction.count, is: truth.count, forKey: .prediction)
    if let baseline { try values.check(count: baseline.count, is: truth.count, forKey: .baseline) }
    return .series(
      truth: truth, prediction: prediction, baseline: baseline,
      unit: try values.decodeIfPresent(String.self, forKey: .unit))
  }

  private static func confusion(_ values: KeyedDecodingContainer<CodingKeys>) throws -> Content {
    let classes = try values.decode([String].self, forKey: .classes)
    let counts = try values.decode([[Int]].self, forKey: .counts)
    try values.check(count: counts.count, is: classes.count, forKey: .counts)
    for row in counts { try values.check(count: row.count, is: classes.count, forKey: .counts) }
    return .confusion(classes: classes, counts: counts)
  }
}

extension SampleRecord.Content {
  /// The kinds by the names they have in a log.
  package enum Kind: String, Sendable {
    case table, text, series, image, confusion
  }

  /// What it is a sample of.
  package var kind: Kind {
    switch self {
    case .table: .table
    case .text: .text
    case .series: .series
    case .image: .image
    case .confusion: .confusion
    }
  }
}

extension KeyedDecodingContainer {
  /// Refuses a list that is not as long as another key says.
  ///
  /// - Throws: `DecodingError`.
  func check(count: Int, is expected: Int, forKey key: Key) throws {
    guard count != expected else { return }
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self, debugDescription: "expected \(expected) values, found \(count)")
  }
}
