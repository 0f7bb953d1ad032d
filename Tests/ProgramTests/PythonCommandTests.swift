// The Python package that ships with the program; its own tests are in Tests/PythonTests.
import Foundation
import Testing

@Suite struct PythonCommandTests {
  @Test func `the wheel is made in the user's cache and holds the package`() throws {
    try Program.inFolder { folder in
      let cache = ["XDG_CACHE_HOME": folder.path]
      let result = try Program.run(["python"], environment: cache)
      #expect(result.status == 0, "\(result.errors)")
      let path = result.output.trimmingCharacters(in: .newlines)
      #expect(path.hasPrefix(folder.path) && path.hasSuffix("-py3-none-any.whl"))
      let wheel = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(wheel.starts(with: Array("PK".utf8)))
      #expect(wheel.range(of: Data("maxnorm/pytorch/subject.py".utf8)) != nil)
      // Made again it is the same, and nothing is left beside it.
      #expect(try Program.run(["python"], environment: cache).output == result.output)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == wheel)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("maxnorm").path)
      #expect(names.count == 1)
    }
  }

  @Test func `a cache that cannot be had is named`() throws {
    let result = try Program.run(["python"], environment: ["XDG_CACHE_HOME": "/dev/null"])
    #expect(result.status == 74 && result.output.isEmpty)
    #expect(
      result.errors.hasPrefix("maxnorm: python: python3 made no wheel in /dev/null/maxnorm: "))
    let none = try Program.run(["python"], environment: ["XDG_CACHE_HOME": "", "HOME": ""])
    #expect(none.status == 74 && none.errors.contains("found neither XDG_CACHE_HOME nor HOME"))
  }
}
