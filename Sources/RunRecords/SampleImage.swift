// A picture of a sample record: planes of values, boxes and a label, the truth beside the prediction.

/// A picture with what was to be found in it and what was found.
package struct SampleImage: Sendable, Equatable {
  /// In pixels, 0 or more.
  package private(set) var width: Int
  package private(set) var height: Int
  /// Values of every pixel; the names are unique.
  ///
  /// `input` holds brightness 0…1; a colour picture has `red`, `green` and `blue` instead. `truth` and
  /// `prediction` hold brightness too, or class indices where there are `classes`.
  package private(set) var planes: [Plane]
  /// What was to be found; nil if the task has no boxes.
  package private(set) var truthBox: Box?
  /// What was found.
  package private(set) var predictionBox: Box?
  /// The names of the class indices in the planes `truth` and `prediction`; empty if these hold
  /// brightness.
  package private(set) var classes: [String]
  /// What the whole picture shows; nil if the task has no such question.
  package private(set) var label: Label?

  /// A value for each pixel.
  package struct Plane: Sendable, Equatable {
    package let name: String
    /// Row by row, `width` × `height` in all.
    package let values: [Float]

    package init(_ name: String, _ values: [Float]) {
      self.name = name
      self.values = values
    }
  }

  /// A rectangle in pixels; (0, 0) is the top left corner of the picture.
  package struct Box: Sendable, Equatable {
    package let left: Float
    package let top: Float
    package let right: Float
    package let bottom: Float

    package init(left: Float, top: Float, right: Float, bottom: Float) {
      self.left = left
      self.top = top
      self.right = right
      self.bottom = bottom
    }
  }

  /// A class by name, as it is and as it was taken for.
  package struct Label: Sendable, Equatable {
    package fileprivate(set) var truth: String
    package fileprivate(set) var prediction: String

    package init(truth: String, prediction: String) {
      self.truth = truth
      self.prediction = prediction
    }
  }

  /// A picture; every plane must have `width` × `height` values and a distinct name.
  package init(
    width: Int, height: Int, planes: [Plane], truthBox: Box? = nil, predictionBox: Box? = nil,
    classes: [String] = [], label: Label? = nil
  ) {
    precondition(width >= 0 && height >= 0)
    precondition(planes.allSatisfy { $0.values.count == width * height })
    precondition(Set(planes.map(\.name)).count == planes.count)
    self.width = width
    self.height = height
    self.planes = planes
    self.truthBox = truthBox
    self.predictionBox = predictionBox
    self.classes = classes
    self.label = label
  }

  /// The values of the plane with this name, row by row; nil without such a plane.
  package func plane(_ name: String) -> [Float]? { planes.first { $0.name == name }?.values }
}

extension SampleImage: RecordFields {
  static var blank: SampleImage { SampleImage(width: 0, height: 0, planes: []) }

  mutating func code(_ fields: inout some FieldCoder) {
    var boxes = truthBox == nil && predictionBox == nil ? nil : Boxes(truthBox, predictionBox)
    var entries = planes.map { (name: $0.name, value: $0.values) }
    fields.required("width", &width)
    fields.required("height", &height)
    fields.named("planes", &entries, .always)
    fields.part("boxes", &boxes, .ifAny)
    fields.field("classes", &classes, .ifAny)
    fields.part("label", &label, .ifAny)
    let (size, isTooLarge) = width.multipliedReportingOverflow(by: height)
    fields.check(width >= 0 && height >= 0 && !isTooLarge, "width", "expected a picture's size")
    for entry in entries { fields.check(entry.value.count, is: size, "planes") }
    // The order of planes in a JSON object is lost in reading: the known ones come first.
    planes = entries.map { Plane($0.name, $0.value) }
      .sorted { Self.order($0.name) < Self.order($1.name) }
    (truthBox, predictionBox) = (boxes?.truth, boxes?.prediction)
  }

  private static let knownPlanes = ["input", "red", "green", "blue", "truth", "prediction"]

  private static func order(_ name: String) -> (Int, String) {
    (knownPlanes.firstIndex(of: name) ?? knownPlanes.count, name)
  }
}

extension SampleImage.Label: RecordFields {
  static var blank: Self { Self(truth: "", prediction: "") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("truth", &truth)
    fields.required("prediction", &prediction)
  }
}

/// What was to be found and what was found, as a record holds them.
private struct Boxes: RecordFields {
  var truth: SampleImage.Box?
  var prediction: SampleImage.Box?

  init(_ truth: SampleImage.Box?, _ prediction: SampleImage.Box?) {
    (self.truth, self.prediction) = (truth, prediction)
  }

  static var blank: Boxes { Boxes(nil, nil) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.field("truth", &truth, .ifAny)
    fields.field("prediction", &prediction, .ifAny)
  }
}

extension SampleImage.Box: FieldValue {
  private var corners: [Float] { [left, top, right, bottom] }

  func write(to json: inout JSONWriter, _ key: String?) { corners.write(to: &json, key) }
  var cell: String { corners.cell }

  /// Reads left, top, right and bottom.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer()
    let corners = try values.decode([Float].self)
    guard corners.count == 4 else {
      throw DecodingError.dataCorruptedError(
        in: values, debugDescription: "expected 4 values, found \(corners.count)")
    }
    self.init(left: corners[0], top: corners[1], right: corners[2], bottom: corners[3])
  }
}
