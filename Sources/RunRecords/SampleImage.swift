// A picture of a sample record: planes of values, boxes and a label, the truth beside the prediction.

/// A picture with what was to be found in it and what was found.
package struct SampleImage: Sendable, Equatable {
  /// In pixels, 0 or more.
  package let width: Int
  package let height: Int
  /// Values of every pixel; the names are unique.
  ///
  /// `input` holds brightness 0…1; a colour picture has `red`, `green` and `blue` instead. `truth` and
  /// `prediction` hold brightness too, or class indices where there are `classes`.
  package let planes: [Plane]
  /// What was to be found; nil where the task has no boxes.
  package let truthBox: Box?
  /// What was found.
  package let predictionBox: Box?
  /// The names of the class indices in the planes `truth` and `prediction`; empty where these hold
  /// brightness.
  package let classes: [String]
  /// What the whole picture shows; nil where the task has no such question.
  package let label: Label?

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
  package struct Label: Sendable, Equatable, Codable {
    package let truth: String
    package let prediction: String

    package init(truth: String, prediction: String) {
      self.truth = truth
      self.prediction = prediction
    }
  }

  /// A picture; every plane must have `width` × `height` values and a name of its own.
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

  /// The values of the plane with this name, row by row; nil where there is none.
  package func plane(_ name: String) -> [Float]? { planes.first { $0.name == name }?.values }
}

extension SampleImage: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("width", width)
    json.field("height", height)
    json.object("planes") { json in
      for plane in planes { json.field(plane.name, plane.values) }
    }
    if truthBox != nil || predictionBox != nil {
      json.object("boxes") { json in
        if let truthBox { json.field("truth", truthBox.corners) }
        if let predictionBox { json.field("prediction", predictionBox.corners) }
      }
    }
    if !classes.isEmpty { json.field("classes", Document.list(classes.map(Document.text))) }
    if let label {
      json.object("label") { json in
        json.field("truth", label.truth)
        json.field("prediction", label.prediction)
      }
    }
  }

  enum CodingKeys: String, CodingKey {
    case width, height, planes, boxes, classes, label
  }

  enum BoxKeys: String, CodingKey {
    case truth, prediction
  }

  /// The order of the planes in a JSON object is lost in reading: the known ones come first, in the
  /// order in which they are shown, others by name.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let (width, height) = (
      try values.decode(Int.self, forKey: .width), try values.decode(Int.self, forKey: .height)
    )
    let (size, isTooLarge) = width.multipliedReportingOverflow(by: height)
    guard width >= 0, height >= 0, !isTooLarge else {
      throw DecodingError.dataCorruptedError(
        forKey: .width, in: values, debugDescription: "expected a picture's size")
    }
    let planes = try values.decode([String: [Float]].self, forKey: .planes)
    for plane in planes.values { try values.check(count: plane.count, is: size, forKey: .planes) }
    let boxes =
      values.contains(.boxes)
      ? try values.nestedContainer(keyedBy: BoxKeys.self, forKey: .boxes) : nil
    self.init(
      width: width, height: height,
      planes: planes.sorted { Self.order($0.key) < Self.order($1.key) }.map { Plane($0, $1) },
      truthBox: try boxes?.decodeIfPresent(Box.self, forKey: .truth),
      predictionBox: try boxes?.decodeIfPresent(Box.self, forKey: .prediction),
      classes: try values.decodeIfPresent([String].self, forKey: .classes) ?? [],
      label: try values.decodeIfPresent(Label.self, forKey: .label))
  }

  private static let knownPlanes = ["input", "red", "green", "blue", "truth", "prediction"]

  private static func order(_ name: String) -> (Int, String) {
    (knownPlanes.firstIndex(of: name) ?? knownPlanes.count, name)
  }
}

extension SampleImage.Box: Decodable {
  var corners: [Float] { [left, top, right, bottom] }

  package init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    let corners = try (0..<4).map { _ in try values.decode(Float.self) }
    guard values.isAtEnd else {
      throw DecodingError.dataCorruptedError(
        in: values, debugDescription: "expected 4 values, found more")
    }
    self.init(left: corners[0], top: corners[1], right: corners[2], bottom: corners[3])
  }
}
