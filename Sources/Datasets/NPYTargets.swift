// What the targets of arrays are: classes as people number or mark them, or values.
import Basics

/// What a loss answers.
package enum AnswerKind: Sendable {
  /// Classes, as cross-entropy does.
  case classes
  /// Values, as the squared error does.
  case values
  /// Two classes, or values from 0 to 1, as binary cross-entropy does.
  case binary
  /// Whichever the kind of numbers says: whole ones are classes.
  case either
}

/// The targets of all parts, read as what they are.
struct NPYTargets {
  /// What each part has.
  enum Kind {
    /// One class for each position, in the order of the rows.
    case classes([[Int32]], names: [String])
    case values
  }

  let kind: Kind
  /// Classes in one example's target.
  var positions = 1
  /// A class for each pixel.
  var isSegmentation = false
  var notes: [String] = []

  /// Reads the targets of one part or two, whose files are alike.
  ///
  /// `steps`: the length of the sequence where an example is one; a class for each of its steps looks
  /// as a one-hot row does.
  ///
  /// - Throws: `ProgramError` if they are not what the loss answers.
  init(
    _ files: [NPYFile], for answers: AnswerKind, classes count: Int?, steps: Int?
  ) throws(ProgramError) {
    let file = files[0]
    guard let element = file.element else {
      (kind, notes) = try Self.texts(files, for: answers)
      return
    }
    let isColumn = file.rowSize == 1
    if answers == .values || answers != .classes && !isColumn && answers == .binary {
      kind = .values
      if element.isInteger, answers == .values {
        notes = ["\(file.type.name) targets read as values to be predicted, as loss is mse"]
      }
      return
    }
    guard answers == .classes || element.isInteger || Self.areTwoNumbers(files, answers) else {
      kind = .values
      return
    }
    var labels: [[Int32]] = []
    if file.shape.count == 2, !isColumn, file.shape[1] != steps,
      let places = Self.oneHot(files)
    {
      notes.append("one-hot rows of \(file.rowSize) read as \(file.rowSize) classes")
      kind = .classes(places, names: (0..<file.rowSize).map(String.init))
      return
    }
    guard element.isInteger || isColumn || file.shape.count == 3 || file.shape[1] == steps else {
      throw .bad(
        place: file.name,
        problem: "expected classes, or one-hot rows of one 1 and zeros, found \(file.type.name) of "
          + "shape \(file.shape)",
        hint: "save array.argmax(axis=1), or set loss to mse to predict the numbers")
    }
    for file in files { labels.append(try file.labels()) }
    if !element.isInteger {
      notes.append("\(file.type.name) targets are whole numbers: read as classes")
    }
    positions = file.rowSize
    isSegmentation = file.shape.count == 3
    if positions > 1, !isSegmentation {
      kind = .classes(labels, names: try Self.tokens(labels, files, count: count))
      return
    }
    let numbering = try ClassNumbering(labels, count: count, place: file.name)
    notes += numbering.notes
    kind = .classes(labels.map { numbering.classes(of: $0) }, names: numbering.names)
  }

  /// Classes that are called by texts.
  private static func texts(
    _ files: [NPYFile], for answers: AnswerKind
  ) throws(ProgramError) -> (Kind, [String]) {
    let file = files[0]
    guard answers != .values, file.rowSize == 1 else {
      throw .bad(
        place: file.name,
        problem:
          "expected \(answers == .values ? "numbers" : "one class for each row"), found texts "
          + "of shape \(file.shape)",
        hint: answers == .values ? "set loss to cross_entropy" : "save one text for each row")
    }
    let texts = files.map { $0.texts() }
    let names = Set(texts.joined()).sorted()
    guard names.count <= ClassNumbering.most else {
      throw .bad(
        place: file.name, problem: "expected at most \(ClassNumbering.most) classes, found more",
        hint: "give one text for each class")
    }
    let classes = Dictionary(uniqueKeysWithValues: zip(names, Int32(0)...))
    return (
      .classes(
        texts.map { $0.map { classes[$0] ?? 0 } },
        names: names.count == 1 ? names + ["(none)"] : names), []
    )
  }

  /// Numbers that are two classes though no 0 and 1, such as -1 and 1.
  private static func areTwoNumbers(_ files: [NPYFile], _ answers: AnswerKind) -> Bool {
    guard answers == .binary, files[0].rowSize == 1 else { return false }
    var seen: Set<Double> = []
    for file in files {
      for value in file.doubles(of: 0..<file.rowCount) {
        guard value == value.rounded(), abs(value) < 1e9 else { return false }
        seen.insert(value)
        guard seen.count <= 2 else { return false }
      }
    }
    return !seen.isSubset(of: [0, 1])
  }

  /// The place of the 1 in each row; nil if a row is anything but zeros and one 1.
  private static func oneHot(_ files: [NPYFile]) -> [[Int32]]? {
    var parts: [[Int32]] = []
    for file in files {
      let size = file.rowSize
      var places: [Int32] = []
      places.reserveCapacity(file.rowCount)
      for row in 0..<file.rowCount {
        var place: Int32?
        for (index, value) in file.doubles(of: row..<row + 1).enumerated() where value != 0 {
          guard value == 1, place == nil, index < size else { return nil }
          place = Int32(index)
        }
        guard let place else { return nil }
        places.append(place)
      }
      parts.append(places)
    }
    return parts
  }

  /// The names of as many classes as the steps of sequences have, which are tokens as they stand.
  private static func tokens(
    _ labels: [[Int32]], _ files: [NPYFile], count: Int?
  ) throws(ProgramError) -> [String] {
    let limit = Int32(count ?? ClassNumbering.most)
    for (file, labels) in zip(files, labels) {
      for label in labels where !(0..<limit ~= label) {
        throw .bad(
          place: file.name, problem: "expected a class, 0 to \(limit - 1), found \(label)",
          hint: count == nil || label < 0
            ? "number the classes from 0" : "raise data.classes or leave it out")
      }
    }
    let largest = labels.compactMap { $0.max() }.max() ?? 0
    return (0..<(count ?? max(Int(largest) + 1, 2))).map(String.init)
  }
}
