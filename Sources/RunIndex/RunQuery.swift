// Which runs are asked for: words, patterns and conditions, as `lr>0.01 optimizer=adam state:live`.
import RunRecords

/// What was typed to narrow the runs down; all of it must hold.
///
/// A word stands somewhere in the name; with `*` or `?` it is a pattern for all of it. A condition is a
/// key, one of `= != : < <= > >=` and a value: numbers are compared as numbers, `:` looks for a part of
/// the text. A `-` before any of them turns it round.
package struct RunQuery: Sendable, Equatable {
  package let text: String
  private let terms: [Term]

  private struct Term: Sendable, Equatable {
    var isNegated: Bool
    var kind: Kind
  }

  private enum Kind: Sendable, Equatable {
    case word(String)
    case pattern([Character])
    case condition(key: String, Comparison, value: String)
  }

  private enum Comparison: String, Sendable, CaseIterable {
    // Those of two characters first: they begin with those of one.
    case notEqual = "!="
    case atMost = "<="
    case atLeast = ">="
    case equal = "="
    case contains = ":"
    case below = "<"
    case above = ">"
  }

  package init(_ text: String) {
    self.text = text
    terms = Self.words(text).compactMap(Self.term)
  }

  package var isEmpty: Bool { terms.isEmpty }

  /// Words are parted by spaces, but not within double quotes.
  private static func words(_ text: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }

  private static func term(_ word: String) -> Term? {
    let isNegated = word.hasPrefix("-") && word.count > 1 && Double(word) == nil
    let word = (isNegated ? String(word.dropFirst()) : word).lowercased()
    for index in word.indices where index > word.startIndex {
      let rest = word[index...]
      guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) })
      else { continue }
      let value = String(rest.dropFirst(comparison.rawValue.count))
      // Somebody is still typing it.
      guard !value.isEmpty else { return nil }
      return Term(
        isNegated: isNegated,
        kind: .condition(key: String(word[..<index]), comparison, value: value))
    }
    let isPattern = word.contains("*") || word.contains("?")
    return Term(isNegated: isNegated, kind: isPattern ? .pattern(Array(word)) : .word(word))
  }

  // MARK: Matching

  /// Whether a run is asked for; `note` is what its user has written of it.
  package func matches(_ run: IndexedRun, note: String = "", now: WallTime) -> Bool {
    terms.allSatisfy { term in
      let holds: Bool
      switch term.kind {
      case .word(let word):
        holds = [run.name, run.about.experiment, run.about.title, note].contains {
          $0.lowercased().contains(word)
        }
      case .pattern(let pattern):
        holds = [run.name, run.about.experiment].contains {
          Self.matches(Array($0.lowercased()), pattern)
        }
      case .condition(let key, let comparison, let value):
        holds = Self.holds(run.value(of: key, note: note, now: now), comparison, value)
      }
      return holds != term.isNegated
    }
  }

  private static func holds(_ found: String?, _ comparison: Comparison, _ value: String) -> Bool {
    guard let found = found?.lowercased() else { return false }
    if let number = Double(found), let limit = Double(value) {
      switch comparison {
      case .equal, .contains: return number == limit
      case .notEqual: return number != limit
      case .atMost: return number <= limit
      case .atLeast: return number >= limit
      case .below: return number < limit
      case .above: return number > limit
      }
    }
    switch comparison {
    case .equal: return matches(Array(found), Array(value))
    case .notEqual: return !matches(Array(found), Array(value))
    case .contains: return found.contains(value)
    case .atMost, .atLeast, .below, .above: return false
    }
  }

  /// Whether a pattern fits all of a text: `*` stands for any characters, `?` for one.
  ///
  /// Goes back to the last star alone, so that no pattern takes longer than text times pattern.
  static func matches(_ text: [Character], _ pattern: [Character]) -> Bool {
    var (place, next) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while place < text.count {
      if next < pattern.count, pattern[next] == "*" {
        star = (next, place)
        next += 1
      } else if next < pattern.count, pattern[next] == "?" || pattern[next] == text[place] {
        (place, next) = (place + 1, next + 1)
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        (place, next) = (last.text + 1, last.pattern + 1)
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == "*" }
  }
}

extension IndexedRun {
  /// Short names of what people ask for most.
  private static let shortKeys = [
    "lr": "optimizer.learning_rate", "learning_rate": "optimizer.learning_rate",
    "optimizer": "optimizer.name", "r": "constraint.max_norm", "max_norm": "constraint.max_norm",
    "momentum": "optimizer.momentum", "weight_decay": "optimizer.weight_decay",
    "data": "data.source", "schedule": "schedule.name",
  ]

  /// What a key of a condition stands for in this run: a column, a setting, the last value of a figure.
  package func value(of key: String, note: String, now: WallTime) -> String? {
    switch key {
    case "name": return name
    case "experiment": return about.experiment
    case "state": return state(at: now).rawValue
    case "step", "steps": return "\(figures.step)"
    case "epoch": return figures.epoch.map { "\($0)" }
    case "elapsed", "seconds": return figures.elapsed.map { "\($0)" }
    case "age": return "\(age(at: now))"
    case "seed": return about.seed.map { "\($0)" } ?? setting("seed")
    case "program": return about.program
    case "host": return about.host
    case "note": return note
    case "best": return metric.flatMap { best(of: $0) }.map { "\($0.value)" }
    case "last": return metric.flatMap { figures[$0] }.map { "\($0.last)" }
    default: break
    }
    if let value = setting(key) { return value }
    if let long = Self.shortKeys[key], let value = setting(long) { return value }
    if let figure = figures.figures.first(where: { $0.name.lowercased() == key }) {
      return "\(figure.last)"
    }
    // The end of a longer key, where that is one alone.
    let longer = about.settings.filter { $0.key.lowercased().hasSuffix(".\(key)") }
    if longer.count == 1 { return longer[0].value }
    return about.settings.first { $0.key.lowercased() == key }?.value
  }
}
