// NumPy arrays: kinds of numbers, shapes, and what cannot be read.
import Foundation
import Testing

@testable import Datasets

@Suite struct NPYTests {
  private func data(
    _ inputs: [UInt8], _ targets: [UInt8], validation: (inputs: [UInt8], targets: [UInt8])? = nil,
    classes: Int? = nil, share: Double = 0.25
  ) throws -> Dataset {
    var contents = ["x.npy": inputs, "y.npy": targets]
    contents["vx.npy"] = validation?.inputs
    contents["vy.npy"] = validation?.targets
    return try TestFiles.inFolder(contents) { folder in
      func part(_ prefix: String) -> NPYFiles.Part {
        NPYFiles.Part(
          inputs: folder.appendingPathComponent("\(prefix)x.npy"),
          targets: folder.appendingPathComponent("\(prefix)y.npy"))
      }
      let files = NPYFiles(train: part(""), validation: validation == nil ? nil : part("v"))
      return try Dataset.npy(files, classes: classes, validation: share)
    }
  }

  private func inputs(_ shape: [Int]) -> [UInt8] {
    TestFiles.npy("<f4", shape, TestFiles.bytes((0..<shape.reduce(1, *)).map(Float.init)))
  }

  @Test func `every kind of number is read as the same values`() throws {
    let numbers = [0, 1, 200, 7]
    let doubles = numbers.map { Double($0).bitPattern }
    for (type, values) in [
      ("<f4", TestFiles.bytes(numbers.map(Float.init))), ("<f8", TestFiles.bytes(doubles)),
      ("<i4", TestFiles.bytes(numbers.map(Int32.init))),
      ("<i8", TestFiles.bytes(numbers.map(Int64.init))),
      ("|u1", TestFiles.bytes(numbers.map(UInt8.init))),
    ] {
      let file = try NPYFile(bytes: TestFiles.npy(type, [2, 2], values), name: "f")
      #expect(file.shape == [2, 2])
      #expect(try file.floats() == [0, 1, 200, 7])
      if file.element.isInteger { #expect(try file.labels() == [0, 1, 200, 7]) }
    }
  }

  @Test func `without validation files the last rows are measured on, in order`() throws {
    let labels = TestFiles.npy("<i8", [4], TestFiles.bytes([0, 1, 2, 1] as [Int64]))
    let data = try data(inputs([4, 3]), labels)
    #expect(data.inputShape == [3] && data.classNames == ["0", "1", "2"])
    #expect(data.train.inputs == (0..<9).map(Float.init))
    #expect(data.validation.inputs == [9, 10, 11] && data.validation.labels == [1])
  }

  @Test func `a decoder's tokens stand behind the encoder's in each row`() throws {
    func translation(_ decoder: [UInt8]) throws -> Dataset {
      let labels = TestFiles.npy("|u1", [2, 2], [1, 2, 0, 1])
      return try TestFiles.inFolder(["x": inputs([2, 3]), "d": decoder, "y": labels]) { folder in
        let part = NPYFiles.Part(
          inputs: folder.appendingPathComponent("x"),
          decoderInputs: folder.appendingPathComponent("d"),
          targets: folder.appendingPathComponent("y"))
        return try Dataset.npy(NPYFiles(train: part), validation: 0)
      }
    }
    let data = try translation(TestFiles.npy("|u1", [2, 2], [7, 1, 7, 0]))
    #expect(data.inputShape == [3] && data.decoderLength == 2 && data.inputSize == 5)
    #expect(data.train.inputs == [0, 1, 2, 7, 1, 3, 4, 5, 7, 0])
    #expect(data.train.targets == .classes([1, 2, 0, 1], classes: 3, positions: 2))
    #expect(throws: DatasetError.self) { try translation(TestFiles.npy("|u1", [2, 1], [7, 7])) }
  }

  @Test func `a validation share of 0 measures on the training part`() throws {
    let data = try data(
      inputs([2, 3]), TestFiles.npy("|u1", [2], [0, 1]), classes: 5, share: 0)
    #expect(data.train == data.validation && data.train.count == 2)
    #expect(data.train.targets == .classes([0, 1], classes: 5))
  }

  @Test func `classes are counted over both parts`() throws {
    let data = try data(
      inputs([2, 3]), TestFiles.npy("|u1", [2], [0, 1]),
      validation: (inputs([1, 3]), TestFiles.npy("|u1", [1], [6])))
    #expect(data.train.targets == .classes([0, 1], classes: 7))
    #expect(data.validation.targets == .classes([6], classes: 7))
  }

  @Test func `the rank of the targets says what each is`() throws {
    let steps = TestFiles.npy("<i4", [2, 3], TestFiles.bytes([0, 1, 2, 2, 1, 0] as [Int32]))
    let tokens = try data(inputs([2, 3]), steps, share: 0)
    #expect(tokens.task == .classification)
    #expect(tokens.train.targets == .classes([0, 1, 2, 2, 1, 0], classes: 3, positions: 3))
    let masks = TestFiles.npy("|u1", [2, 1, 2], [0, 1, 1, 0])
    let images = try data(inputs([2, 3, 1, 2]), masks, share: 0)
    #expect(images.task == .segmentation && images.inputShape == [3, 1, 2])
    #expect(images.train.targets == .classes([0, 1, 1, 0], classes: 2, positions: 2))
    for shape in [[2, 3], [2, 3, 1]] {
      let values = try data(inputs([2, 3, 4]), inputs(shape), share: 0)
      #expect(values.train.targets == .values([0, 1, 2, 3, 4, 5], size: 3))
    }
  }

  @Test(arguments: [
    (TestFiles.npy(">f4", [1], [0, 0, 0, 0]), "big-endian"),
    (TestFiles.npy(">f4", [1], [0, 0, 0, 0]), "newbyteorder"),
    (TestFiles.npy("<f4", [1, 1], [0, 0, 0, 0], fortran: true), "ascontiguousarray"),
    (TestFiles.npy("<c8", [1], [0, 0, 0, 0]), "found numbers of type '<c8'"),
    (TestFiles.npy("<f4", [3], [0, 0, 0, 0]), "expected the values of shape [3]"),
    (TestFiles.npy("<f4", [1 << 40, 1 << 40], []), "expected the values of shape"),
    (TestFiles.npy("<f4", [1], [0, 0, 0xc0, 0x7f]), "f: value [0]: expected a finite number"),
    (Array(TestFiles.npy("<f4", [1], [0, 0, 0, 0]).prefix(30)), "expected a header of at most"),
    (Array("hello".utf8), "expected an NPY header"),
  ])
  func `what cannot be read says what to do`(bytes: [UInt8], part: String) {
    let problem = TestFiles.problem { try NPYFile(bytes: bytes, name: "f").floats() }
    #expect(problem.contains(part), "\(problem)")
  }

  @Test func `files that don't fit each other are an error`() throws {
    let two = TestFiles.npy("|u1", [2], [0, 1])
    for (problem, part) in [
      (TestFiles.problem { try data(inputs([3, 3]), two) }, "one target for each of 3 inputs"),
      (TestFiles.problem { try data(inputs([2]), two) }, "reshape(-1, 1)"),
      (TestFiles.problem { try data(inputs([2, 3]), two, classes: 1) }, "below 1, found 1"),
      (
        TestFiles.problem {
          try data(inputs([2, 3]), two, validation: (inputs([2, 4]), two))
        }, "expected examples as in"
      ),
      (
        TestFiles.problem {
          try data(inputs([2, 3]), two, validation: (inputs([2, 3]), inputs([2])))
        }, "expected examples as in"
      ),
      (
        TestFiles.problem {
          try data(
            inputs([2, 3]), TestFiles.npy("<i8", [2], TestFiles.bytes([0, -1] as [Int64])))
        }, "value [1]: expected a class, 0 to 65535, found -1"
      ),
    ] {
      #expect(problem.contains(part), "\(problem)")
    }
  }
}
