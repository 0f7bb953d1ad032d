// The arrays of all parts of a data set, whose rows count on from one part to the next.
import Basics

/// A training part, and those that have files of their own.
struct NPYParts {
  private(set) var train: NPYPart
  private(set) var validation: NPYPart?
  private(set) var test: NPYPart?

  /// In the order in which their rows are counted.
  var all: [NPYPart] { [train, validation, test].compactMap { $0 } }

  /// - Throws: `ProgramError` if a file is missing or damaged, or does not fit the others.
  init(_ files: NPYFiles, _ options: NPYOptions, for answers: AnswerKind) throws(ProgramError) {
    train = try NPYPart(files.train, options.layout)
    if let part = files.validation { validation = try NPYPart(part, options.layout) }
    if let part = files.test { test = try NPYPart(part, options.layout) }
    try validation?.check(fits: train, for: answers)
    try test?.check(fits: train, for: answers)
  }

  mutating func releaseTargetValues() {
    train.targets.releaseValues()
    validation?.targets.releaseValues()
    test?.targets.releaseValues()
  }

  /// The inputs of rows, a decoder's behind the others.
  func inputs(of rows: [Int]) throws(ProgramError) -> [Float] {
    try read(rows) { part, places throws(ProgramError) in try part.rows(places) }
  }

  /// The targets of rows as numbers.
  func targets(of rows: [Int]) throws(ProgramError) -> [Float] {
    try read(rows) { part, places throws(ProgramError) in try part.targets.floats(of: places) }
  }

  /// Rows of one part after the other; those of one that is read lie together.
  private func read(
    _ rows: [Int], _ values: (NPYPart, [Int]) throws(ProgramError) -> [Float]
  ) throws(ProgramError) -> [Float] {
    var read: [Float] = []
    var first = 0
    for part in all {
      let own = rows.filter { first..<first + part.count ~= $0 }
      if own.count == rows.count { return try values(part, own.map { $0 - first }) }
      if !own.isEmpty { read += try values(part, own.map { $0 - first }) }
      first += part.count
    }
    return read
  }
}
