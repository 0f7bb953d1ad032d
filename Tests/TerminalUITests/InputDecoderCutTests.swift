// Sequences that come in pieces, with pauses between them.
import Testing

@testable import TerminalUI

@Suite("Input in pieces")
struct InputDecoderCutTests {
  /// What means something, as bytes.
  private static let meaningful = [
    "\u{1B}[A", "\u{1B}OA", "\u{1B}[1;5C", "\u{1B}[5~", "\u{1B}[99;5u", "\u{1B}[27;5;99~",
    "\u{1B}[<0;10;10M", "\u{1B}[M !!", "\u{1B}[M !\u{E1}", "\u{1B}[32;10;10M", "\u{1B}[I",
    "\u{1B}c",
    "\u{1B}é", "é", "漢", "👩", "\u{9B}A", "\u{1B}[[A", "\u{1B}[7$",
    "\u{1B}[200~Traceback:\r  r = y\r\u{1B}[201~", "\u{9B}200~é\u{9B}201~",
  ]

  /// Whether a cut before the byte at an index is directly behind an ESC that may be the key.
  private func isBehindEscape(_ bytes: [UInt8], _ index: Int) -> Bool {
    guard bytes[index - 1] == 0x1B else { return false }
    let before = InputDecoder().fed(bytes[..<index])
    return before.state == .escape
  }

  @Test(arguments: TerminalReplies.all)
  func `no key comes of an answer, cut anywhere`(name: String, text: String) {
    let bytes = Array(text.utf8)
    #expect(TerminalInput(text).inputs() == [])
    for pause in [0, 0.04, 0.2] {
      for index in 1..<bytes.count where pause < 0.05 || !isBehindEscape(bytes, index) {
        let input = TerminalInput(bytes, cutAt: index, pause: pause)
        #expect(input.inputs() == [], "\(name), \(index), \(pause)")
      }
      let torn = TerminalInput(
        bytes.enumerated().map { (index, byte) in
          (index > 0 && isBehindEscape(bytes, index) ? min(pause, 0.04) : pause, [byte])
        })
      #expect(torn.inputs() == [], "\(name), byte by byte, \(pause)")
    }
  }

  @Test(arguments: meaningful)
  func `what means something means the same, cut anywhere`(text: String) {
    let bytes = Array(text.utf8)
    let whole = TerminalInput(text).inputs()
    #expect(whole.count == 1)
    for pause in [0, 0.04, 0.2] {
      for index in 1..<bytes.count where pause < 0.05 || !isBehindEscape(bytes, index) {
        #expect(
          TerminalInput(bytes, cutAt: index, pause: pause).inputs() == whole, "\(index), \(pause)")
      }
    }
  }

  @Test func `a sequence cut for 60 ms behind its ESC is dropped, and the ESC is the key`() {
    for (name, text) in TerminalReplies.all where text.hasPrefix("\u{1B}[") {
      let bytes = Array(text.utf8)
      let input = TerminalInput(bytes, cutAt: 1, pause: 0.06)
      #expect(input.inputs() == [.key(.escape)], "\(name)")
      // The rest may come in pieces too.
      for index in 3..<bytes.count where !isBehindEscape(bytes, index) {
        let pieces = TerminalInput([
          (0, [0x1B]), (0.06, Array(bytes[1..<index])), (0.2, Array(bytes[index...])),
        ])
        #expect(pieces.inputs() == [.key(.escape)], "\(name), \(index)")
      }
    }
    let late = { (text: String, pause: Double, gap: Double) in
      let bytes = Array(text.utf8)
      return TerminalInput([(0, [0x1B]), (pause, [bytes[0]]), (gap, Array(bytes[1...]))]).inputs()
    }
    #expect(late("[<0;9;9M", 0.06, 0.019) == [.key(.escape)])
    #expect(late("[5~", 1.04, 0) == [.key(.escape)])
    #expect(late("[M !!c", 0.06, 0) == [.key(.escape), .key("c")])
    // Later, or followed by something else, it is what it looks like.
    #expect(late("[5", 0.06, 0.021) == [.key(.escape), .key("["), .key("5")])
    #expect(late("[5", 1.06, 0) == [.key(.escape), .key("["), .key("5")])
    #expect(late("[A", 0.06, 0) == [.key(.escape), .key("["), .key("A")])
    #expect(late("[[5", 0.06, 0) == [.key(.escape), .key("[")])
    #expect(late("[\u{1B}[A", 0.06, 0) == [.key(.escape), .key("["), .key(.up)])
    #expect(TerminalInput([(0, [0x1B]), (0.06, [0x5B])]).inputs() == [.key(.escape), .key("[")])
    // A paste that came too late for its ESC is a paste, and no key.
    #expect(late("[200~r\r\u{1B}[201~", 0.06, 0) == [.key(.escape), .paste("r")])
    // Without an Esc before, a bracket is a key at once.
    #expect(InputDecoder().fed(Array("[".utf8)).state == .ground)
  }

  @Test
  func `a lone ESC is the key after 50 ms, and torn sequences are dropped after 250 ms`() {
    #expect(
      TerminalInput([(0, [0x1B]), (0.049, [0x63])]).inputs() == [
        .key(.modified(.alt, .character("c")))
      ])
    #expect(TerminalInput([(0, [0x1B]), (0.05, [0x63])]).inputs() == [.key(.escape), .key("c")])
    for begin in [
      "\u{1B}[", "\u{1B}O", "\u{1B}[<", "\u{1B}[<0;", "\u{1B}[M", "\u{1B}[M  ", "\u{1B}[[",
      "\u{1B}]10;", "\u{1B}P", "\u{1B}_", "\u{1B}^", "\u{1B}X", "\u{1B}]10;\u{1B}", "\u{9B}",
      "\u{9D}",
    ] {
      let bytes = Array(begin.utf8)
      #expect(TerminalInput([(0, bytes)]).inputs() == [], "\(begin.debugDescription)")
      #expect(
        TerminalInput([(0, bytes), (0.25, [0x63])]).inputs() == [.key("c")],
        "\(begin.debugDescription)")
    }
  }
}

extension InputDecoder {
  /// The decoder after bytes.
  func fed(_ bytes: some Collection<UInt8>) -> InputDecoder {
    var decoder = self
    _ = decoder.feed(bytes, at: 0, read: 0)
    return decoder
  }
}
