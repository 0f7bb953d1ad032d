// Files as people have them, made after public reports: each is read right, or refused with the cure.
import Basics
import Datasets
import Experiments
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct TableCaseTests {
  private func folder() throws -> URL {
    try #require(Bundle.module.url(forResource: "Tables", withExtension: nil))
  }

  private func experiment(_ data: String) throws -> Experiment {
    let loss = data.contains("forecast") ? "mse" : "cross_entropy"
    return try Experiment(
      JSONValue(
        yaml: "data: {\(data)}\nmodel: [dense: {units: 2}]\nloss: \(loss)", name: "x"), name: "x",
      folder: try folder())
  }

  private func dataset(_ data: String) throws -> Dataset {
    try Dataset(try experiment(data), seed: 1)
  }

  private func table(_ file: String, _ more: String = "") throws -> Dataset {
    try dataset("csv: \(file).csv, target: kind, standardize: false\(more)")
  }

  private func problem(_ body: () throws -> Dataset) -> String {
    do {
      let data = try body()
      return "none: \(data.notes)"
    } catch {
      return "\(error)"
    }
  }

  private func expectEqual(_ left: Dataset, _ right: Dataset, within tolerance: Float = 0) {
    switch (left.train.targets, right.train.targets) {
    case (.values(let left, _), .values(let right, _)):
      #expect(left.count == right.count)
      for (left, right) in zip(left, right) { #expect(abs(left - right) <= tolerance) }
    default: #expect(left.train.targets == right.train.targets)
    }
    for (left, right) in zip(left.train.inputs, right.train.inputs) {
      #expect(abs(left - right) <= tolerance)
    }
    #expect(left.train.inputs.count == right.train.inputs.count)
  }

  @Test func `separators, commas, thousands, sep= and comments are read`() throws {
    let plain = try table("14-comment-blank")
    #expect(plain.train.count == 96 && plain.inputShape == [2])
    #expect(plain.columns.map(\.kind) == [.number, .number, .target])
    #expect(plain.train.inputs.contains(-1290.6) || plain.validation.inputs.contains(-1290.6))
    expectEqual(try table("45-unicode-minus"), plain)
    expectEqual(try table("47-float-index-excel-sep"), plain)
    expectEqual(
      try table("02-semicolon-decimal-comma"), try table("02c-tab"))
    expectEqual(try table("02c-tab"), plain, within: 0.0501)
    let grouped = try table("03-thousands")
    expectEqual(grouped, plain, within: 0.0501)
    #expect(
      grouped.notes == ["column 'mass' is read with decimal: \".\" and thousands: \",\""])
    let few = try table("33-decimal-comma-few")
    #expect(few.inputShape == [2] && few.train.inputs.contains(0.5))
    #expect(few.notes == ["column 'width' is read with decimal: \",\""])
  }

  @Test(arguments: ["04-na-05", "04-na-09", "42-na-nomissing"])
  func `words for nothing among numbers go by the rules of missing`(file: String) throws {
    let filled = try table(file, ", missing: mean")
    #expect(filled.train.count + filled.validation.count == 120)
    let kept = try table(file, ", missing: drop")
    #expect(kept.train.count + kept.validation.count == 113)
    let text = problem { try table(file) }
    #expect(text.contains("line 5, column 1 (width): expected a number, found '"), "\(text)")
    #expect(text.contains("set data.missing"))
  }

  @Test func `an empty label is not a class, and NA is one, with a note`() throws {
    let data = try table("31b-target-missing-mean", ", missing: mean")
    #expect(data.classNames == ["cat", "dog"] && data.train.count + data.validation.count == 106)
    #expect(data.notes == ["14 of 120 rows have no 'kind' and are left out"])
    let named = try table("31c-target-missing-drop", ", missing: drop")
    #expect(named.classNames == ["NA", "cat", "dog"])
    #expect(named.notes.count == 1 && named.notes[0].contains("'NA' (14 cells)"))
    let listed = try table("31c-target-missing-drop", ", missing: drop, missing_values: [NA]")
    #expect(listed.classNames == ["cat", "dog"])
    #expect(listed.notes == data.notes)
  }

  @Test func `NA among texts is one of them unless it is listed`() throws {
    let data = try table("40b-cat-missing-drop", ", missing: drop")
    #expect(data.columns[1] == TableColumn(name: "colour", kind: .categories, categories: 4))
    #expect(data.notes.count == 1 && data.notes[0].contains("'NA' (18 cells)"))
    let listed = try table("40b-cat-missing-drop", ", missing: drop, missing_values: [NA]")
    #expect(listed.columns[1].categories == 3)
    #expect(listed.notes == ["18 of 120 rows have a missing cell and are left out"])
  }

  @Test func `dates become no texts, and two targets are an error`() throws {
    let dates = problem { try table("32-dates-few") }
    #expect(dates.contains("line 2, column 1 (when)") && dates.contains("data.date"), "\(dates)")
    #expect(try table("32-dates-few", ", date: when").columns[0].kind == .date)
    #expect(try table("32-dates-few", ", ignore: [when]").columns[0].kind == .ignored)
    #expect(
      problem { try table("37-duplicate-target") }.contains("found 2: columns 1 and 3"))
  }

  @Test func `large numbers count as they do without their offset`() throws {
    func forecast(_ file: String) throws -> (Dataset, Forecast) {
      let data = try dataset("csv: \(file).csv, task: forecast, column: v, window: 16")
      guard case .forecast(let forecast) = data.task else { throw RecordError.unknownKind("") }
      return (data, forecast)
    }
    let (far, farScale) = try forecast("price")
    let (near, nearScale) = try forecast("price0")
    expectEqual(far, near, within: 1e-5)
    #expect(abs(farScale.lastValueRMSE - nearScale.lastValueRMSE) < 1e-6)
    #expect(nearScale.lastValueRMSE > 0.1)
    let seconds = try dataset("csv: seconds.csv, target: kind")
    #expect(Set(seconds.train.inputs).count > 1)
    #expect(
      problem { try dataset("csv: seconds.csv, target: kind, standardize: false") }
        .contains("column ts: expected numbers that differ in their first 7 digits"))
  }

  @Test func `a series goes from old to new, each day once`() throws {
    let keys = "task: forecast, column: price, window: 20"
    let ascending = try dataset("csv: asc.csv, \(keys)")
    let descending = try dataset("csv: desc.csv, \(keys)")
    expectEqual(ascending, descending)
    #expect(ascending.notes.isEmpty)
    #expect(descending.notes.count == 1 && descending.notes[0].contains("turned round"))
    #expect(
      problem { try dataset("csv: dup.csv, \(keys)") }
        .contains("line 3, column 1 (date): expected each date once, found '2020-01-01' again"))
    let yahoo = "csv: yahoo.csv, task: forecast, column: Close, window: 20"
    let text = problem { try dataset(yahoo) }
    #expect(text.contains("'null', which stands for no value: set data.missing"), "\(text)")
    let dropped = try dataset("\(yahoo), missing: drop")
    #expect(dropped.columns.first?.kind == .date && dropped.columns[4].kind == .target)
    #expect(dropped.notes.contains { $0.hasPrefix("8 of 400 rows") })
    #expect(
      try dataset("\(yahoo), missing: interpolate").notes.contains { $0.contains("8 of 400") })
  }

  @Test func `what became of each column stands in the header and above what show prints`() throws {
    let experiment = try experiment("csv: 40b-cat-missing-drop.csv, target: kind, ignore: [width]")
    var header = try RunSetup(
      try self.experiment("csv: 31b-target-missing-mean.csv, target: kind"), seed: 1
    ).header(experiment, seed: 1, threads: 1)
    #expect(
      header.columns == [
        .init(name: "width", kind: "number"), .init(name: "mass", kind: "number"),
        .init(name: "kind", kind: "target", categories: 2),
      ])
    header.notes = []
    #expect(
      experiment.columnComments.hasPrefix(
        """
        # column width: ignored
        # column colour: categories (4)
        # column kind: target (2)
        # note: column 'colour': 'NA' (18 cells)
        """))
    let broken = try self.experiment("csv: none.csv, target: kind").columnComments
    #expect(broken.hasPrefix("# columns not read: data: ") && broken.hasSuffix("\n"))
    #expect(try self.experiment("source: digits").columnComments.isEmpty)
  }

  @Test(arguments: [
    "separator: \";\"", "separator: tab, decimal: \",\", thousands: \".\"", "thousands: space",
    "date: [when], date_format: d/m/y, missing_values: [-999, NA, \"\"]", "header: none, text: [a]",
    "missing_values: []", "thousands: none, header: first",
  ])
  func `keys of a table's text resolve to themselves`(keys: String) throws {
    for data in [
      "csv: a.csv, target: y, \(keys)", "csv: a.csv, task: forecast, column: y, \(keys)",
    ]
    where !(data.contains("forecast") && keys.contains("text")) {
      let experiment = try experiment(data)
      let again = try JSONValue(yaml: experiment.document.yaml(), name: "x")
      #expect(try Experiment(again, name: "x", folder: experiment.folder) == experiment)
    }
  }

  @Test(arguments: [
    ("separator: x", "data.separator: expected one of ,, ;, tab, |"),
    ("decimal: \",\", thousands: \",\"", "data.thousands: expected another mark"),
    ("date_format: \"%d/%m/%Y\"", "data.date_format: expected one of iso"),
    ("date_format: d/m/y", "data.date_format: expected data.date beside it"),
    ("missing_values: NA", "data.missing_values: expected a list of cells, found 'NA'"),
    ("sep: x", "data.sep: expected one of"),
  ])
  func `a wrong key of a table's text is an error`(keys: String, expected: String) {
    let text = problem { try dataset("csv: a.csv, target: y, \(keys)") }
    #expect(text.contains(expected), "\(text)")
  }
}
