// Turns a text into windows of characters, each with the characters that follow.
import Basics
import Foundation

extension Dataset {
  /// Windows of `window` tokens whose labels are the tokens one place on.
  ///
  /// The last share `validation` of the text is measured on; a part that is held out for the end lies
  /// behind it. Within each part window i + 1 starts
  /// where window i ends, so that a recurrent net may carry its state over; a rest that fills no
  /// window is left out. The alphabet is that of the whole text, in the order of Unicode.
  ///
  /// - Throws: `ProgramError` if the text is too short or has too many different characters.
  package static func language(
    _ text: String, name: String, window: Int, validation: Double,
    _ parts: PartSettings = PartSettings()
  ) throws(ProgramError) -> Dataset {
    let scalars = Array(text.unicodeScalars)
    let alphabet = Alphabet(Set(scalars).sorted())
    let limit = 10_000
    guard 2...limit ~= alphabet.count else {
      throw .bad(
        place: name,
        problem: "expected 2 to \(limit) different characters, found \(alphabet.count)",
        hint: "give a text")
    }
    let (trainEnd, validationEnd, testEnd): (Int, Int, Int)
    if parts.isUsual {
      trainEnd = scalars.count - Int((Double(scalars.count) * validation).rounded())
      (validationEnd, testEnd) = (scalars.count, scalars.count)
    } else {
      let counts = try RowSplit(
        inTime: scalars.count, validation: .share(validation), parts, place: name
      ).counts
      trainEnd = counts.train
      validationEnd = trainEnd + counts.validation
      testEnd = validationEnd + counts.test
    }
    let tokens = scalars.compactMap(alphabet.token(of:))
    func part(_ tokens: ArraySlice<Int32>) throws(ProgramError) -> Examples {
      let count = (tokens.count - 1) / window
      guard count >= 1 else {
        throw .bad(
          place: name,
          problem:
            "expected more than \(window) characters in \(parts.isUsual ? "both parts" : "each part") at validation "
            + "\(validation), found \(scalars.count) in all",
          hint: "lower data.window or give a longer text")
      }
      return Examples(
        inputs: tokens.prefix(count * window).map(Float.init),
        targets: .classes(
          Array(tokens.dropFirst().prefix(count * window)), classes: alphabet.count,
          positions: window),
        count: count)
    }
    var data = Dataset(
      train: try part(tokens[..<trainEnd]),
      validation: try part(tokens[trainEnd..<validationEnd]),
      inputShape: [window], task: .language(alphabet))
    if testEnd > validationEnd {
      data.test = TestPart(
        examples: try part(tokens[validationEnd..<testEnd]), task: data.task)
    }
    return data
  }

  /// The windows of a file of UTF-8 text; line ends become line feeds.
  ///
  /// - Throws: `ProgramError` if the file is missing or no such text.
  package static func language(
    _ url: URL, window: Int, validation: Double, _ parts: PartSettings = PartSettings()
  ) throws(ProgramError) -> Dataset {
    var text = try datasetText(
      at: url, hint: "check data.text; it is relative to the experiment's file", copies: 12)
    if text.utf8.contains(UInt8(ascii: "\r")) { text = text.replacing("\r\n", with: "\n") }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    return try language(text, name: url.path, window: window, validation: validation, parts)
  }

  /// Genesis, Psalms and Proverbs in the King James Version, which ship.
  package static func kingJamesBible(
    window: Int, validation: Double, _ parts: PartSettings = PartSettings()
  ) throws(ProgramError) -> Dataset {
    try language(
      shippedData("text/kjv_selection.txt"), window: window, validation: validation, parts)
  }
}
