// Folders of images as people have them: names of other sets, nested folders, versions for Python.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct ImageFolderTests {
  private let images = TestFiles.idx([3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  private let test = TestFiles.idx([1, 2, 2], [0, 51, 102, 255])
  private let labels = TestFiles.idx([3], [0, 1, 0])
  private let testLabels = TestFiles.idx([1], [1])

  /// IDX labels as QMNIST has them: rows of 32-bit numbers, the class first.
  private func rows(_ rows: [[Int32]]) -> [UInt8] {
    [0, 0, 0x0c, 2] + [rows.count, rows[0].count].flatMap { [0, 0, 0, UInt8($0)] }
      + rows.joined().flatMap { withUnsafeBytes(of: $0.bigEndian) { Array($0) } }
  }

  private func load(
    _ files: [String: [UInt8]], set: String? = nil, validation: Double = 0.34
  ) throws -> Dataset {
    try TestFiles.inFolder(files) {
      try Dataset.idx($0, set: set, validation: validation, seed: 1)
    }
  }

  @Test(arguments: [
    (
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte"
    ),
    (
      "train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
      "t10k-labels.idx1-ubyte"
    ),
    (
      "MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte",
      "MNIST/raw/t10k-images-idx3-ubyte", "MNIST/raw/t10k-labels-idx1-ubyte"
    ),
    (
      "train-images-idx3-ubyte/train-images-idx3-ubyte",
      "train-labels-idx1-ubyte/train-labels-idx1-ubyte",
      "t10k-images-idx3-ubyte/t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte"
    ),
    (
      "kuzushiji_train-images-idx3-ubyte", "kuzushiji_train-labels-idx1-ubyte",
      "kuzushiji_test-images-idx3-ubyte", "kuzushiji_test-labels-idx1-ubyte"
    ),
    ("a/b/c/train_images", "a/b/c/train_labels", "a/b/c/val_images", "a/b/c/val_labels"),
  ])
  func `images are found by their names, plain, nested or each in a folder`(
    names: (String, String, String, String)
  ) throws {
    let data = try load([
      names.0: images, names.1: labels, names.2: test, names.3: testLabels,
      "read.me": [], ".hidden/train-images": [],
    ])
    #expect(data.inputShape == [1, 2, 2] && data.train.count == 3)
    #expect(Array(data.train.inputs.prefix(2)) == [1, 2].map { Float($0) / 255 })
    #expect(data.validation.inputs == [0, 0.2, 0.4, 1] && data.validation.labels == [1])
    #expect(data.notes.contains("images read from MNIST/raw") == names.0.hasPrefix("MNIST/"))
  }

  @Test func `packed and unpacked files beside each other are one set`() throws {
    let data = try load([
      "train-images-idx3-ubyte.gz": TestFiles.gzip(images), "train-images-idx3-ubyte": images,
      "train-labels-idx1-ubyte.gz": TestFiles.gzip(labels), "train-labels-idx1-ubyte": labels,
    ])
    #expect(data.train.count == 2 && data.validation.count == 1)
  }

  @Test func `EMNIST's letters stand upright and are called by their names`() throws {
    let letters = (1...26).map { UInt8($0) }
    let data = try load([
      "emnist-letters-train-images-idx3-ubyte": TestFiles.idx(
        [26, 2, 2], letters.flatMap { [$0, 0, 255, 51] }),
      "emnist-letters-train-labels-idx1-ubyte": TestFiles.idx([26], letters),
      "emnist-letters-test-images-idx3-ubyte": test,
      "emnist-letters-test-labels-idx1-ubyte": TestFiles.idx([1], [26]),
    ])
    #expect(data.classNames.first == "A" && data.classNames.last == "Z")
    #expect(data.train.labels == (0..<26).map(Int32.init) && data.validation.labels == [25])
    // Stored 0, 51 above 102, 255: the second number belongs below the first.
    #expect(data.validation.inputs == [0, 0.4, 0.2, 1])
    #expect(data.notes.contains("labels 1 to 26 read as classes 0 to 25"))
    #expect(data.notes.contains { $0.contains("turned upright") })
  }

  @Test func `QMNIST's rows of numbers begin with the class`() throws {
    let data = try load([
      "qmnist-train-images-idx3-ubyte": images,
      "qmnist-train-labels-idx2-int": rows([[1, 7, 9], [0, 7, 9], [2, 300_000, -1]]),
      "qmnist-train-labels.tsv.gz": [1, 2, 3],
      "qmnist-test-images-idx3-ubyte": test,
      "qmnist-test-labels-idx2-int": rows([[2, 0, 0]]),
    ])
    #expect(data.train.labels == [1, 0, 2] && data.validation.labels == [2])
    #expect(
      Array(data.train.inputs.prefix(2)) == [1, 2].map { Float($0) / 255 } && data.notes.isEmpty)
  }

  @Test func `of several sets one is chosen by its name or its end`() throws {
    let both = [
      "emnist-digits-train-images-idx3-ubyte": images,
      "emnist-digits-train-labels-idx1-ubyte": labels,
      "emnist-mnist-train-images-idx3-ubyte": images,
      "emnist-mnist-train-labels-idx1-ubyte": labels,
    ]
    let problem = TestFiles.problem { try load(both) }
    #expect(problem.contains("expected one data set, found emnist-digits, emnist-mnist"))
    #expect(problem.contains("choose one with data.set"))
    #expect(try load(both, set: "digits") == load(both, set: "emnist-digits"))
    #expect(TestFiles.problem { try load(both, set: "letters") }.contains("a set 'letters', found"))
    let folders = TestFiles.problem {
      try load(["a/raw/train-images": images, "b/train-images": images])
    }
    #expect(folders.contains("expected one folder of IDX files, found b, a/raw: name one"))
  }

  @Test func `a folder without images says what lies there`() throws {
    for (files, words) in [
      (["a.csv": [1], "b.png": [1]], "but a.csv, b.png: give the folder"),
      (["archive.zip": [1]], "but archive.zip: unpack the archive"), ([:], "an empty folder"),
      (
        Dictionary(uniqueKeysWithValues: (10..<99).map { ("f\($0)", [UInt8(0)]) }),
        "f10, f11, f12, f13, f14, f15 and 83 more"
      ),
      (["train-images": images, "notes.txt": [1]], "no train-labels… beside train-images, but"),
      (
        [
          "train-images-idx3-ubyte": Array("PK\u{3}\u{4}".utf8) + Array(repeating: 0, count: 40),
          "train-labels": labels,
        ], "expected an IDX file, found a zip archive"
      ),
    ] as [([String: [UInt8]], String)] {
      let problem = TestFiles.problem { try load(files) }
      #expect(problem.contains(words), "\(problem)")
    }
  }

  @Test func `masks of 0 and 255 are two classes`() throws {
    let data = try load([
      "train-images": images,
      "train-masks": TestFiles.idx([3, 2, 2], [0, 255, 0, 0] + [UInt8](repeating: 255, count: 8)),
    ])
    #expect(data.task == .segmentation && data.classNames == ["0", "255"])
    #expect(Set(data.train.labels + data.validation.labels) == [0, 1])
    #expect(
      data.notes == [
        "labels 0 and 255 read as 2 classes; with data.classes: 256 they are classes as they stand"
      ])
  }

  // MARK: - CIFAR

  private func batch(_ labels: [UInt8], group: Bool = false) -> [UInt8] {
    labels.flatMap { (group ? [19, $0] : [$0]) + Array(repeating: $0, count: 3072) }
  }

  @Test func `CIFAR-100 has the fine label behind the group's`() throws {
    let data = try TestFiles.inFolder([
      "train.bin": batch([99, 5], group: true), "test.bin": batch([7], group: true),
    ]) { try Dataset.cifar(.cifar100, $0) }
    #expect(data.train.labels == [99, 5] && data.classNames.count == 100)
    #expect(data.train.inputs[3072] == Float(5) / 255 && data.train.inputs.count == 2 * 3072)
  }

  @Test func `a version for Python, another set and a missing batch are named`() throws {
    let whole = batch(Array(repeating: 1, count: 10_000))
    for (files, words) in [
      (
        ["data_batch_1": [0x80, 2], "batches.meta": [0x80, 2], "test_batch": [0x80, 2]],
        "expected the binary version of CIFAR-10, found that for Python: get the binary version"
      ),
      (
        ["train.bin": batch([1]), "test.bin": batch([1])],
        "expected CIFAR-10, found CIFAR-100: read it with data: {cifar100: FOLDER}"
      ),
      (
        [
          "data_batch_1.bin": batch([1]), "data_batch_3.bin": batch([1]),
          "test_batch.bin": batch([1]),
        ],
        "no data_batch_2.bin in it, but data_batch_1.bin"
      ),
      (["data_batch_1.bin": whole, "test_batch.bin": batch([1])], "no data_batch_2.bin in it"),
      (["data_batch_1.bin": batch([1])], "no test_batch.bin in it"),
      (["x.txt": [1]], "no data_batch_1.bin in it, but x.txt"),
    ] as [([String: [UInt8]], String)] {
      let problem = TestFiles.problem {
        try TestFiles.inFolder(files) { try Dataset.cifar(.cifar10, $0) }
      }
      #expect(problem.contains(words), "\(problem)")
    }
  }
}
