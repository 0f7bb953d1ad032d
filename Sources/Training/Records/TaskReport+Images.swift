// What classes, masks and boxes have to show: confusions, overlaps, and pictures.
import Basics
import Datasets
import NeuralNetwork
import RunRecords

extension TaskReport {
  /// Pictures in a record of samples.
  private static var shownImages: Int { 6 }

  // MARK: Classes

  /// How often each class was taken for each, and pictures with their labels where inputs are images.
  mutating func addClasses(_ outputs: [Float], _ setup: RunSetup) {
    guard case .classes(let labels, let classes, 1) = setup.dataset.validation.targets else {
      return
    }
    let size = setup.learner.outputSize
    let decisions = labels.indices.map { row in
      size == 1 ? (outputs[row] > 0 ? 1 : 0) : largest(outputs[row * size..<(row + 1) * size])
    }
    let names = setup.dataset.names(of: classes)
    var counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (label, decision) in zip(labels, decisions) { counts[Int(label)][decision] += 1 }
    addRecalls(counts, names)
    // The table of a probe says more of a single input than counts do.
    guard setup.dataset.probe == nil else { return }
    show("validation", .confusion(classes: names, counts: counts))
    for row in labels.indices.prefix(Self.shownImages) {
      guard let picture = setup.picture(row) else { return }
      show(
        "validation \(row + 1)",
        .image(
          SampleImage(
            width: picture.width, height: picture.height, planes: picture.planes,
            label: .init(truth: names[Int(labels[row])], prediction: names[decisions[row]]))))
    }
  }

  // MARK: Segmentation

  /// The overlap of truth and prediction, as the mean over the classes of intersection over union, and
  /// masks beside their pictures.
  mutating func addSegmentation(_ outputs: [Float], _ setup: RunSetup) {
    guard case .classes(let labels, let classes, let pixels) = setup.dataset.validation.targets,
      !labels.isEmpty
    else { return }
    var intersection = Array(repeating: 0, count: classes)
    var union = Array(repeating: 0, count: classes)
    var masks: [[Float]] = []
    for row in 0..<labels.count / pixels {
      let mask = Self.mask(outputs, at: row * classes * pixels, classes: classes, pixels: pixels)
      if row < Self.shownImages { masks.append(mask.map(Float.init)) }
      for (place, decision) in mask.enumerated() {
        let label = Int(labels[row * pixels + place])
        union[label] += 1
        if label == decision { intersection[label] += 1 } else { union[decision] += 1 }
      }
    }
    let overlaps = zip(intersection, union).filter { $0.1 > 0 }.map { Double($0) / Double($1) }
    add("validation_mean_iou", overlaps.reduce(0, +) / Double(max(overlaps.count, 1)))
    for (row, mask) in masks.enumerated() {
      // A network may answer with a coarser mask than its picture.
      guard let picture = setup.picture(row), picture.width * picture.height == pixels else {
        return
      }
      let truth = labels[row * pixels..<(row + 1) * pixels].map(Float.init)
      show(
        "validation \(row + 1)",
        .image(
          SampleImage(
            width: picture.width, height: picture.height,
            planes: picture.planes + [.init("truth", truth), .init("prediction", mask)],
            classes: setup.dataset.names(of: classes))))
    }
  }

  /// The class with the largest logit at each pixel; logits are `[classes, pixels]`.
  private static func mask(
    _ outputs: [Float], at start: Int, classes: Int, pixels: Int
  ) -> [Int] {
    var best = Array(repeating: 0, count: pixels)
    var logits = Array(outputs[start..<start + pixels])
    for index in 1..<max(classes, 1) {
      let plane = outputs[(start + index * pixels)..<(start + (index + 1) * pixels)]
      for (place, logit) in plane.enumerated() where logit > logits[place] {
        logits[place] = logit
        best[place] = index
      }
    }
    return best
  }

  // MARK: Detection

  /// The mean overlap of the boxes, and boxes in their pictures.
  mutating func addDetection(_ outputs: [Float], _ setup: RunSetup) {
    guard
      case .classesAndBoxes(let labels, let boxes, let classes) = setup.dataset.validation.targets,
      !labels.isEmpty
    else { return }
    let size = classes + 4
    let names = setup.dataset.names(of: classes)
    var total = 0.0
    for row in labels.indices {
      let truth = Box(boxes[4 * row..<4 * row + 4])
      let answer = Box(outputs[row * size + classes..<(row + 1) * size])
      total += truth.overlap(with: answer)
      guard row < Self.shownImages, let picture = setup.picture(row) else { continue }
      let decision = largest(outputs[row * size..<row * size + classes])
      show(
        "validation \(row + 1)",
        .image(
          SampleImage(
            width: picture.width, height: picture.height, planes: picture.planes,
            truthBox: truth.scaled(picture), predictionBox: answer.scaled(picture),
            label: .init(truth: names[Int(labels[row])], prediction: names[decision]))))
    }
    add("validation_box_iou", total / Double(labels.count))
  }
}

/// A box in parts of the image's width and height.
private struct Box {
  var x0, y0, x1, y1: Float

  init(_ corners: ArraySlice<Float>) {
    let start = corners.startIndex
    (x0, y0) = (corners[start], corners[start + 1])
    (x1, y1) = (corners[start + 2], corners[start + 3])
  }

  private var area: Float { max(0, x1 - x0) * max(0, y1 - y0) }

  /// Intersection over union; 0 if a corner is NaN.
  func overlap(with other: Box) -> Double {
    let width = min(x1, other.x1) - max(x0, other.x0)
    let height = min(y1, other.y1) - max(y0, other.y0)
    guard width > 0, height > 0 else { return 0 }
    let both = width * height
    let share = both / (area + other.area - both)
    return share.isFinite ? Double(share) : 0
  }

  func scaled(_ picture: Picture) -> SampleImage.Box {
    let (width, height) = (Float(picture.width), Float(picture.height))
    return .init(left: x0 * width, top: y0 * height, right: x1 * width, bottom: y1 * height)
  }
}

/// The index of the largest value, the first of equals.
private func largest(_ values: ArraySlice<Float>) -> Int {
  var best = values.startIndex
  for index in values.indices where values[index] > values[best] { best = index }
  return best - values.startIndex
}

/// An input as it can be seen.
private struct Picture {
  var width, height: Int
  var planes: [SampleImage.Plane]
}

extension RunSetup {
  /// A validation example's image, brightness 0…1; nil if inputs are not images of one or three
  /// channels.
  fileprivate func picture(_ row: Int) -> Picture? {
    let shape = dataset.inputShape
    guard shape.count == 3, shape[0] == 1 || shape[0] == 3 else { return nil }
    let size = dataset.inputSize
    var values = Array(dataset.validation.inputs[row * size..<(row + 1) * size])
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    if least < 0 || most > 1, most > least {
      // Standardized inputs are shown from the darkest to the brightest.
      for index in values.indices { values[index] = (values[index] - least) / (most - least) }
    }
    let pixels = shape[1] * shape[2]
    let names = shape[0] == 1 ? ["input"] : ["red", "green", "blue"]
    let planes = names.enumerated().map { index, name in
      SampleImage.Plane(
        name, values[index * pixels..<(index + 1) * pixels].map { ($0 * 1000).rounded() / 1000 })
    }
    return Picture(width: shape[2], height: shape[1], planes: planes)
  }
}

extension Dataset {
  /// The classes' names, or their numbers.
  fileprivate func names(of classes: Int) -> [String] {
    classNames.count == classes ? classNames : (0..<classes).map(String.init)
  }
}
