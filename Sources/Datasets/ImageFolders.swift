// Image sets in folders: IDX files as MNIST has them, and CIFAR-10's binary batches.
import Foundation
import Kernels

extension Dataset {
  /// The IDX files of a folder, plain or `.gz`.
  ///
  /// `train-images…` with `train-labels…` (a class an image) or `train-masks…` (a class a pixel:
  /// segmentation), and the same with `t10k` or `test` in front; without those, a share `validation` of
  /// a seeded shuffle is measured on. Images `[N, H, W]` become `[1, H, W]`, `[N, C, H, W]` and
  /// `[N, D]` stay; pixels are 0…1. Without names, classes go by their numbers.
  ///
  /// - Throws: `DatasetError` where files are missing, damaged or don't belong together.
  package static func idx(
    _ folder: URL, classNames: [String]? = nil, validation: Double = 0.2, seed: UInt64
  ) throws(DatasetError) -> Dataset {
    let files = try FolderListing(folder)
    let train = try IDXPart(files, prefixes: ["train"])
    let hasTest = files.first(prefixes: ["t10k-images", "test-images"]) != nil
    let test = hasTest ? try IDXPart(files, prefixes: ["t10k", "test"]) : nil
    if let test, test.shape != train.shape || test.isMask != train.isMask {
      throw .bad(
        place: folder.path,
        problem: "expected both parts alike, found images of \(train.shape) and \(test.shape)",
        hint: "check that the files belong together")
    }
    let largest = max(train.labels.max() ?? 0, test?.labels.max() ?? 0)
    let classes = classNames?.count ?? max(Int(largest) + 1, 2)
    guard largest < classes else {
      throw .bad(
        place: folder.path, problem: "expected labels below \(classes), found \(largest)",
        hint: "check the label files")
    }
    let examples = train.examples(classes: classes)
    var data = Dataset(
      train: examples, validation: test?.examples(classes: classes) ?? examples,
      inputShape: train.shape, classNames: classNames ?? (0..<classes).map(String.init),
      task: train.isMask ? .segmentation : .classification)
    if test == nil {
      try data.splitTrainingPart(share: validation, seed: seed, place: folder.path)
    }
    return data
  }

  /// The binary version of CIFAR-10: `data_batch_….bin` and `test_batch.bin` in a folder.
  ///
  /// A record is a label byte and 3,072 pixel bytes, red before green before blue; images are
  /// `[3, 32, 32]`, 0…1. Class names come from `batches.meta.txt` where it is there.
  ///
  /// - Throws: `DatasetError` where files are missing or damaged.
  package static func cifar10(_ folder: URL) throws(DatasetError) -> Dataset {
    let files = try FolderListing(folder)
    var names = CIFARBatch.classNames
    if let meta = files.first(prefixes: ["batches.meta.txt"]) {
      let text = String(decoding: try datasetBytes(at: meta, hint: "check the path"), as: UTF8.self)
      names = text.split(whereSeparator: \.isNewline).map {
        $0.trimmingCharacters(in: .whitespaces)
      }.filter { !$0.isEmpty }
    }
    func part(_ prefix: String) throws(DatasetError) -> DatasetPart {
      let batches = files.all(prefix: prefix).filter { $0.pathExtension == "bin" }
      guard !batches.isEmpty else {
        throw .unreadable(
          path: folder.appendingPathComponent("\(prefix).bin").path,
          reason: "No such file or directory",
          hint: "give the folder of CIFAR-10's binary version (cifar-10-batches-bin)")
      }
      var pixels: [UInt8] = []
      var labels: [Int32] = []
      for batch in batches {
        let bytes = try datasetBytes(at: batch, hint: "check the path")
        try CIFARBatch(bytes: bytes, classes: names.count, name: batch.path)
          .append(to: &pixels, labels: &labels)
      }
      return DatasetPart(
        inputs: pixels.pixels, targets: .classes(labels, classes: names.count), count: labels.count)
    }
    return Dataset(
      train: try part("data_batch"), validation: try part("test_batch"), inputShape: [3, 32, 32],
      classNames: names, task: .classification)
  }

  /// Moves a share of the training examples, drawn by a seeded shuffle, to the validation part.
  ///
  /// - Throws: `DatasetError` where a part would be empty.
  mutating func splitTrainingPart(
    share: Double, seed: UInt64, place: String
  ) throws(DatasetError) {
    let all = train
    let split = try RowSplit(shuffling: all.count, share: share, seed: seed, place: place)
    train = all.rows(split.train, inputSize: inputSize)
    validation = all.rows(split.validation, inputSize: inputSize)
  }
}

