// Random input: what holds of whatever a terminal sends, in pieces of any size at any time.

import Foundation
import PlainText
import Testing

@testable import TerminalUI

@Suite("Input decoder, at random")
struct InputDecoderFuzzTests {
  /// A hundred thousand here; INPUT_FUZZ_COUNT asks for more, in a release build.
  private static let count =
    ProcessInfo.processInfo.environment["INPUT_FUZZ_COUNT"].flatMap { Int($0) } ?? 100_000

  private static let fragments: [[UInt8]] =
    TerminalReplies.all.filter { $0.text.utf8.count < 200 }.map { Array($0.text.utf8) }
    + [
      "\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}]", "\u{1B}P", "\u{1B}_", "\u{1B}^", "\u{1B}X",
      "\u{1B}\\", "\u{1B}[<", "\u{1B}[<0;", "\u{1B}[M", "\u{1B}[200~", "\u{1B}[201~", "\u{9B}",
      "\u{9B}200~", "\u{9B}201~", "\u{9C}", "\u{7}", "\u{18}", "[", "[5", "[<0;1;1M", "c", "r", "y",
      "\r", "\u{1B}[A", "\u{1B}OA", "\u{1B}[99;5u", "\u{1B}[27;5;99~", "\u{1B}[<0;5;5M", "\u{1B}c",
      "\u{1B}\u{1B}[A", "é", "漢", "👩", ";", ":", "1", "$", "?",
    ].map { Array($0.utf8) }

  private static let pauses = [
    0, 0, 0, 0, 0.001, 0.01, 0.019, 0.02, 0.04, 0.05, 0.06, 0.2, 0.25, 0.3, 1, 5,
  ]

  /// A few pieces: fragments, parts of them, and bytes of any kind.
  private static func input(_ numbers: inout SeededNumbers) -> [(pause: Double, bytes: [UInt8])] {
    (0..<Int(1 + numbers.next() % 6)).map { _ in
      let fragment = fragments[Int(numbers.next() % UInt64(fragments.count))]
      let pause = pauses[Int(numbers.next() % UInt64(pauses.count))]
      switch numbers.next() % 8 {
      case 0:
        return (
          pause,
          (0..<Int(numbers.next() % 12)).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
        )
      case 1...3: return (pause, Array(fragment.prefix(Int(numbers.next() % 12))))
      default: return (pause, fragment)
      }
    }
  }

  @Test func `any input is bounded, decodes alike in any pieces, and keys work after it`() {
    var numbers = SeededNumbers(20)
    let plain = InputDecoder(strings: InputDecoderTests.strings)
    var failures = 0
    for number in 0..<Self.count where failures < 5 {
      let pieces = Self.input(&numbers)
      var decoder = number % 4 == 0 ? plain : InputDecoder()
      var cut = decoder
      var (inputs, cutInputs): ([DecodedInput], [DecodedInput]) = ([], [])
      var time = 0.0
      var isSound = true
      for (index, piece) in pieces.enumerated() {
        time += piece.pause
        inputs += decoder.feed(piece.bytes, at: time, read: index)
        // The other one is woken when it wants to be, and gets the same bytes in other pieces.
        while let wake = cut.wakeTime, wake <= time { cutInputs += cut.advance(to: wake) }
        var rest = piece.bytes[...]
        while !rest.isEmpty {
          let size = Int(1 + numbers.next() % 4)
          cutInputs += cut.feed(rest.prefix(size), at: time, read: index)
          rest = rest.dropFirst(size)
        }
        isSound =
          isSound && decoder.bytes.count <= InputDecoder.mostKeptBytes && decoder.state == cut.state
      }
      isSound = isSound && inputs == cutInputs
      // After a pause it rests, and a key that is typed then is one, once.
      let end = time + 6
      inputs += decoder.advance(to: end)
      isSound = isSound && decoder.wakeTime == nil && decoder.state == .ground
      let key = decoder.feed([0x63], at: end, read: 99)
      isSound = isSound && key == [DecodedInput(.key("c"), reads: 99...99)]
      isSound = isSound && inputs.allSatisfy { Self.isSound($0, among: pieces) }
      if !isSound {
        failures += 1
        Issue.record("input \(number): \(pieces) gave \(inputs), in other pieces \(cutInputs)")
      }
    }
  }

  /// Whether an event could have come of these pieces at all.
  private static func isSound(
    _ input: DecodedInput, among pieces: [(pause: Double, bytes: [UInt8])]
  ) -> Bool {
    guard pieces.indices.contains(input.reads.lowerBound),
      pieces.indices.contains(input.reads.upperBound)
    else { return false }
    switch input.input {
    case .key(.character(let character)):
      // No control, and no half of a character, is a key that types.
      return character.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value) }
    case .paste(let text): return text.unicodeScalars.allSatisfy { !ScreenText.isForbidden($0) }
    case .mouse(let event): return event.position.column >= 0 && event.position.row >= 0
    case .key, .focus: return true
    }
  }

  @Test
  func `no key comes from within a sequence, whatever its inside`() {
    var numbers = SeededNumbers(21)
    for number in 0..<(Self.count / 10) {
      let (begin, end) = [
        ("\u{1B}[?", "h"), ("\u{1B}[>", "c"), ("\u{1B}]", "\u{7}"), ("\u{1B}]", "\u{1B}\\"),
        ("\u{1B}P", "\u{1B}\\"), ("\u{1B}_", "\u{1B}\\"), ("\u{1B}^", "\u{9C}"),
        ("\u{1B}X", "\u{1B}\\"),
        ("\u{1B}[200~", "\u{1B}[201~"),
      ][number % 9]
      let isSequence = number % 9 < 2
      let inside = (0..<Int(numbers.next() % 40)).map { _ in
        isSequence ? UInt8(0x20 + numbers.next() % 0x20) : UInt8(0x20 + numbers.next() % 0x5F)
      }
      let bytes = Array(begin.utf8) + inside + Array(end.utf8)
      let cut = 2 + Int(numbers.next() % UInt64(bytes.count - 2))
      let inputs = TerminalInput([
        (0, Array(bytes[..<cut])), (0.2, Array(bytes[cut...])), (0, [0x71]),
      ]).inputs()
      let isPaste = number % 9 == 8
      #expect(inputs.filter { if case .paste = $0 { false } else { true } } == [.key("q")])
      #expect(inputs.count == (isPaste ? 2 : 1))
    }
  }
}
