// Weights files: what Python writes and reads, what a damaged file does, and what fits a model.
import Basics
import Foundation
import Testing

@testable import Training

@Suite struct SafetensorsTests {
  /// Calls `body` with a path in a new folder, and removes the folder.
  private func atPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "maxnorm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("weights.safetensors").path)
  }

  private func error(reading bytes: [UInt8]) throws -> ProgramError? {
    var found: ProgramError?
    try atPath { path in
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do throws(ProgramError) { _ = try SafetensorsFile(contentsOf: path) } catch { found = error }
    }
    return found
  }

  /// A file with this header and as many zeros.
  private func file(_ header: String, zeros: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: zeros)
  }

  private let example = SafetensorsFile(
    metadata: ["format": "pt", "a\"b": "x\ny"],
    tensors: [
      NamedTensor(name: "fc1.weight", shape: [2, 3], values: [1.5, -2, 0.1, 4, 5, 6]),
      NamedTensor(name: "fc1.bias", shape: [2], values: [.nan, -0.0]),
      NamedTensor(name: "größe\n\u{1}", shape: [], values: [.infinity]),
      NamedTensor(name: "empty", shape: [0, 3], values: []),
    ])

  /// Written by `safetensors.torch.save_file` 0.8 of Python.
  private static let python = """
    KAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCIsImFcImIiOiJ4XG55In0sImJuLm51bV9iYXRjaG\
    VzX3RyYWNrZWQiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJkb3VibGUi\
    OnsiZHR5cGUiOiJGNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls4LDI0XX0sImVtcHR5Ijp7ImR0eXBlIj\
    oiRjMyIiwic2hhcGUiOlswLDNdLCJkYXRhX29mZnNldHMiOlsyNCwyNF19LCJmYzEuYmlhcyI6eyJkdHlwZSI6IkYz\
    MiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzI0LDMyXX0sImZjMS53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLC\
    JzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzMyLDU2XX0sImdyw7bDn2VcblwiIjp7ImR0eXBlIjoiRjMyIiwi\
    c2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls1Niw2MF19LCJicmFpbiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6Wz\
    NdLCJkYXRhX29mZnNldHMiOls2MCw2Nl19LCJoYWxmIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOls0XSwiZGF0YV9v\
    ZmZzZXRzIjpbNjYsNzRdfX0gICAHAAAAAAAAAJqZmZmZmbk/nHUAiDzkN34AAIA+AAAAvwAAwD8AAADAzczMPQAAgE\
    AAAKBAAADAQAAAQEDAP6q+Yn8APlS1/3sBAA==
    """

  @Test func `a file that Python wrote is read, whatever its types`() throws {
    let bytes = try #require(Data(base64Encoded: Self.python))
    try atPath { path in
      try bytes.write(to: URL(fileURLWithPath: path))
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.metadata == ["format": "pt", "a\"b": "x\ny"])
      #expect(
        file.tensors == [
          NamedTensor(name: "double", shape: [2], values: [0.1, .infinity]),
          NamedTensor(name: "empty", shape: [0, 3], values: []),
          NamedTensor(name: "fc1.bias", shape: [2], values: [0.25, -0.5]),
          NamedTensor(name: "fc1.weight", shape: [2, 3], values: [1.5, -2, 0.1, 4, 5, 6]),
          NamedTensor(name: "größe\n\"", shape: [], values: [3]),
          NamedTensor(name: "brain", shape: [3], values: [1.5, -0.33203125, 3.00405527047391e+38]),
          NamedTensor(
            name: "half", shape: [4], values: [1.5, -0.3330078125, 65504, 5.960464477539063e-08]),
        ])
      #expect(
        file.otherTensors == [
          SafetensorsFile.OtherTensor(name: "bn.num_batches_tracked", type: "I64", shape: [])
        ])
    }
  }

  @Test func `what is written reads back bit for bit, and the bytes are always the same`() throws {
    try atPath { path in
      try example.write(to: path)
      let first = try Data(contentsOf: URL(fileURLWithPath: path))
      let back = try SafetensorsFile(contentsOf: path)
      #expect(back.metadata == example.metadata)
      #expect(back.tensors.map(\.name).sorted() == example.tensors.map(\.name).sorted())
      for tensor in example.tensors {
        let read = try #require(back.tensors.first { $0.name == tensor.name })
        #expect(read.shape == tensor.shape)
        #expect(read.values.map(\.bitPattern) == tensor.values.map(\.bitPattern))
      }
      try example.write(to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
      // The numbers start at a multiple of 8 bytes; and these bytes are known to Python.
      #expect(first[0] % 8 == 0)
      #expect(first.count == 8 + Int(first[0]) + Int(first[1]) << 8 + 4 * 9)
    }
  }

  @Test func `a failure leaves the old file and no temporary one`() throws {
    try atPath { path in
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      }
      try example.write(to: path)
      #expect(try names() == ["weights.safetensors"])
      // The name of a folder, a name within a file, a device, a folder that is not there, none.
      for bad in [folder.path, path + "/x", "/dev/null", folder.path + "/none/x", path + "/", ""] {
        #expect(throws: ProgramError.self, "\(bad)") { try example.write(to: bad) }
        #expect(throws: ProgramError.self, "\(bad)") { try SafetensorsFile.reserve(bad) }
      }
      #expect(try names() == ["weights.safetensors"])
      #expect(try SafetensorsFile(contentsOf: path).tensors.count == 4)
      do {
        // What dies halfway takes its temporary file with it.
        var half = try FileReplacement(of: path)
        try half.append([1, 2, 3] as [UInt8])
        #expect(try names().count == 2)
      }
      #expect(try names() == ["weights.safetensors"])
      #expect(try SafetensorsFile(contentsOf: path).tensors.count == 4)
    }
  }

  @Test func `a link keeps pointing to the file that is replaced, and its permissions stay`() throws
  {
    try atPath { path in
      let link = path + ".link"
      try example.write(to: path)
      let manager = FileManager.default
      try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try manager.createSymbolicLink(atPath: link, withDestinationPath: path)
      try SafetensorsFile(tensors: []).write(to: link)
      #expect(try manager.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try SafetensorsFile(contentsOf: path).tensors.isEmpty)
      let mode = try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
    }
  }

  @Test func `a path that is not a file is an error that says so`() throws {
    for (path, words) in [
      ("/nowhere/x.safetensors", "No such file"), ("/tmp", "a folder"), ("/dev/zero", "device"),
    ] {
      do {
        _ = try SafetensorsFile(contentsOf: path)
        Issue.record("\(path) was read")
      } catch {
        #expect(error.kind == .unreadable)
        #expect(error.description.hasPrefix("weights: \(path): expected a "))
        #expect(error.description.contains(words))
      }
    }
  }

  @Test(
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "found 7"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9, "found 9"),
      (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "expected 12 bytes"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "ascend"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "from byte 0 on"),
      (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "at least 0, found '-'"),
      (#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, 8, "found '.'"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#, 8, "at most 2"),
      (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "data_offsets"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 8, "found its end"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x"#, 8, "found 'x'"),
      (#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8, "once each"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#, 8, "'more'"),
      (#"{"a":[[[[[[[[[[[[["#, 8, "expected '{'"),
      (#"{"__metadata__":{"a":1}}"#, 0, "found '1'"),
      (#"{"__metadata__":{"a":{"b":"c"}}}"#, 0, "found '{'"),
      (#"{"\ud800":{}}"#, 0, "half of a character"), (#"{"\u12g4":{}}"#, 0, "4 hexadecimal"),
      ("", 0, "expected '{'"), ("null", 0, "expected '{'"),
      (
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, 8,
        "fits memory"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,8]}}"#, 8,
        "fits 64 bits"
      ),
      (
        #"{"a":{"dtype":"?","shape":[],"data_offsets":[0,9223372036854775807]}}"#, 8, "found 8"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "from byte 4 on"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "'a' again"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12, "from byte 4 on"
      ),
    ])
  func `a header that lies is an error that says where`(
    header: String, zeros: Int, words: String
  ) throws {
    let error = try #require(try error(reading: file(header, zeros: zeros)))
    #expect(error.kind == .bad)
    #expect(error.description.contains(words), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test func `a length beyond the file or the limit is an error before anything is read`() throws {
    for length in [UInt64.max, 1 << 63, 100_000_001, 17] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
      let error = try #require(try error(reading: bytes + Array("{}              ".utf8)))
      #expect(error.description.contains("found one of \(length)"))
    }
    for count in 0..<8 {
      #expect(try error(reading: [UInt8](repeating: 0, count: count)) != nil)
    }
    let archive = try error(reading: [0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 100))
    #expect(archive?.description.contains("torch.save") == true)
  }

  @Test func `no damage to a file crashes the reader`() throws {
    let good = Array(try #require(Data(base64Encoded: Self.python)))
    let headerEnd = good.count - 74
    var random = SystemRandomNumberGenerator()
    let characters = Array(#"{}[]",:\0123456789-eu "#.utf8)
    try atPath { path in
      func read(_ bytes: [UInt8]) throws -> Bool {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return (try? SafetensorsFile(contentsOf: path)) != nil
      }
      #expect(try read(good))
      for count in 0..<good.count where count % 3 == 0 {
        #expect(try !read(Array(good[..<count])), "the first \(count) bytes")
      }
      for _ in 0..<1500 {
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let index = Int.random(in: 0..<headerEnd, using: &random)
          if index < 8 || Bool.random(using: &random) {
            bytes[index] = UInt8.random(in: 0...255, using: &random)
          } else {
            bytes[index] = characters[Int.random(in: 0..<characters.count, using: &random)]
          }
        }
        _ = try read(bytes)
      }
      for size in [8, 9, 100, 5000] {
        for _ in 0..<20 {
          _ = try read(
            [UInt8](repeating: 0, count: 0)
              + (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
      }
    }
    #expect(try error(reading: file(String(repeating: "[", count: 100_000), zeros: 0)) != nil)
    let deep = String(repeating: #"{"a":"#, count: 100_000)
    #expect(try error(reading: file(deep, zeros: 0)) != nil)
  }

  @Test(
    arguments: [
      (
        Array(
          """
          version https://git-lfs.github.com/spec/v1
          oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
          size 12345

          """.utf8),
        "found a Git LFS pointer, not the weights: get the file itself with 'git lfs pull'"
      ),
      (
        Array(
          #"{"metadata": {"total_size": 9}, "weight_map": {"a": "model-00001-of-00002.safetensors", "#
            .utf8) + Array(#""b": "model-00002-of-00002.safetensors"}}"#.utf8),
        "found the index of weights in 2 or more files: in Python: tensors = {}"
      ),
      (
        Array(#"{"weight_map": {"a": "model.safetensors", "b": "model.safetensors"}}"#.utf8),
        "found the index of weights in a file: give model.safetensors"
      ),
      (Array(#"{"hidden_size": 12, "layers": 3}"#.utf8), "found JSON: give the file of weights"),
      (
        Array("PK\u{3}\u{4}".utf8) + Array(repeating: 0, count: 26)
          + Array("archive/data.pkl".utf8) + Array(repeating: 7, count: 100),
        "found a PyTorch checkpoint of torch.save: in Python: safetensors.torch.save_file"
      ),
      (
        [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9] + Array(repeating: 7, count: 100),
        "found a Python pickle: in Python: safetensors.torch.save_file"
      ),
      (
        [0x89] + Array("HDF\r\n\u{1a}\n".utf8) + Array(repeating: 7, count: 100),
        "found an HDF5 file, as Keras writes one: in Python: transpose"
      ),
      (Array("<!DOCTYPE html><html>".utf8) + Array(repeating: 32, count: 50), "found a web page"),
      ([0x1f, 0x8b, 8, 0] + Array(repeating: 200, count: 50), "found a gzip file"),
      (Array("GGUF".utf8) + [3, 0, 0, 0, 9, 9, 9, 9, 9], "found a GGUF file"),
    ] as [([UInt8], String)])
  func `what people have instead is named, with how to get the weights`(
    bytes: [UInt8], words: String
  ) throws {
    let error = try #require(try error(reading: bytes))
    #expect(error.kind == .bad && error.description.contains(words), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  // MARK: - Names

  private func adopted(_ names: [String], by wanted: [String]) -> (names: [String], notes: [String])
  {
    var file = SafetensorsFile(
      tensors: names.map { NamedTensor(name: $0, shape: [], values: [1]) })
    let notes = file.adoptNames(of: wanted)
    return (file.tensors.map(\.name), notes)
  }

  @Test func `prefixes of wrappers are taken off where all names have them`() {
    let wanted = ["fc1.weight", "fc1.bias"]
    for (prefix, count) in [
      ("module.", 1), ("_orig_mod.", 1), ("_orig_mod.module.", 2), ("model.", 1),
    ] {
      let found = adopted(wanted.map { prefix + $0 }, by: wanted)
      #expect(found.names == wanted && found.notes.count == count)
      #expect(found.notes[0].contains("taken off the names of all 2 tensors"))
    }
    #expect(adopted(wanted, by: wanted) == (wanted, []))
    // Not all have it: nothing is guessed.
    #expect(adopted(["module.fc1.weight", "fc1.bias"], by: wanted).notes.isEmpty)
    // A layer may be called so.
    #expect(adopted(["model.weight"], by: ["model.weight"]) == (["model.weight"], []))
  }

  @Test func `dots in a layer's name are read as underscores, or explained`() {
    let wanted = ["features_0.weight", "classifier_1.weight_ih_l0"]
    let dotted = adopted(
      ["module.features.0.weight", "module.classifier.1.weight_ih_l0"], by: wanted)
    #expect(dotted.names == wanted)
    #expect(
      dotted.notes.count == 2 && dotted.notes[1].contains("features.0.weight is features_0.weight"))
    // Two names that would become one stay two.
    #expect(adopted(["a.b.weight", "a_b.weight"], by: ["a_b.weight"]).notes.isEmpty)
    let file = SafetensorsFile(tensors: [NamedTensor(name: "net.0.weight", shape: [], values: [1])])
    #expect(text([("fc1.weight", [])], file).hasSuffix("'_' for a dot: net.0 is name: net_0"))
  }

  // MARK: - Matching

  private func match(_ wanted: [(name: String, shape: [Int])], _ file: SafetensorsFile) throws
    -> [[Float]]
  {
    try SafetensorsFile.values(for: wanted, from: file, path: "w.safetensors")
  }

  private func text(_ wanted: [(name: String, shape: [Int])], _ file: SafetensorsFile) -> String {
    do {
      _ = try match(wanted, file)
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func `values come in the model's order, and the batches counted by PyTorch don't hurt`()
    throws
  {
    var file = SafetensorsFile(tensors: [
      NamedTensor(name: "b", shape: [2], values: [1, 2]),
      NamedTensor(name: "a", shape: [1, 1], values: [3]),
      NamedTensor(name: "bn.num_batches_tracked", shape: [], values: [3]),
    ])
    file.otherTensors = [.init(name: "x.bn2.num_batches_tracked", type: "I64", shape: [])]
    #expect(try match([("a", [1, 1]), ("b", [2])], file) == [[3], [1, 2]])
  }

  @Test func `what does not fit is listed with names, shapes, and the nearest name`() {
    var file = SafetensorsFile(tensors: [
      NamedTensor(name: "fc1.wight", shape: [2], values: [1, 2]),
      NamedTensor(name: "fc2.weight", shape: [1, 3], values: [3, 4, 5]),
    ])
    file.otherTensors = [.init(name: "fc3.weight", type: "I8", shape: [4])]
    #expect(
      text([("fc1.weight", [2]), ("fc2.weight", [3, 1]), ("fc3.weight", [4])], file)
        == "weights: w.safetensors: expected the model's 3 tensors, found no fc1.weight [2]; "
        + "fc2.weight [1, 3] where [3, 1] is expected, "
        + "fc3.weight of type I8 where F32, F64, F16 or BF16 is expected; "
        + "unexpected fc1.wight [2] (nearest: fc1.weight): "
        + "give weights of the same model, named as its layers are")
    #expect(
      text([("fc2.weight", [1, 3])], file).contains(
        "unexpected fc1.wight [2] (nearest: fc2.weight), fc3.weight [4] (nearest: fc2.weight)"))
    // Many, and names unfit for a line, stay one short line.
    let many = (0..<100).map { (name: "layer\($0).weight", shape: [1]) }
    #expect(text(many, SafetensorsFile(tensors: [])).contains("layer7.weight [1] and 92 more"))
    let odd = NamedTensor(
      name: "\u{1B}[2J\n" + String(repeating: "x", count: 1000), shape: [0], values: [])
    let line = text([], SafetensorsFile(tensors: [odd]))
    #expect(line.count < 300 && line.contains("…") && !line.contains("\n"))
    #expect(!line.unicodeScalars.contains("\u{1B}"))
  }
}
