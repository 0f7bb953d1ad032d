// Pictures that are drawn from a seed, for segmentation and detection.
import Basics

/// Pictures of shapes.
package struct ShapesOptions: Sendable, Equatable {
  /// What is asked about a picture.
  package enum Task: String, Sendable, CaseIterable {
    /// Which shape each pixel belongs to; one to four shapes.
    case segmentation
    /// Which shape it is and where; one shape.
    case detection
  }

  package var task: Task
  /// Pixels in a row, and rows.
  package var size: Int
  package var train: Int
  package var validation: Int

  package init(task: Task, size: Int = 32, train: Int = 1000, validation: Int = 200) {
    self.task = task
    self.size = size
    self.train = train
    self.validation = validation
  }
}

extension Dataset {
  /// Noisy grey pictures `[1, size, size]` of discs, squares and triangles.
  ///
  /// Segmentation has the classes background, disc, square and triangle; detection the three shapes,
  /// with the box of the pixels that are at least half covered.
  package static func shapes(_ options: ShapesOptions, seed: UInt64) -> Dataset {
    let size = options.size
    func part(_ count: Int, _ stream: UInt64) -> Examples {
      var random = RandomSource(seed: seed, stream: stream)
      var inputs: [Float] = []
      var labels: [Int32] = []
      var boxes: [Float] = []
      inputs.reserveCapacity(count * size * size)
      for _ in 0..<count {
        let isDetection = options.task == .detection
        let scene = ShapeScene(size: size, most: isDetection ? 1 : 4, random: &random)
        inputs += scene.canvas.pixels
        if isDetection {
          labels.append(Int32(scene.shapes[0].kind - 1))
          boxes += scene.shapes[0].box.scaled(size: size)
        } else {
          labels += scene.mask
        }
      }
      let targets: Targets =
        switch options.task {
        case .segmentation: .classes(labels, classes: 4, positions: size * size)
        case .detection: .classesAndBoxes(labels, boxes: boxes, classes: 3)
        }
      return Examples(inputs: inputs, targets: targets, count: count)
    }
    let names = ShapeScene.classNames
    return Dataset(
      train: part(options.train, Stream.trainRows),
      validation: part(options.validation, Stream.validationRows), inputShape: [1, size, size],
      classNames: options.task == .segmentation ? names : Array(names.dropFirst()),
      task: options.task == .segmentation ? .segmentation : .detection)
  }

  /// One handwritten digit, 0.8 to 1.3 times its size, somewhere on a noisy canvas
  /// `[1, size, size]`: which, and where.
  ///
  /// Digits of the training part come from MNIST's shipped training part, the others from its
  /// validation part, unless there are `test` more to be held out for the end: those come from it then,
  /// and validation's from the last 500 digits of the training part. A box holds the pixels above 0.2 before the noise.
  ///
  /// - Throws: `ProgramError` if the shipped digits are missing.
  package static func canvasDigits(
    size: Int, train: Int, validation: Int, test: Int? = nil, seed: UInt64
  ) throws(ProgramError) -> Dataset {
    var digits = try images(.mnist, full: false, searchPath: [])
    let own = digits.validation
    if test != nil {
      digits.validation = digits.train.rows(digits.train.count - 500..<digits.train.count)
      digits.train = digits.train.rows(0..<digits.train.count - 500)
    }
    func part(_ source: Examples, _ count: Int, _ stream: UInt64) -> Examples {
      guard case .classes(let digits, _, _) = source.targets else {
        preconditionFailure("digits without classes")
      }
      var random = RandomSource(seed: seed, stream: stream)
      var inputs: [Float] = []
      var labels: [Int32] = []
      var boxes: [Float] = []
      inputs.reserveCapacity(count * size * size)
      for _ in 0..<count {
        let index = random.index(below: source.count)
        var canvas = Canvas(size: size)
        let box = canvas.paste(
          source.inputs[(index * 784)..<((index + 1) * 784)], side: 28, random: &random)
        canvas.addNoise(random: &random)
        inputs += canvas.pixels
        labels.append(digits[index])
        boxes += box.scaled(size: size)
      }
      return Examples(
        inputs: inputs, targets: .classesAndBoxes(labels, boxes: boxes, classes: 10), count: count)
    }
    var data = Dataset(
      train: part(digits.train, train, Stream.trainRows),
      validation: part(digits.validation, validation, Stream.validationRows),
      inputShape: [1, size, size], classNames: digits.classNames, task: .detection)
    data.test = test.map {
      TestPart(examples: part(own, $0, Stream.testRows), task: data.task)
    }
    return data
  }
}

extension Canvas {
  /// Pastes a square image at a random size and place, wholly inside; returns the box of what is
  /// brighter than 0.2.
  fileprivate mutating func paste(
    _ image: ArraySlice<Float>, side: Int, random: inout RandomSource
  ) -> PixelBox {
    let scaledSide = min(
      Int((Double(side) * random.uniform(in: 0.8...1.3)).rounded()), size)
    let left = random.index(below: size - scaledSide + 1)
    let top = random.index(below: size - scaledSide + 1)
    let step = Float(side) / Float(scaledSide)
    var box = PixelBox.empty
    for row in 0..<scaledSide {
      for column in 0..<scaledSide {
        let value = Self.sample(
          image, side: side, x: (Float(column) + 0.5) * step - 0.5,
          y: (Float(row) + 0.5) * step - 0.5)
        pixels[(top + row) * size + left + column] = value
        if value > 0.2 { box.include(x: left + column, y: top + row) }
      }
    }
    return box
  }

  /// The value between pixels' centres (bilinear), black outside.
  private static func sample(_ image: ArraySlice<Float>, side: Int, x: Float, y: Float) -> Float {
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (right, lower) = (x - Float(left), y - Float(top))
    func pixel(_ column: Int, _ row: Int) -> Float {
      0..<side ~= column && 0..<side ~= row ? image[image.startIndex + row * side + column] : 0
    }
    let upper = pixel(left, top) * (1 - right) + pixel(left + 1, top) * right
    let below = pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right
    return upper * (1 - lower) + below * lower
  }
}
