// The words of the command line before and after the parser: what a shell leaves to us, and what it
// says of options that are not there.
import Basics
import Experiments
import Foundation
import Resources
import RunRecords
import Training
import ArgumentParser

enum CommandWords {
  /// The words as the parser is to have them: `~/` expanded behind `=` and in quotes too, nothing empty.
  ///
  /// - Throws: `ProgramError` if a word is empty: the parser would take the next one in its place.
  static func prepared(_ words: [String]) throws(ProgramError) -> [String] {
    var prepared: [String] = []
    // What stands behind `--` is another command's.
    let end = words.firstIndex(of: "--") ?? words.endIndex
    for word in words[..<end] {
      let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let isAssigned = word.hasPrefix("--") && sides.count == 2
      let value = isAssigned ? sides[1] : word[...]
      guard !value.isEmpty else {
        let option = isAssigned ? String(sides[0]) : prepared.last ?? ""
        let place = option.hasPrefix("-") ? option : option.isEmpty ? "maxnorm" : "\(option)"
        throw ProgramError(
          "\(place): expected a value, found an empty word: write it, or leave the option out",
          status: ProgramError.Status.usage)
      }
      let expanded = expandingHome(String(value))
      prepared.append(isAssigned ? "\(sides[0])=\(expanded)" : expanded)
    }
    return prepared + words[end...]
  }

  /// What the parser says of a usage error, with our own name in place of one of another program, and
  /// without what is only spelt alike.
  static func message(_ text: String) -> String {
    guard
      let match = text.wholeMatch(
        of: /Unknown option '-{1,2}([^']+)'(?:\. Did you mean '-{1,2}([^']+)'\?)?/)
    else { return text }
    let name = String(match.1)
    let unknown = "--\(name): expected an option, found an unknown one"
    if let cure = ForeignNames.cure(for: name, at: .option) { return "\(unknown): \(cure)" }
    let near = match.2.flatMap { nearest(name, among: [String($0)]) }
    return near.map { "\(unknown): did you mean --\($0)?" } ?? unknown
  }
}

/// A whole number, written as 1000, 1e3 or 1000.0.
struct WholeNumber: ExpressibleByArgument, Equatable {
  let value: Int

  init?(argument: String) {
    guard let value = try? JSONValue(yamlValue: argument, name: "").whole else { return nil }
    self.value = value
  }
}
