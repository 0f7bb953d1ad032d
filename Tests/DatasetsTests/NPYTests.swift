// NumPy arrays: kinds of numbers, shapes, and what cannot be read.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct NPYTests {
  private func data(
    _ inputs: [UInt8], _ targets: [UInt8], validation: (inputs: [UInt8], targets: [UInt8])? = nil,
    classes: Int? = nil, share: Double = 0.25, layout: ImageLayout? = nil,
    for answers: AnswerKind = .either, preparation: Preparation = Preparation()
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
      return try Dataset.npy(
        files, NPYOptions(classes: classes, validation: share, layout: layout), for: answers,
        preparation: preparation)
    }
  }

  private func inputs(_ shape: [Int]) -> [UInt8] {
    TestFiles.npy("<f4", shape, TestFiles.bytes((0..<shape.reduce(1, *)).map(Float.init)))
  }

  @Test func `every kind of number is read as the same values, of either byte order`() throws {
    let numbers = [0, 1, 100, 7]
    let halves: [UInt16] = numbers.map { Float16($0).bitPattern }
    let doubles = numbers.map { Double($0).bitPattern }
    let kinds: [(code: String, values: [UInt8])] = [
      ("f2", TestFiles.bytes(halves)), ("f4", TestFiles.bytes(numbers.map(Float.init))),
      ("f8", TestFiles.bytes(doubles)), ("i1", TestFiles.bytes(numbers.map(Int8.init))),
      ("i2", TestFiles.bytes(numbers.map(Int16.init))),
      ("i4", TestFiles.bytes(numbers.map(Int32.init))),
      ("i8", TestFiles.bytes(numbers.map(Int64.init))),
      ("u1", TestFiles.bytes(numbers.map(UInt8.init))),
      ("u2", TestFiles.bytes(numbers.map(UInt16.init))),
      ("u4", TestFiles.bytes(numbers.map(UInt32.init))),
      ("u8", TestFiles.bytes(numbers.map(UInt64.init))),
    ]
    for (code, values) in kinds {
      let size = values.count / 4
      let swapped = stride(from: 0, to: values.count, by: size).flatMap {
        values[$0..<$0 + size].reversed()
      }
      for (order, bytes) in [("<", values), (">", swapped), (size == 1 ? "|" : "=", values)] {
        let file = try NPYFile(bytes: TestFiles.npy(order + code, [2, 2], bytes), name: "f")
        #expect(file.shape == [2, 2])
        #expect(try file.floats(of: 0..<2) == [0, 1, 100, 7], "\(order)\(code)")
        #expect(file.doubles(of: [1, 0]) == [100, 7, 0, 1])
        #expect(try file.labels() == [0, 1, 100, 7])
      }
    }
    let flags = try NPYFile(bytes: TestFiles.npy("|b1", [4], [0, 1, 0, 1]), name: "f")
    #expect(try flags.floats(of: 0..<4) == [0, 1, 0, 1] && flags.type.name == "bool")
  }

  @Test func `negative numbers and those beyond 32 bits keep their values`() throws {
    let long = try NPYFile(
      bytes: TestFiles.npy("<i8", [2], TestFiles.bytes([-1, 1_700_000_000_123] as [Int64])),
      name: "f")
    #expect(long.doubles(of: 0..<2) == [-1, 1_700_000_000_123])
    let unsigned = try NPYFile(
      bytes: TestFiles.npy("<u8", [1], TestFiles.bytes([UInt64.max])), name: "f")
    #expect(unsigned.doubles(of: 0..<1) == [0x1p64])
    let bytes = try NPYFile(bytes: TestFiles.npy("|i1", [2], [0xff, 0x80]), name: "f")
    #expect(try bytes.floats(of: 0..<2) == [-1, -128])
  }

  @Test func `Fortran order is read as what it means, of any rank`() throws {
    for shape in [[2, 3], [3, 2, 2], [2, 3, 2, 2], [5], [300, 7]] {
      let count = shape.reduce(1, *)
      // The value at an index is its place in C order; stored with the first index fastest.
      var stored = [Float](repeating: 0, count: count)
      for place in 0..<count {
        var (rest, target) = (place, 0)
        let strides = shape.indices.map { shape[..<$0].reduce(1, *) }
        for (size, stride) in zip(shape, strides).reversed() {
          target += rest % size * stride
          rest /= size
        }
        stored[target] = Float(place)
      }
      let file = try NPYFile(
        bytes: TestFiles.npy("<f4", shape, TestFiles.bytes(stored), fortran: true), name: "f")
      #expect(try file.floats(of: 0..<shape[0]) == (0..<count).map(Float.init), "\(shape)")
      #expect(file.doubles(of: [shape[0] - 1]) == (count - file.rowSize..<count).map(Double.init))
    }
  }

  @Test func `versions 1 to 3 of the header are read`() throws {
    var bytes = TestFiles.npy("<f4", [1, 1], TestFiles.bytes([5] as [Float]))
    for version in [2, 3] as [UInt8] {
      var longer = bytes
      longer[6] = version
      longer.insert(contentsOf: [0, 0], at: 10)
      #expect(try NPYFile(bytes: longer, name: "f").floats(of: 0..<1) == [5])
    }
    bytes[6] = 4
    #expect(TestFiles.problem { try NPYFile(bytes: bytes, name: "f") }.contains("version 4"))
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
        return try Dataset.npy(NPYFiles(train: part), NPYOptions(validation: 0))
      }
    }
    let data = try translation(TestFiles.npy("|u1", [2, 2], [7, 1, 7, 0]))
    #expect(data.inputShape == [3] && data.decoderLength == 2 && data.inputSize == 5)
    #expect(data.train.inputs == [0, 1, 2, 7, 1, 3, 4, 5, 7, 0])
    #expect(data.train.targets == .classes([1, 2, 0, 1], classes: 3, positions: 2))
    #expect(throws: ProgramError.self) { try translation(TestFiles.npy("|u1", [2, 1], [7, 7])) }
  }

  @Test func `a validation share of 0 measures on the training part`() throws {
    let data = try data(
      inputs([2, 3]), TestFiles.npy("|u1", [2], [0, 1]), classes: 5, share: 0)
    #expect(data.train == data.validation && data.train.count == 2)
    #expect(data.train.targets == .classes([0, 1], classes: 5))
  }

  @Test func `classes are counted over both parts`() throws {
    func both(_ label: UInt8, _ options: Int? = nil) throws -> Dataset {
      try data(
        inputs([2, 3]), TestFiles.npy("|u1", [2], [0, 1]),
        validation: (inputs([1, 3]), TestFiles.npy("|u1", [1], [label])), classes: options)
    }
    let next = try both(2)
    #expect(next.train.targets == .classes([0, 1], classes: 3))
    #expect(next.validation.targets == .classes([2], classes: 3) && next.notes.isEmpty)
    let far = try both(6)
    #expect(far.validation.targets == .classes([2], classes: 3))
    #expect(far.classNames == ["0", "1", "6"] && far.notes.count == 1)
    #expect(try both(6, 7).validation.targets == .classes([6], classes: 7))
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
    ("|O", "Python objects (a pickle), '|O'", "astype('float32')"),
    ("<c8", "complex numbers, '<c8'", "array.real"),
    (">c16", "complex numbers", "array.imag"), ("<M8[ns]", "dates, '<M8[ns]'", "astype('int64')"),
    ("<m8[s]", "time spans", "astype('int64')"), ("<f16", "floats of 16 bytes", "float64"),
    ("|V2", "bytes without a meaning", "float32"), ("<x3", "other values", "float32"),
  ])
  func `unsupported types of values are named, with a cure`(
    code: String, name: String, cure: String
  ) {
    let problem = TestFiles.problem { try NPYFile(bytes: TestFiles.npy(code, [1], [0]), name: "f") }
    #expect(problem.contains("expected numbers, found \(name)"), "\(problem)")
    #expect(problem.contains(cure), "\(problem)")
  }

  @Test func `records are named by their fields`() {
    let bytes = TestFiles.npy("X", [1], [0])
    let text = String(decoding: bytes[10...], as: UTF8.self)
      .replacing("'X'", with: "[('age', '<f4'), ('name', '<U8'), ('at', '<i4', (2,))]")
    let problem = TestFiles.problem {
      try NPYFile(
        bytes: bytes[..<8] + [UInt8(text.utf8.count), 0] + Array(text.utf8), name: "f")
    }
    #expect(problem.contains("records with the fields 'age', 'name', 'at'"), "\(problem)")
    #expect(problem.contains("structured_to_unstructured"))
  }

  @Test(arguments: [
    (TestFiles.npy("<f4", [3], [0, 0, 0, 0]), "expected the values of shape [3] in float32"),
    (TestFiles.npy("<f4", [1 << 40, 1 << 40], []), "expected the values of shape"),
    (TestFiles.npy("<f4", [1], [0, 0, 0xc0, 0x7f]), "f: value [0]: expected a finite number"),
    (
      TestFiles.npy("<f8", [1, 1], TestFiles.bytes([1e300.bitPattern])),
      "f: value [0, 0]: expected a number that a Float holds"
    ),
    (TestFiles.npy("<f2", [1, 1], [0, 0x7c]), "expected a finite number, found inf"),
    (Array(TestFiles.npy("<f4", [1], [0, 0, 0, 0]).prefix(30)), "expected a header of at most"),
    (Array("hello".utf8), "expected an NPY header, found other bytes"),
    (Array("PAR1\0".utf8), "expected an NPY header, found a Parquet file"), ([], "other bytes"),
  ])
  func `what cannot be read says what to do`(bytes: [UInt8], part: String) {
    let problem = TestFiles.problem { try NPYFile(bytes: bytes, name: "f").floats(of: 0..<1) }
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
            inputs([2, 3]), TestFiles.npy("<i8", [2], TestFiles.bytes([0, 1 << 40] as [Int64])))
        }, "value [1]: expected a class, a number of at most nine digits, found 1099511627776"
      ),
    ] {
      #expect(problem.contains(part), "\(problem)")
    }
  }
}
