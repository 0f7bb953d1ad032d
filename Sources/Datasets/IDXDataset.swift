// Image sets as IDX files: MNIST and its kin, and one's own.
import Basics
import Foundation

extension Dataset {
  /// The IDX files of a folder, plain or `.gz`; `IDXFolder` says under which names, and how `set`
  /// chooses among several.
  ///
  /// Labels are a class an image, masks a class a pixel: segmentation. Without a test part a share
  /// `validation` is measured on, dealt out by `split`; nil leaves both parts the same. Images `[N, H, W]` become `[1, H, W]`,
  /// `[N, C, H, W]` and `[N, D]` stay; pixels are 0…1. Without names, classes go by their numbers.
  ///
  /// - Throws: `ProgramError` if files are missing, damaged or don't belong together.
  package static func idx(
    _ root: URL, set: String? = nil, classNames: [String]? = nil, validation: Double? = 0.2,
    split: Split? = nil, seed: UInt64
  ) throws(ProgramError) -> Dataset {
    let folder = try IDXFolder(root, set: set)
    let train = try IDXPart(folder.train)
    var test: IDXPart?
    if let files = folder.test { test = try IDXPart(files) }
    if let test, test.shape != train.shape || test.isMask != train.isMask {
      throw .bad(
        place: folder.folder.path,
        problem: "expected both parts alike, found images of \(train.shape) and \(test.shape)",
        hint: "check that the files belong together")
    }
    let numbering = try ClassNumbering(
      [train.labels, test?.labels ?? []], count: classNames?.count, place: folder.folder.path)
    let names = classNames ?? EMNIST.names(of: folder.set, numbers: numbering.names)
    let isTurned = EMNIST.isTurned(folder.set, shape: train.shape)
    func examples(_ part: IDXPart) -> Examples {
      part.examples(numbering, classes: names.count, isTurned: isTurned)
    }
    let trained = examples(train)
    var data = Dataset(
      train: trained, validation: test.map(examples) ?? trained, inputShape: train.shape,
      classNames: names, task: train.isMask ? .segmentation : .classification)
    data.notes = folder.notes + numbering.notes
    data.encoding = .array(ArrayEncoding(divisor: 255, isTurned: isTurned))
    if isTurned {
      data.notes.append("EMNIST's files hold rows for columns: its images are turned upright")
    }
    if test == nil, let validation {
      try data.splitTrainingPart(
        share: validation, by: split, seed: seed, place: folder.folder.path)
    }
    return data
  }
}

/// What is particular to EMNIST (Cohen and others, 2017), under the names of its files.
private enum EMNIST {
  /// Its images were written column by column.
  static func isTurned(_ set: String, shape: [Int]) -> Bool {
    set.hasPrefix("emnist") && shape.count == 3 && shape[1] == shape[2]
  }

  /// The characters of a split, if it has that many classes; else the numbers.
  static func names(of set: String, numbers: [String]) -> [String] {
    let digits = "0123456789"
    let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    let characters =
      switch set.split(separator: "-").last {
      case "letters" where set.hasPrefix("emnist"): capitals
      case "balanced" where set.hasPrefix("emnist"), "bymerge" where set.hasPrefix("emnist"):
        digits + capitals + "abdefghnqrt"
      case "byclass" where set.hasPrefix("emnist"): digits + capitals + capitals.lowercased()
      default: ""
      }
    return characters.count == numbers.count ? characters.map(String.init) : numbers
  }
}

/// Images of one part with their labels or masks.
struct IDXPart {
  /// Of one image.
  let shape: [Int]
  /// The labels are one a pixel.
  let isMask: Bool
  /// The numbers as they stand.
  let labels: [Int32]
  private let images: IDXFile

  init(_ files: IDXFolder.Part) throws(ProgramError) {
    try self.init(
      IDXFile(contentsOf: files.images), IDXFile(contentsOf: files.labels), isMask: files.isMask,
      name: files.labels.path)
  }

  init(_ images: IDXFile, _ labels: IDXFile, isMask: Bool, name: String) throws(ProgramError) {
    guard 2...4 ~= images.shape.count, !images.values.isEmpty, images.type == .unsignedByte else {
      throw .bad(
        place: name,
        problem: "expected images of shape [N, H, W], [N, C, H, W] or [N, D] in unsigned bytes, "
          + "found \(images.type.name) of shape \(images.shape)",
        hint: "check the image file beside it")
    }
    let isPlane = images.shape.count == 3
    shape = (isPlane ? [1] : []) + images.shape.dropFirst()
    let expected = isMask ? [images.shape[0]] + shape.suffix(2) : [images.shape[0]]
    // QMNIST has eight numbers an image, the class first.
    let columns = !isMask && labels.shape.count == 2 ? labels.shape[1] : 1
    guard labels.shape.prefix(expected.count) == expected[...], columns > 0,
      labels.shape.count == expected.count + (isMask || labels.shape.count == 1 ? 0 : 1),
      !isMask || shape.count == 3
    else {
      throw .bad(
        place: name,
        problem: "expected one label for each \(isMask ? "pixel" : "image") of shape "
          + "\(images.shape), found shape \(labels.shape)",
        hint: "check that the files belong together")
    }
    self.images = images
    self.isMask = isMask
    self.labels = labels.integers(every: columns)
  }

  /// The images with classes below `classes`; each turned about its diagonal where `isTurned`.
  func examples(_ numbering: ClassNumbering, classes: Int, isTurned: Bool = false) -> Examples {
    let pixels = isTurned ? Self.turned(images.values, shape: shape) : images.values
    return Examples(
      inputs: pixels.pixels,
      targets: .classes(
        numbering.classes(of: labels), classes: classes,
        positions: isMask ? shape[1] * shape[2] : 1),
      count: images.shape[0])
  }

  /// Square images `[1, H, W]` turned about their diagonals.
  static func turned(_ pixels: [UInt8], shape: [Int]) -> [UInt8] {
    let (side, plane) = (shape[1], shape[1] * shape[2])
    return [UInt8](unsafeUninitializedCapacity: pixels.count) { turned, count in
      for start in stride(from: 0, to: pixels.count, by: plane) {
        for place in 0..<plane {
          turned[start + place] = pixels[start + place % side * side + place / side]
        }
      }
      count = pixels.count
    }
  }
}
