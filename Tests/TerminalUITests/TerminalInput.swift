// Bytes as terminals send them, in pieces with pauses, and what the decoder makes of them.

@testable import TerminalUI

/// Input in pieces.
struct TerminalInput {
  /// Bytes, and the seconds that pass before they come.
  var pieces: [(pause: Double, bytes: [UInt8])]

  init(_ text: String) { pieces = [(0, Array(text.utf8))] }

  init(_ pieces: [(pause: Double, bytes: [UInt8])]) { self.pieces = pieces }

  /// The same cut before a byte, with a pause there.
  init(_ bytes: [UInt8], cutAt index: Int, pause: Double) {
    pieces = [(0, Array(bytes[..<index])), (pause, Array(bytes[index...]))]
  }

  /// What a decoder emits that is woken when it wants to be, until it waits for nothing.
  func decoded(
    by decoder: InputDecoder = InputDecoder(), settles: Bool = true
  ) -> [DecodedInput] {
    var decoder = decoder
    var inputs: [DecodedInput] = []
    var time = 100.0
    for (index, piece) in pieces.enumerated() {
      time += piece.pause
      while let wake = decoder.wakeTime, wake <= time { inputs += decoder.advance(to: wake) }
      inputs += decoder.feed(piece.bytes, at: time, read: index)
    }
    while settles, let wake = decoder.wakeTime { inputs += decoder.advance(to: wake) }
    return inputs
  }

  func inputs(by decoder: InputDecoder = InputDecoder()) -> [Input] {
    decoded(by: decoder).map(\.input)
  }
}

extension Input {
  static func key(_ character: Character) -> Input { .key(.character(character)) }
}

/// What terminals send unasked, late, or for another program, by what it is.
enum TerminalReplies {
  static let escape = "\u{1B}"

  /// None of it is a key, a click or a paste.
  static let all: [(name: String, text: String)] = [
    (
      "tmux, late (tmux#5540)",
      "\u{1B}[?61;4;6;7;22;52c\u{1B}[>0;10;1c\u{1B}]10;rgb:cccc/cccc/cccc\u{1B}\\"
    ),
    ("DA1", "\u{1B}[?62;22c"), ("DA1 of xterm", "\u{1B}[?64;1;2;6;9;15;16;17;18;21;22;28c"),
    ("DA1, odd", "\u{1B}[?62;c"), ("DA2", "\u{1B}[>41;354;0c"), ("DA2 of tmux", "\u{1B}[>84;0;0c"),
    ("DA3", "\u{1B}P!|7E565445\u{1B}\\"), ("XTVERSION", "\u{1B}P>|tmux 3.3a\u{1B}\\"),
    ("XTVERSION of xterm", "\u{1B}P>|XTerm(378)\u{1B}\\"),
    ("DECRPM", "\u{1B}[?2026;2$y"), ("DECRPM of ANSI", "\u{1B}[4;2$y"),
    ("colour scheme", "\u{1B}[?997;1n"), ("status", "\u{1B}[0n"), ("cursor", "\u{1B}[24;80R"),
    ("cursor, at home", "\u{1B}[1;1R"), ("cursor, like F3", "\u{1B}[1;5R"),
    ("DECXCPR", "\u{1B}[?24;80;1R"), ("in-band resize", "\u{1B}[48;36;120;720;1080t"),
    ("window size", "\u{1B}[8;36;120t"), ("kitty flags", "\u{1B}[?31u"),
    ("foreground", "\u{1B}]10;rgb:cccc/cccc/cccc\u{1B}\\"),
    ("background", "\u{1B}]11;rgb:0000/0000/0000\u{07}"),
    ("palette", "\u{1B}]4;1;rgb:cd/00/00\u{07}"),
    ("clipboard", "\u{1B}]52;c;cXVpdCByIFI=\u{1B}\\"), ("title", "\u{1B}]lrun R y\u{1B}\\"),
    ("XTGETTCAP", "\u{1B}P1+r544e=787465726d\u{1B}\\"), ("DECRQSS", "\u{1B}P1$r0m\u{1B}\\"),
    ("kitty graphics", "\u{1B}_Gi=31;OK\u{1B}\\"), ("PM", "\u{1B}^c r y\u{1B}\\"),
    ("SOS", "\u{1B}Xc r y\u{1B}\\"), ("DA1 in C1", "\u{9B}?62;22c"),
    ("OSC in C1", "\u{9D}10;rgb:cccc/cccc/cccc\u{9C}"), ("DCS in C1", "\u{90}>|tmux 3.3a\u{9C}"),
    ("locator", "\u{1B}[1;2;3;4;0&w"), ("key let go", "\u{1B}[99;1:3u"),
    ("arrow let go", "\u{1B}[1;1:3A"), ("page-up let go", "\u{1B}[5;1:3~"),
    ("left shift", "\u{1B}[57441;2u"), ("number of no key", "\u{1B}[999999999999;1H"),
    ("far too many numbers", "\u{1B}[" + String(repeating: "1;", count: 300) + "u"),
    ("right button", "\u{1B}[<2;10;10M"), ("movement without a button", "\u{1B}[<35;10;10M"),
    ("X10, middle button", "\u{1B}[M!cc"), ("X10, out of range", "\u{1B}[M \u{0}\u{0}"),
    ("X10 in UTF-8, movement", "\u{1B}[MC\u{E1}\u{D2}"), ("rxvt, right button", "\u{1B}[34;99;99M"),
    ("end of a string", "\u{1B}\\"), ("end of a paste", "\u{1B}[201~"),
  ]
}
