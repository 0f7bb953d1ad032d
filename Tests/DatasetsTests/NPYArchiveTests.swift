// Archives of arrays as numpy.savez and savez_compressed write them, and damaged ones.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct NPYArchiveTests {
  /// numpy.savez_compressed("c.npz", x=arange(12, dtype="float32").reshape(4, 3), y=array([0, 1, 1, 0]))
  /// of NumPy 2.4.
  private static let compressed = """
    UEsDBC0AAAAIAAAAIQAWctyh//////////8FABQAeC5ucHkBABAAsAAAAAAAAABmAAAAAAAAAJvsF+obEMnIUMZQrZ\
    6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CsaaOgq1CmQDLgYwaLAHEg5ABMQN\
    QLwAiA8A8QMgZnBkYBAAYgUgNnAEAFBLAwQtAAAACAAAACEA0nCddv//////////BQAUAHkubnB5AQAQAKAAAAAAAA\
    AASwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+Rom\
    Opo6CrUKFAAuBihgRKNhAABQSwECLQMtAAAACAAAACEAFnLcoWYAAACwAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucH\
    lQSwECLQMtAAAACAAAACEA0nCddksAAACgAAAABQAAAAAAAAAAAAAAgAGdAAAAeS5ucHlQSwUGAAAAAAIAAgBmAAAA\
    HwEAAAAA
    """
  /// numpy.savez("s.npz", arange(3, dtype="int16")): the same, stored, with zip64 fields.
  private static let stored = """
    UEsDBC0AAAAAAAAAIQBqz/JR//////////8JABQAYXJyXzAubnB5AQAQAIYAAAAAAAAAhgAAAAAAAACTTlVNUFkBAH\
    YAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAAAQACAFBLAQItAy0AAA\
    AAAAAAIQBqz/JRhgAAAIYAAAAJAAAAAAAAAAAAAACAAQAAAABhcnJfMC5ucHlQSwUGAAAAAAEAAQA3AAAAwQAAAAAA
    """

  private func array(_ base64: String, _ name: String) throws -> [Float] {
    let bytes = Array(try #require(Data(base64Encoded: base64)))
    return try TestFiles.inFolder(["a.npz": bytes]) { folder in
      let url = folder.appendingPathComponent(name)
      let file = try NPYFile(contentsOf: url)
      return try file.floats(of: 0..<file.rowCount)
    }
  }

  @Test func `arrays are read by name, stored or compressed, and the only one without`() throws {
    #expect(try array(Self.compressed, "a.npz:x") == (0..<12).map(Float.init))
    #expect(try array(Self.compressed, "a.npz:y") == [0, 1, 1, 0])
    #expect(try array(Self.stored, "a.npz") == [0, 1, 2])
    #expect(try array(Self.stored, "a.npz:arr_0") == [0, 1, 2])
  }

  @Test func `an archive is data as files are`() throws {
    let bytes = Array(try #require(Data(base64Encoded: Self.compressed)))
    try TestFiles.inFolder(["a.npz": bytes]) { folder in
      let data = try Dataset.npy(
        NPYFiles(
          train: .init(
            inputs: folder.appendingPathComponent("a.npz:x"),
            targets: folder.appendingPathComponent("a.npz:y"))),
        NPYOptions(validation: 0.25))
      #expect(data.inputShape == [3] && data.train.count == 3 && data.classNames == ["0", "1"])
    }
  }

  @Test func `a wrong name or none lists those there are`() throws {
    for (name, words) in [
      (
        "a.npz",
        "expected the name of one array behind the file's, found 2 arrays: x, y: write a.npz:x"
      ),
      ("a.npz:z", "expected an array 'z', found x, y: write a.npz:x"),
      ("b.npz:x", "No such file"),
    ] {
      let problem = TestFiles.problem { try array(Self.compressed, name) }
      #expect(problem.contains(words), "\(problem)")
    }
  }

  @Test func `no damage to an archive crashes the reader`() throws {
    var random = RandomSource(seed: 9)
    for base64 in [Self.compressed, Self.stored] {
      let good = Array(try #require(Data(base64Encoded: base64)))
      var refused = 0
      try TestFiles.inFolder([:]) { folder in
        let url = folder.appendingPathComponent("a.npz")
        for round in 0..<600 {
          var bytes = good
          if round.isMultiple(of: 3) {
            bytes.removeLast(random.index(below: bytes.count))
          } else {
            for _ in 0...random.index(below: 3) {
              let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff]
              // Most damage goes to the end, where the directory stands.
              let place = bytes.count - 1 - random.index(below: min(bytes.count, 180))
              bytes[place] =
                random.index(below: 2) == 0
                ? extremes[random.index(below: 5)] : UInt8(truncatingIfNeeded: random.next())
            }
          }
          try Data(bytes).write(to: url)
          do {
            for name in ["", "x", "arr_0"] {
              _ = try NPYFile(
                bytes: NPYArchive(url.path).array(name), name: "f")
            }
          } catch is ProgramError {
            refused += 1
          }
        }
      }
      #expect(refused > 300)
    }
  }

  @Test func `a packed array is unpacked`() throws {
    let packed = try TestFiles.gzip(
      TestFiles.npy("<f4", [2, 1], TestFiles.bytes([1, 2] as [Float])))
    try TestFiles.inFolder(["x.npy.gz": packed]) { folder in
      let file = try NPYFile(contentsOf: folder.appendingPathComponent("x.npy.gz"))
      #expect(try file.floats(of: 0..<2) == [1, 2])
    }
  }
}
