// Image sets: what ships, what is looked for, and files that are not what they claim.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct ImageTests {
  @Test func `the shipped garments are all there, each class as often`() throws {
    let data = try Dataset.images(.fashion, full: false, searchPath: [])
    #expect(data.inputShape == [1, 28, 28] && data.task == .classification)
    #expect(data.train.count == 2500 && data.validation.count == 500)
    #expect(data.train.labels.prefix(10) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    #expect(data.classNames[9] == "Ankle boot")
    for label in Int32(0)..<10 {
      #expect(data.train.labels.count { $0 == label } == 250)
      #expect(data.validation.labels.count { $0 == label } == 50)
    }
    let mean = data.train.inputs.reduce(0) { $0 + Double($1) } / Double(data.train.inputs.count)
    #expect(abs(mean - 0.2859) < 0.0001)
  }

  @Test func `the shipped handwritten digits are all there`() throws {
    let data = try Dataset.images(.mnist, full: false, searchPath: [])
    #expect(data.inputShape == [1, 28, 28])
    #expect(data.train.count == 4500 && data.validation.count == 500)
    #expect(data.train.labels.count { $0 == 7 } == 450)
    #expect(data.train.inputs.allSatisfy { 0...1 ~= $0 })
  }

  @Test func `digits are flat, or images of the same values`() throws {
    let flat = try Dataset.digits()
    let images = try Dataset.digits(image: true)
    #expect(flat.inputShape == [64] && images.inputShape == [1, 8, 8])
    #expect(flat.train == images.train && flat.validation == images.validation)
  }

  @Test(.enabled(if: SharedData.has("mnist")))
  func `the whole of MNIST is found on the search path`() throws {
    let path = [URL(fileURLWithPath: "/nowhere"), SharedData.url("")]
    let part = try IDXPart(try #require(IDXFolder(SharedData.url("mnist")).test))
    #expect(part.shape == [1, 28, 28] && part.labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    let url = try DataSearchPath.find(["mnist"], on: path, what: "mnist", hint: "")
    #expect(url.path == SharedData.url("mnist").path)
  }

  @Test(.enabled(if: SharedData.has("cifar10-subset")))
  func `CIFAR-10 is read plane by plane with its class names`() throws {
    let folder = SharedData.url("cifar10-subset")
    let data = try Dataset.cifar(.cifar10, folder)
    #expect(data.inputShape == [3, 32, 32] && data.classNames[0] == "airplane")
    #expect(data.train.count == 4000 && data.validation.count == 1000)
    #expect(data.validation.labels.count { $0 == 3 } == 100)
    let bytes = Array(try Data(contentsOf: folder.appendingPathComponent("test_batch.bin")))
    #expect(data.validation.inputs[3072] == Float(bytes[3074]) / 255)
  }

  @Test(.enabled(if: SharedData.has("nuclei-seg")))
  func `masks beside images make a segmentation`() throws {
    let data = try Dataset.idx(SharedData.url("nuclei-seg"), seed: 1)
    #expect(data.task == .segmentation && data.inputShape == [1, 64, 64])
    #expect(data.train.count == 600 && data.validation.count == 150)
    guard case .classes(let labels, classes: 2, positions: 4096) = data.train.targets else {
      Issue.record("expected two classes a pixel, found others")
      return
    }
    let share = Double(labels.count { $0 == 1 }) / Double(labels.count)
    #expect(abs(share - 0.12) < 0.001)
  }

  @Test(arguments: ImageSet.allCases)
  func `a set that is missing says where it was looked for and how to get it`(set: ImageSet) {
    let problem = TestFiles.problem {
      try Dataset.images(set, full: true, searchPath: [URL(fileURLWithPath: "/nowhere")])
    }
    #expect(problem.hasPrefix("data: \(set.rawValue): expected a readable file: no folder "))
    #expect(problem.contains(" in /nowhere: "))
    #expect(problem.contains(set == .fashion ? "dataset-fashion-mnist" : "there"))
  }

  @Test func `the search path goes from the option over the user's folder to Debian's`() {
    let path = DataSearchPath.standard(
      first: URL(fileURLWithPath: "/first"), environment: ["XDG_DATA_HOME": "/xdg", "HOME": "/h"])
    #expect(path.map(\.path) == ["/first", "/xdg/maxnorm", "/usr/share/datasets"])
    let home = DataSearchPath.standard(environment: ["HOME": "/h"])
    #expect(home.map(\.path) == ["/h/.local/share/maxnorm", "/usr/share/datasets"])
  }

  private let plain = TestFiles.idx([4, 1, 2], [0, 255, 51, 102, 153, 204, 1, 2])
  private let labels = TestFiles.idx([4], [0, 1, 2, 1])

  @Test func `a folder without a test part is split, packed or plain`() throws {
    let files = try ["train-images-idx3-ubyte.gz": TestFiles.gzip(plain), "train-labels": labels]
    try TestFiles.inFolder(files) { folder in
      let data = try Dataset.idx(folder, validation: 0.25, seed: 1)
      #expect(data.inputShape == [1, 1, 2] && data.classNames == ["0", "1", "2"])
      #expect(data.train.count == 3 && data.validation.count == 1)
      #expect(
        Set(data.train.inputs + data.validation.inputs)
          == Set([0, 255, 51, 102, 153, 204, 1, 2].map { Float($0) / 255 }))
    }
  }

  @Test func `files that don't belong together are an error`() throws {
    let three = TestFiles.idx([3], [0, 1, 2])
    try TestFiles.inFolder(["train-images": plain, "train-labels": three]) { folder in
      let problem = TestFiles.problem { try Dataset.idx(folder, seed: 1) }
      #expect(problem.contains("expected one label for each image of shape [4, 1, 2]"))
    }
    try TestFiles.inFolder(["train-images": plain]) { folder in
      #expect(TestFiles.problem { try Dataset.idx(folder, seed: 1) }.contains("train-labels"))
    }
  }

  @Test func `members of a gzip file are one file`() throws {
    let packed = try TestFiles.gzip(Array(plain[..<7])) + TestFiles.gzip(Array(plain[7...]))
    let file = try IDXFile(bytes: packed, name: "f")
    #expect(file == (try IDXFile(bytes: plain, name: "f")))
  }

  @Test func `what unpacks to more than it declares is an error before it is unpacked`() throws {
    let bomb = try TestFiles.gzip(
      TestFiles.idx([10, 28, 28], Array(repeating: 0, count: 20_000_000)))
    #expect(bomb.count < 40_000)
    #expect(
      TestFiles.problem { try IDXFile(bytes: bomb, name: "f") }
        .contains("expected 7840 values for shape [10, 28, 28], found more"))
  }

  @Test func `a size that the packed file cannot hold is an error before memory is asked for`()
    throws
  {
    let huge = try TestFiles.gzip(TestFiles.idx([1 << 15, 1 << 15], [1, 2, 3]))
    #expect(
      TestFiles.problem { try IDXFile(bytes: huge, name: "f") }.contains("found at most"))
    let beyond = TestFiles.idx([1 << 31, 1 << 31, 1 << 31], [])
    #expect(
      TestFiles.problem { try IDXFile(bytes: beyond, name: "f") }
        .contains("a shape that fits memory"))
  }

  @Test(arguments: [0, 1, 3072, 3074])
  func `a CIFAR batch of broken records is an error`(count: Int) {
    let problem = TestFiles.problem {
      try CIFARBatch(bytes: Array(repeating: 0, count: count), classes: 10, name: "b")
    }
    #expect(problem.contains("expected records of 3073 bytes, found \(count) bytes"))
  }

  @Test func `a CIFAR label beyond the classes names its record`() {
    var bytes = [UInt8](repeating: 0, count: 2 * 3073)
    bytes[3073] = 10
    let problem = TestFiles.problem { try CIFARBatch(bytes: bytes, classes: 10, name: "b") }
    #expect(problem.contains("b: record 2: expected a label below 10, found 10"))
  }
}
