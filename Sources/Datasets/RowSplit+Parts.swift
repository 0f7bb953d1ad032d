// Deals rows out to three parts, by class, by group or in the order of time.
import Basics

extension RowSplit {
  /// Deals `count` rows out: those of the end first, and of the others a part for validation.
  ///
  /// Without a test part, a resampling and groups it is as without this. Otherwise the draw depends on
  /// the number of the split alone. Rows of one group stay in one part; of every class each part has its
  /// share. In the order of time the parts follow one another, and the test parts of a resampling are
  /// blocks behind one another, each behind all that is seen for it.
  ///
  /// `validation` is of the rows that are not tested on; a count of 0 leaves that part empty.
  ///
  /// - Throws: `ProgramError` if a part would be empty.
  package init(
    _ count: Int, validation: PartSize, by choice: Split? = nil, usually usual: Split = .random,
    classes: RowClasses? = nil, groups: RowGroups? = nil, _ parts: PartSettings, seed: UInt64,
    place: String
  ) throws(ProgramError) {
    if parts.isUsual, groups == nil, case .share(let share) = validation {
      try self.init(
        count, share: share, by: choice, usually: usual, classes: classes, seed: seed, place: place)
      return
    }
    var random = RandomSource(seed: parts.draw(seed: seed), stream: Stream.parts)
    if let groups {
      try self.init(groups, classes, validation, parts, random: &random, place: place)
      return
    }
    let isInTime = choice == .last || choice == nil && usual == .last && parts.resample == nil
    if isInTime {
      let split = try RowSplit(inTime: count, validation: validation, parts, place: place)
      if choice == .last || classes.map({ split.missesNone(of: $0) }) ?? true {
        self = split
        return
      }
    }
    let test = parts.test?.count(of: count) ?? 0
    let measured = validation.count(of: count - test)
    try Self.check(
      count, PartCounts(train: count - test - measured, validation: measured, test: test), parts,
      validation, place: place)
    var order = Array(0..<count)
    random.shuffleInPlace(&order)
    let (seen, tested) = Self.byClass(order, holdingOut: test, classes)
    let (trained, validated) = Self.byClass(seen, holdingOut: measured, classes)
    self.init(train: trained, validation: validated)
    self.test = tested
    if isInTime, choice == nil {
      notes = [
        "split by class, for the last rows would leave a part without a class; data.split: last keeps "
          + "the order of the file"
      ]
    }
  }

  /// How many rows each part has.
  package var counts: PartCounts {
    PartCounts(train: train.count, validation: validation.count, test: test.count)
  }

  /// Refuses parts of which one would be empty.
  static func check(
    _ count: Int, _ counts: PartCounts, _ parts: PartSettings, _ validation: PartSize, place: String
  ) throws(ProgramError) {
    let isWhole =
      counts.train > 0 && (counts.validation > 0 || validation == .count(0))
      && (counts.test > 0 || parts.test == nil)
    guard !isWhole else { return }
    throw .bad(
      place: place,
      problem: "expected rows for every part, found \(count) rows: \(counts.train) to train on, "
        + "\(counts.validation) for validation, \(counts.test) for the test",
      hint: "add rows, or change data.validation or data.test")
  }

  /// The last of an order held out, of every class its share.
  private static func byClass(
    _ order: [Int], holdingOut count: Int, _ classes: RowClasses?
  ) -> (kept: [Int], held: [Int]) {
    guard count > 0, let classes else {
      return (Array(order.dropLast(count)), Array(order.suffix(count)))
    }
    let strata = Strata(
      RowClasses(labels: order.map { classes.labels[$0] }, names: classes.names))
    let dealt = strata.dealt(Array(order.indices), validation: count).map { order[$0] }
    return (Array(dealt.dropLast(count)), Array(dealt.suffix(count)))
  }

  /// Whether every part has each class of which there is an example for each of them.
  private func missesNone(of classes: RowClasses) -> Bool {
    let parts = [train, validation, test].filter { !$0.isEmpty }
    var counts = [Int](repeating: 0, count: classes.names.count)
    for label in classes.labels { counts[Int(label)] += 1 }
    return parts.allSatisfy { rows in
      let present = Set(rows.map { classes.labels[$0] })
      return counts.indices.allSatisfy { counts[$0] < parts.count || present.contains(Int32($0)) }
    }
  }
}

// MARK: In the order of time

extension RowSplit {
  /// Rows that follow one another in time: first those trained on, then validation, then the test.
  ///
  /// In a resampling of J splits the last rows are J blocks, of which split j has the j-th; what lies
  /// before it is seen, what lies behind it is not used. Without a test part the blocks are validation's.
  ///
  /// - Throws: `ProgramError` if a part would be empty.
  init(
    inTime count: Int, validation: PartSize, _ parts: PartSettings, place: String
  ) throws(ProgramError) {
    let blocks = parts.resample?.count ?? 1
    let number = parts.resample?.number ?? 1
    // What rolls is what the procedure is judged by.
    let rolling = parts.test ?? validation
    var block = rolling.count(of: count, blocks: blocks)
    if parts.test == nil, blocks > 1 {
      // The share is one split's: the blocks of many must leave something before them.
      block = min(block, PartSize.usual.count(of: count, blocks: blocks))
    }
    guard block > 0, count - blocks * block > 0 else {
      throw .bad(
        place: place,
        problem: "expected \(blocks == 1 ? "a block" : "\(blocks) blocks one behind the other") to "
          + "measure on and rows before, found \(count) rows and blocks of \(block)",
        hint: "add rows, lower data.test, or draw fewer splits")
    }
    let start = count - (blocks - number + 1) * block
    let held = Array(start..<start + block)
    guard parts.test != nil else {
      self.init(train: Array(0..<start), validation: held)
      return
    }
    let measured = validation.count(of: start)
    try Self.check(
      count, PartCounts(train: start - measured, validation: measured, test: block), parts,
      validation, place: place)
    self.init(train: Array(0..<start - measured), validation: Array(start - measured..<start))
    test = held
  }
}
