// The sample record: what the task has to show, and the only way for anything task-specific to
// reach the screen.

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
    case table(columns: [String], rows: [[JSONValue]])
    /// Text that a model wrote.
    case text(String)
    /// Values over time, one each time step: the truth, the prediction, and perhaps that of a
    /// forecast without learning.
    ///
    /// All have the same number of values; `unit` is only shown.
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

extension SampleRecord: RecordFields {
  static var blank: SampleRecord { SampleRecord(step: 0, title: "", content: .text("")) }

  mutating func code(_ fields: inout some FieldCoder) {
    var kind = content.kind
    fields.required("step", &step)
    fields.required("kind", &kind)
    fields.field("title", &title)
    if kind != content.kind { content = kind.blank }
    switch content {
    case .table(var columns, var rows):
      fields.required("columns", &columns)
      fields.required("rows", &rows)
      content = .table(columns: columns, rows: rows)
    case .text(var text):
      fields.required("text", &text)
      content = .text(text)
    case .series(var truth, var prediction, var baseline, var unit):
      fields.required("truth", &truth)
      fields.required("prediction", &prediction)
      fields.field("baseline", &baseline, .ifAny)
      fields.field("unit", &unit, .ifAny)
      fields.check(prediction.count, is: truth.count, "prediction")
      fields.check(baseline?.count ?? truth.count, is: truth.count, "baseline")
      content = .series(truth: truth, prediction: prediction, baseline: baseline, unit: unit)
    case .image(var image):
      image.code(&fields)
      content = .image(image)
    case .confusion(var classes, var counts):
      fields.required("classes", &classes)
      fields.required("counts", &counts)
      fields.check(counts.count, is: classes.count, "counts")
      for row in counts { fields.check(row.count, is: classes.count, "counts") }
      content = .confusion(classes: classes, counts: counts)
    }
  }
}

extension FieldCoder {
  /// Refuses, in reading, a list that is not as long as another field says.
  mutating func check(_ count: Int, is expected: Int, _ key: String) {
    check(count == expected, key, "expected \(expected) values, found \(count)")
  }
}

extension SampleRecord.Content {
  /// The kinds by the names they have in a log.
  package enum Kind: String, Sendable, FieldWord {
    case table, text, series, image, confusion

    /// - Throws: `RecordError.unknownKind` for a kind of a later version.
    package init(from decoder: any Decoder) throws {
      let name = try decoder.singleValueContainer().decode(String.self)
      guard let kind = Self(rawValue: name) else { throw RecordError.unknownKind(name) }
      self = kind
    }

    /// A sample of this kind with nothing in it.
    fileprivate var blank: SampleRecord.Content {
      switch self {
      case .table: .table(columns: [], rows: [])
      case .text: .text("")
      case .series: .series(truth: [], prediction: [])
      case .image: .image(.blank)
      case .confusion: .confusion(classes: [], counts: [])
      }
    }
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