/// Images of one part with their labels or masks.
struct IDXPart {
  /// Of one image.
  let shape: [Int]
  /// The labels are one a pixel.
  let isMask: Bool
  let labels: [UInt8]
  private let images: IDXFile

  init(_ files: FolderListing, prefixes: [String]) throws(DatasetError) {
    let imagesURL = try files.file(prefixes: prefixes.map { "\($0)-images" })
    let masksURL = files.first(prefixes: prefixes.map { "\($0)-masks" })
    let labelsURL: URL
    if let masksURL {
      labelsURL = masksURL
    } else {
      labelsURL = try files.file(prefixes: prefixes.map { "\($0)-labels" })
    }
    try self.init(
      IDXFile(contentsOf: imagesURL), IDXFile(contentsOf: labelsURL), isMask: masksURL != nil,
      name: labelsURL.path)
  }

  init(_ images: IDXFile, _ labels: IDXFile, isMask: Bool, name: String) throws(DatasetError) {
    guard 2...4 ~= images.shape.count, !images.values.isEmpty else {
      throw .bad(
        place: name,
        problem:
          "expected images of shape [N, H, W], [N, C, H, W] or [N, D], found \(images.shape)",
        hint: "check the image file beside it")
    }
    let isPlane = images.shape.count == 3
    shape = (isPlane ? [1] : []) + images.shape.dropFirst()
    let expected = isMask ? [images.shape[0]] + shape.suffix(2) : [images.shape[0]]
    guard labels.shape == expected, !isMask || shape.count == 3 else {
      throw .bad(
        place: name,
        problem: "expected one label for each \(isMask ? "pixel" : "image") of shape "
          + "\(images.shape), found shape \(labels.shape)",
        hint: "check that the files belong together")
    }
    self.images = images
    self.isMask = isMask
    self.labels = labels.values
  }

  func examples(classes: Int) -> DatasetPart {
    DatasetPart(
      inputs: images.values.pixels,
      targets: .classes(
        labels.map(Int32.init), classes: classes,
        positions: isMask ? shape[1] * shape[2] : 1),
      count: images.shape[0])
  }
}

/// One file of CIFAR-10's binary version.
struct CIFARBatch {
  static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  private static let recordSize = 3073
  private let bytes: [UInt8]

  init(bytes: [UInt8], classes: Int, name: String) throws(DatasetError) {
    let size = Self.recordSize
    guard !bytes.isEmpty, bytes.count.isMultiple(of: size) else {
      throw .bad(
        place: name,
        problem: "expected records of \(size) bytes, found \(bytes.count) bytes",
        hint: "give a batch of CIFAR-10's binary version")
    }
    for start in stride(from: 0, to: bytes.count, by: size) where bytes[start] >= classes {
      throw .bad(
        place: "\(name): record \(start / size + 1)",
        problem: "expected a label below \(classes), found \(bytes[start])",
        hint: "give a batch of CIFAR-10's binary version")
    }
    self.bytes = bytes
  }

  func append(to pixels: inout [UInt8], labels: inout [Int32]) {
    for start in stride(from: 0, to: bytes.count, by: Self.recordSize) {
      labels.append(Int32(bytes[start]))
      pixels += bytes[(start + 1)..<(start + Self.recordSize)]
    }
  }
}

/// The files of a folder, sorted by name.
struct FolderListing {
  let folder: URL
  private let names: [String]

  init(_ folder: URL) throws(DatasetError) {
    self.folder = folder
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw .unreadable(
        path: folder.path, reason: "no folder that can be read", hint: "check the path")
    }
  }

  func all(prefix: String) -> [URL] {
    names.filter { $0.hasPrefix(prefix) }.map { folder.appendingPathComponent($0) }
  }

  func first(prefixes: [String]) -> URL? {
    prefixes.lazy.compactMap { all(prefix: $0).first }.first
  }

  func file(prefixes: [String]) throws(DatasetError) -> URL {
    guard let url = first(prefixes: prefixes) else {
      throw .unreadable(
        path: folder.appendingPathComponent("\(prefixes[0])-…").path,
        reason: "No such file or directory",
        hint: "give a folder with \(prefixes.joined(separator: "… or "))… as IDX files")
    }
    return url
  }
}
