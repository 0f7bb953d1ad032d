// From the numbers that people gave their classes to classes counted from 0.
import Basics

/// How the numbers of labels are read as classes, and what to say of it.
struct ClassNumbering {
  /// The classes' names: the numbers as they stand in the file.
  let names: [String]
  /// What a user should know; empty if the numbers are classes from 0 as they stand.
  let notes: [String]
  /// The class of each number where they do not follow each other; nil: number less `first`.
  private let classes: [Int32: Int32]?
  private let first: Int32

  /// More classes than any net here has outputs.
  static let most = 1 << 16

  /// Reads the labels of all parts.
  ///
  /// Numbers from 0 or 1 on, of which no more than a quarter is missing, are classes in that order,
  /// with those that are missing; all others stand for as many classes as there are different numbers.
  /// `count` classes: numbers below it are classes as they stand, and numbers from 1 to it a class less.
  ///
  /// - Throws: `ProgramError` if there are too many classes, or more than `count`.
  init(_ parts: [[Int32]], count: Int?, place: String) throws(ProgramError) {
    // A table for what most labels are, because a set of millions takes seconds.
    var isSeen = [Bool](repeating: false, count: Self.most)
    var others: Set<Int32> = []
    for labels in parts {
      for label in labels {
        if 0..<Int32(Self.most) ~= label {
          isSeen[Int(label)] = true
        } else if others.count <= Self.most {
          others.insert(label)
        }
      }
    }
    let numbers = (isSeen.indices.filter { isSeen[$0] } + others.map { Int($0) }).sorted()
    guard numbers.count <= Self.most else {
      throw .bad(
        place: place, problem: "expected at most \(Self.most) classes, found more",
        hint: "for numbers to be predicted set loss to mse")
    }
    guard let lowest = numbers.first, let highest = numbers.last else {
      (names, notes, classes, first) = (["0", "1"], [], nil, 0)
      return
    }
    if let count {
      guard lowest >= 0, highest < count || lowest > 0 && highest == count else {
        let wrong = lowest < 0 ? lowest : highest
        throw .bad(
          place: place, problem: "expected classes below \(count), found \(wrong)",
          hint: "raise data.classes or leave it out")
      }
    }
    let start = lowest == 1 && (count.map { highest == $0 } ?? true) ? 1 : 0
    let span = highest - start
    if lowest >= 0, count != nil || span < Self.most && 4 * numbers.count > 3 * (span + 1) {
      let total = count ?? max(span + 1, 2)
      names = (0..<total).map { String($0 + start) }
      notes = start == 0 ? [] : ["labels 1 to \(highest) read as classes 0 to \(highest - 1)"]
      (classes, first) = (nil, Int32(start))
      return
    }
    let all = numbers.count == 1 ? numbers + [lowest + 1] : numbers
    names = all.map(String.init)
    notes = [
      numbers.count == 1
        ? "all labels are \(lowest): read as the first of two classes"
        : "labels \(Self.list(all)) read as \(all.count) classes"
          + (lowest >= 0 && highest < Self.most
            ? "; with data.classes: \(highest + 1) they are classes as they stand" : "")
    ]
    classes = Dictionary(
      uniqueKeysWithValues: all.enumerated().map { place, number in (Int32(number), Int32(place)) })
    first = 0
  }

  /// "-1 and 1", "0, 2 and 5", "10, 20, 30, … and 900".
  private static func list(_ numbers: [Int]) -> String {
    let texts = numbers.map(String.init)
    guard let last = texts.last, texts.count > 1 else { return texts.joined() }
    let start = texts.count > 6 ? texts.prefix(3) + ["…"] : texts.dropLast()
    return start.joined(separator: ", ") + " and " + last
  }

  /// The classes of labels that were among those this was made from.
  func classes(of labels: [Int32]) -> [Int32] {
    guard let classes else { return first == 0 ? labels : labels.map { $0 - first } }
    return labels.map { classes[$0] ?? 0 }
  }
}
