// Keys, mouse reports and pastes out of the bytes that terminals send.
import Testing

@testable import TerminalUI

@Suite("Input decoder")
struct InputDecoderTests {
  /// The strings of a few terminals' descriptions.
  static let strings = {
    var strings = KeyStrings()
    for (text, key) in [
      ("\u{1B}OA", Key.up), ("\u{1B}OH", .home), ("\u{1B}[1;2R", .function(15)),
      ("\u{1B}Ow", .home), ("\u{1B}[[A", .function(1)), ("\u{1B}[7$", .home),
      ("\u{1B}\t", .backTab),
      ("\u{1B}?q", .home), ("\u{0B}", .up), ("\r", .left), ("\u{1B}[", .right), ("q", .down),
    ] {
      strings.add(Array(text.utf8), key)
    }
    return strings
  }()

  private func inputs(_ text: String, _ strings: KeyStrings = KeyStrings()) -> [Input] {
    TerminalInput(text).inputs(by: InputDecoder(strings: strings))
  }

  private func keys(_ text: String, _ strings: KeyStrings = KeyStrings()) -> [Key] {
    inputs(text, strings).compactMap { if case .key(let key) = $0 { key } else { nil } }
  }

  @Test
  func `characters and controls are themselves`() {
    #expect(keys("cé漢👩 ") == "cé漢👩 ".map(Key.character))
    #expect(
      keys("\r\n\t\u{7F}\u{8}\u{3}\u{0}\u{1F}\u{C}") == [
        .enter, .enter, .tab, .backspace, .backspace, .control("c"), .control(" "), .control("l"),
      ])
    #expect(keys("\u{1B}") == [.escape])
    #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(keys("\u{1B}\u{1B}\u{1B}") == [.escape, .escape, .escape])
  }

  @Test
  func `invalid UTF-8 is nothing, and what follows is itself`() {
    for bytes: [UInt8] in [
      [0xFF], [0xC3], [0xF0, 0x9F], [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x80, 0x80], [0xFE, 0xC3, 0xC3], [0x9B],
      [0x1B, 0xFF],
    ] {
      #expect(TerminalInput([(0, bytes + [0x63])]).inputs() == [.key("c")], "\(bytes)")
    }
  }

  @Test(
    arguments: [
      ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{9B}C", .right), ("\u{8F}D", .left),
      ("\u{1B}[H", .home), ("\u{1B}OF", .end), ("\u{1B}[1~", .home), ("\u{1B}[4~", .end),
      ("\u{1B}[7~", .home), ("\u{1B}[8~", .end), ("\u{1B}[2~", .insert), ("\u{1B}[3~", .delete),
      ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[Z", .backTab),
      ("\u{1B}OM", .enter),
      ("\u{1B}OP", .function(1)), ("\u{1B}[15~", .function(5)), ("\u{1B}[17~", .function(6)),
      ("\u{1B}[24~", .function(12)), ("\u{1B}[34~", .function(20)), ("\u{1B}[[E", .function(5)),
      ("\u{1B}[R", .function(3)), ("\u{1B}Op", .character("0")), ("\u{1B}Ok", .character("+")),
      ("\u{1B}[1;2A", .up), ("\u{1B}[a", .up), ("\u{1B}[5$", .pageUp), ("\u{1B}[5;2~", .pageUp),
      ("\u{1B}[1;129A", .up), ("\u{1B}[1;1:2B", .down), ("\u{1B}O1;2A", .up),
      ("\u{1B}[1;5C", .modified(.control, .right)), ("\u{1B}Oc", .modified(.control, .right)),
      ("\u{1B}O5C", .modified(.control, .right)), ("\u{1B}[5^", .modified(.control, .pageUp)),
      ("\u{1B}[1;3A", .modified(.alt, .up)), ("\u{1B}\u{1B}[A", .modified(.alt, .up)),
      ("\u{1B}\u{1B}OA", .modified(.alt, .up)), ("\u{1B}[1;9A", .modified(.command, .up)),
      ("\u{1B}[15;2~", .modified(.shift, .function(5))),
    ] as [(String, Key)])
  func `keys that are sequences`(text: String, key: Key) {
    #expect(inputs(text) == [.key(key)])
  }

  @Test(
    arguments: [
      ("\u{1B}c", .character("c")), ("\u{1B}R", .character("R")), ("\u{1B}é", .character("é")),
      ("\u{1B} ", .character(" ")), ("\u{1B}\r", .enter), ("\u{1B}\u{7F}", .backspace),
      ("\u{1B}\u{3}", .control("c")), ("\u{1B}\t", .tab), ("\u{1B}[99;3u", .character("c")),
      ("\u{1B}[99;33u", .character("c")), ("\u{1B}[27;3;99~", .character("c")),
      ("\u{1B}[13;3u", .enter), ("\u{1B}[99;7u", .control("c")),
    ] as [(String, Key)])
  func `alt with a key is a separate key`(text: String, key: Key) {
    #expect(inputs(text) == [.key(.modified(.alt, key))])
  }

  @Test(
    arguments: [
      ("\u{1B}[99u", .character("c")), ("\u{1B}[99;1u", .character("c")),
      ("\u{1B}[99;1:2u", .character("c")), ("\u{1B}[99;2u", .character("C")),
      ("\u{1B}[67;2u", .character("C")), ("\u{1B}[99:67;2u", .character("C")),
      ("\u{1B}[99;65u", .character("C")), ("\u{1B}[99;66u", .character("c")),
      ("\u{1B}[99;129u", .character("c")), ("\u{1B}[117;5u", .control("u")),
      ("\u{1B}[99;5u", .control("c")), ("\u{1B}[27;5;99~", .control("c")),
      ("\u{1B}[27;2;33~", .character("!")), ("\u{1B}[49:33;2u", .character("!")),
      ("\u{1B}[49;2;33u", .character("!")), ("\u{1B}[63;2u", .character("?")),
      ("\u{1B}[27;1;63~", .character("?")), ("\u{1B}[27u", .escape), ("\u{1B}[13u", .enter),
      ("\u{1B}[13;2u", .enter), ("\u{1B}[9u", .tab), ("\u{1B}[9;2u", .backTab),
      ("\u{1B}[27;2;9~", .backTab), ("\u{1B}[127u", .backspace), ("\u{1B}[32;2u", .character(" ")),
      ("\u{1B}[32;5u", .control(" ")), ("\u{1B}[233u", .character("é")),
      ("\u{1B}[57414u", .enter), ("\u{1B}[57404u", .character("5")),
      ("\u{1B}[57413u", .character("+")),
      ("\u{1B}[57419u", .up), ("\u{1B}[57376u", .function(13)),
      ("\u{1B}[99;6u", .modified(.shift, .control("c"))),
      ("\u{1B}[99;9u", .modified(.command, .character("c"))),
    ] as [(String, Key)])
  func `ordinary keys by their numbers are those keys`(text: String, key: Key) {
    #expect(inputs(text) == [.key(key)])
  }

  @Test
  func `what a key types with shift is not guessed`() {
    #expect(inputs("\u{1B}[49;2u") == [])
    #expect(inputs("\u{1B}[57359u\u{1B}[57441u\u{1B}[55296u\u{1B}[u\u{1B}[133u") == [])
  }

  @Test(
    arguments: [
      ("\u{1B}[<0;10;5M", .press), ("\u{1B}[<0;10;5m", .release), ("\u{1B}[<32;10;5M", .drag),
      ("\u{1B}[<64;10;5M", .wheelUp), ("\u{1B}[<65;10;5M", .wheelDown), ("\u{1B}[<4;10;5M", .press),
      ("\u{1B}[<16;10;5M", .press), ("\u{1B}[<69;10;5M", .wheelDown), ("\u{1B}[M *%", .press),
      ("\u{1B}[M#*%", .release), ("\u{1B}[M@*%", .drag), ("\u{1B}[M`*%", .wheelUp),
      ("\u{1B}[Ma*%", .wheelDown), ("\u{1B}[32;10;5M", .press), ("\u{1B}[35;10;5M", .release),
      ("\u{1B}[64;10;5M", .drag), ("\u{1B}[96;10;5M", .wheelUp), ("\u{9B}<0;10;5M", .press),
    ] as [(String, MouseEvent.Action)])
  func `the mouse in all its forms`(text: String, action: MouseEvent.Action) {
    #expect(inputs(text) == [.mouse(MouseEvent(action, at: Point(column: 9, row: 4)))])
  }

  @Test
  func `large columns in the old form, as a byte and as in UTF-8`() {
    let press = { (column: Int, row: Int) in
      Input.mouse(MouseEvent(.press, at: Point(column: column - 1, row: row - 1)))
    }
    #expect(TerminalInput([(0, [0x1B, 0x5B, 0x4D, 0x20, 0xC0, 0x21])]).inputs() == [press(160, 1)])
    #expect(
      TerminalInput([(0, [0x1B, 0x5B, 0x4D, 0x20, 0xC3, 0xA9, 0x21])]).inputs() == [press(201, 1)])
    #expect(
      TerminalInput([(0, [0x1B, 0x5B, 0x4D, 0x20, 0x21, 0xC3, 0x63])]).inputs() == [
        press(1, 163), .key("c"),
      ])
  }

  @Test
  func `focus is reported`() {
    #expect(inputs("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
  }

  @Test
  func `what the terminal's description says comes first, where it may`() {
    #expect(keys("\u{1B}Ow\u{1B}\t\u{1B}?q\u{0B}", Self.strings) == [.home, .backTab, .home, .up])
    #expect(keys("\u{1B}[7$", Self.strings) == [.home])
    // Enter stays enter, `q` is not a key's string, and an answer to a query of the cursor is not a
    // key.
    #expect(keys("\rq\u{1B}[1;2R\u{1B}[C", Self.strings) == [.enter, .character("q"), .right])
    #expect(keys("\u{1B}?", Self.strings) == [])
    #expect(keys("\u{1B}?zc", Self.strings) == [.character("c")])
  }

  @Test
  func `text between the marks of a paste is a paste, whatever it holds`() {
    let traceback =
      "Traceback (most recent call last):\r\n  File \"run.py\", line 3, in <module>\r\n    r = y\nq\u{1B}[A\u{7}"
    #expect(
      inputs("\u{1B}[200~\(traceback)\u{1B}[201~c") == [
        .paste(
          "Traceback (most recent call last):  File \"run.py\", line 3, in <module>    r = yq[A"),
        .key("c"),
      ])
    #expect(inputs("\u{1B}[200~\u{1B}[201~") == [.paste("")])
    #expect(inputs("\u{1B}[200~é\u{1B}[200~\u{1B}[20\u{1B}[201~") == [.paste("é[200~[20")])
    // A mark in the other form within the text does not end it.
    #expect(inputs("\u{1B}[200~\u{9B}201~r\u{1B}[201~") == [.paste("201~r")])
    #expect(inputs("\u{9B}200~\u{1B}[201~r\u{9B}201~") == [.paste("[201~r")])
    #expect(
      TerminalInput([(0, Array("\u{1B}[200~a".utf8) + [0xFF, 0xC3] + Array("b\u{1B}[201~".utf8))])
        .inputs() == [.paste("ab")])
  }

  @Test
  func `a paste without an end is over five seconds after its last byte`() {
    let input = TerminalInput([
      (0, Array("\u{1B}[200~r\r".utf8)), (4.9, Array("y".utf8)), (4.9, Array("\u{1B}[2".utf8)),
      (5.1, Array("c".utf8)),
    ])
    #expect(input.inputs() == [.paste("ry"), .key("c")])
  }

  @Test
  func `strings and sequences end after 64 kB, and what is kept is bounded`() {
    for begin in ["\u{1B}]", "\u{1B}P", "\u{1B}_", "\u{1B}^", "\u{1B}X", "\u{1B}[", "\u{1B}O"] {
      let text = begin + String(repeating: "1", count: 70_000)
      var decoder = InputDecoder()
      let inputs = decoder.feed(Array(text.utf8), at: 0, read: 0)
      #expect(decoder.state == .ground, "\(begin)")
      #expect(decoder.bytes.count <= InputDecoder.mostKeptBytes)
      #expect(inputs.count == 70_000 + begin.utf8.count - InputDecoder.mostBytes)
    }
  }

  @Test
  func `what begins within a sequence takes its place`() {
    #expect(inputs("\u{1B}[1;\u{1B}[A") == [.key(.up)])
    #expect(inputs("\u{1B}]10;rgb\u{1B}[A") == [.key(.up)])
    #expect(inputs("\u{1B}[M \u{1B}[<0;1;1M").count == 1)
    #expect(inputs("\u{1B}O\u{1B}OB") == [.key(.down)])
    for begin in ["\u{1B}O", "\u{1B}[1;", "\u{1B}]10;", "\u{1B}Pé", "\u{9B}"] {
      #expect(inputs("\(begin)\u{9B}A") == [.key(.up)])
      #expect(inputs("\(begin)\u{9B}?62;22c") == [])
      #expect(inputs("\(begin)\u{9B}200~r\u{9B}201~") == [.paste("r")])
    }
    #expect(inputs("\u{1B}]10;\u{18}c") == [.key("c")])
    #expect(inputs("\u{1B}[12\r3é4~c") == [.key("c")])
    // Control-l is a key wherever a sequence is torn, and the sequence continues.
    for begin in ["\u{1B}[", "\u{1B}[<0;", "\u{1B}O", "\u{1B}[["] {
      #expect(inputs(begin + "\u{C}") == [.key(.control("l"))])
    }
    #expect(inputs("\u{1B}[?6\u{C}2;22c") == [.key(.control("l"))])
    // An Esc typed before an answer is a key, and the answer none.
    #expect(inputs("\u{1B}\u{1B}[?62;22c") == [.key(.escape)])
    #expect(inputs("\u{1B}\u{1B}[200~r\u{1B}[201~") == [.key(.escape), .paste("r")])
  }

  @Test
  func `each event says which reads it came with`() {
    let pieces: [(Double, [UInt8])] = [
      (0, [0x72, 0x1B]), (0.01, Array("[9".utf8)), (0.2, Array("9uy".utf8)),
    ]
    let inputs = TerminalInput(pieces.map { (pause: $0.0, bytes: $0.1) }).decoded()
    #expect(inputs.map(\.reads) == [0...0, 0...2, 2...2])
    // An Esc that only time made one came with its byte.
    let alone = TerminalInput([(0, [0x72, 0x1B]), (1, [0x79])]).decoded()
    #expect(alone.map(\.reads) == [0...0, 0...0, 1...1])
  }

  @Test
  func `where sequences are not to be understood, they are eaten all the same`() {
    let decoder = InputDecoder(understandsSequences: false)
    let all = TerminalReplies.all.map(\.text).joined() + "\u{1B}[A\u{1B}[99u\u{1B}[<0;1;1M\u{1B}[I"
    #expect(TerminalInput("c" + all + "n").inputs(by: decoder) == [.key("c"), .key("n")])
  }
}
