// Windows of text, and alphabets.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct LanguageTests {
  @Test func `labels are the next characters, and windows follow each other in both parts`() throws
  {
    let text = "abcdefghijklmnop"
    let data = try Dataset.language(text, name: "t", window: 3, validation: 0.5)
    guard case .language(let alphabet) = data.task,
      case .classes(let labels, classes: 16, positions: 3) = data.train.targets
    else {
      Issue.record("expected a language")
      return
    }
    #expect(data.inputShape == [3] && data.train.count == 2 && data.validation.count == 2)
    #expect(alphabet.decode(data.train.inputs.map { Int32($0) }) == "abcdef")
    #expect(alphabet.decode(labels) == "bcdefg")
    // The last label of the training part is of the training part: "h" is read by nobody.
    #expect(alphabet.decode(data.validation.inputs.map { Int32($0) }) == "ijklmn")
    #expect(alphabet.decode(data.validation.labels) == "jklmno")
  }

  @Test func `an alphabet is in the order of Unicode and leaves out what it does not know`() {
    let alphabet = Alphabet("żaba".unicodeScalars.sorted())
    #expect(alphabet.characters == ["a", "b", "ż"])
    #expect(alphabet.encode("bażc") == [1, 0, 2])
    #expect(alphabet.decode([2, 0, 1, 0]) == "żaba")
    #expect(alphabet.token(of: "c") == nil)
  }

  @Test func `line ends become line feeds and a byte-order mark goes`() throws {
    try TestFiles.inFolder(["t.txt": Array("\u{FEFF}ab\r\ncd\r\nab\r\ncd".utf8)]) { folder in
      let data = try Dataset.language(
        folder.appendingPathComponent("t.txt"), window: 2, validation: 0.5)
      #expect(data.task == .language(Alphabet("\nabcd".unicodeScalars)))
    }
  }

  @Test func `text that is too short, of one character or no text is an error`() throws {
    for (text, part) in [
      ("abc", "expected more than 3 characters in both parts"), ("", "different characters"),
      ("aaaaaaaaaaaaaaaa", "expected 2 to 10000 different characters, found 1"),
    ] {
      let problem = TestFiles.problem {
        try Dataset.language(text, name: "t", window: 3, validation: 0.5)
      }
      #expect(problem.contains(part), "\(problem)")
    }
    try TestFiles.inFolder(["t.txt": [0xff, 0, 0xfe]]) { folder in
      let problem = TestFiles.problem {
        try Dataset.language(
          folder.appendingPathComponent("t.txt"), window: 1, validation: 0.5)
      }
      #expect(problem.contains("expected UTF-8 text, found other bytes"))
    }
  }

  @Test func `the shipped text is whole`() throws {
    let data = try Dataset.kingJamesBible(window: 100, validation: 0.1)
    guard case .language(let alphabet) = data.task else {
      Issue.record("expected a language")
      return
    }
    #expect(alphabet.count == 63)
    #expect(data.train.count == 4506 && data.validation.count == 500)
    let start = alphabet.decode(data.train.inputs.prefix(100).map { Int32($0) })
    #expect(start.hasPrefix("In the beginning God created the heaven and the earth.\n"))
  }

  @Test func `fewer windows are the last ones, still in order`() throws {
    var data = try Dataset.language(
      "abcdefghijklmnopqrst", name: "t", window: 2, validation: 0.2)
    try data.keepTrainingExamples(3, seed: 1)
    guard case .language(let alphabet) = data.task else { return }
    #expect(alphabet.decode(data.train.inputs.map { Int32($0) }) == "ijklmn")
  }
}
