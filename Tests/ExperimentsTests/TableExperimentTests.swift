// Experiments from nothing but a table or arrays: what is predicted, from what, by which net.
import Basics
import Datasets
import Foundation
import NeuralNetwork
import RunRecords
import TestSupport
import Testing

@testable import Experiments

@Suite struct TableExperimentTests {
  /// The experiment of a table, and what it says of itself.
  private func made(
    _ table: String, _ options: DataFileOptions = DataFileOptions()
  ) throws -> (experiment: Experiment, source: ExperimentSource) {
    try inTemporaryFolder(["mine.csv": Array(table.utf8)]) { folder in
      let source = try ExperimentSource(folder.appendingPathComponent("mine.csv").path, options)
      return (try source.experiment(), source)
    }
  }

  private func table(_ header: String, _ rows: Int, _ row: (Int) -> String) -> String {
    header + "\n" + (0..<rows).map(row).joined(separator: "\n") + "\n"
  }

  private func options(_ experiment: Experiment) throws -> TableOptions {
    guard case .table(_, let options) = experiment.data.source else {
      Issue.record("no table: \(experiment.data.source)")
      return TableOptions(target: "", task: .classification)
    }
    return options
  }

  @Test func `the last column is the target, texts are classes`() throws {
    let (experiment, source) = try made(
      table("id,width,day,colour,kind", 120) { row in
        "\(row + 1),\(Double(row) / 7),2024-01-\(row % 28 < 9 ? "0" : "")\(row % 28 + 1),"
          + "\(["red", "green"][row % 2]),\(["a", "b", "c"][row % 3])"
      })
    let options = try options(experiment)
    #expect(options.target == "kind" && options.task == .classification)
    #expect(options.ignore == ["id"] && options.reading.date == ["day"])
    #expect(options.missing == nil && experiment.objective.loss == .crossEntropy)
    #expect(experiment.layers.count == 3 && !experiment.isConstrained)
    #expect(experiment.optimizer.kind.name == .adam)
    #expect(
      source.dataNotes.first
        == "mine.csv: predicts 'kind' (the last column; --target names another) as one of 3 classes, "
        + "from 4 inputs in 3 columns")
    #expect(experiment.notes.last?.hasPrefix("no ceiling: norms are only observed") == true)
    // A ceiling that is given is one.
    var given = source
    try given.set("constraint.max_norm=2")
    #expect(try given.experiment().isConstrained)
    #expect(try given.experiment().notes.allSatisfy { !$0.hasPrefix("no ceiling") })
  }

  @Test func `many numbers are a number, few whole ones are classes`() throws {
    let text = table("grade,price", 200) { "\($0 % 5),\(Double($0) * 1.5 + 0.25)" }
    let (price, _) = try made(text)
    #expect(try options(price).task == .regression && price.data.standardizeTarget)
    #expect(price.objective.loss == .meanSquaredError)
    let (grade, source) = try made(text, DataFileOptions(target: "grade"))
    #expect(try options(grade).task == .classification)
    #expect(source.dataNotes.first?.contains("predicts 'grade' as one of 5 classes") == true)
    let (asked, _) = try made(text, DataFileOptions(target: "grade", task: .regression))
    #expect(try options(asked).task == .regression)
  }

  @Test func `missing cells are filled, odd columns read as texts or left out`() throws {
    let (experiment, source) = try made(
      table("size,age,name,constant,kind", 150) { row in
        "\(row % 4) cm,\(row % 10 == 0 ? "" : String(row)),name\(row),7,\(row % 2)"
      })
    let options = try options(experiment)
    #expect(options.missing == .mean && options.reading.text == ["size"])
    #expect(options.ignore == ["name", "constant"])
    #expect(
      source.dataNotes.contains(
        "left out as inputs: 'name' (it tells rows apart), 'constant' (all cells are alike)"))
  }

  @Test func `dates beside one column of numbers are a series`() throws {
    let (experiment, source) = try made(
      table("month,sales", 60) { row in
        "\(2015 + row / 12)-\(row % 12 < 9 ? "0" : "")\(row % 12 + 1),\(100 + row)"
      })
    guard case .forecast(_, let options) = experiment.data.source else {
      Issue.record("no series")
      return
    }
    #expect(options.column == "sales" && options.window == 12)
    #expect(source.dataNotes.first?.contains("predicts 'sales'") == true)
  }

  @Test func `a table that could be read in two ways is read as it is told`() throws {
    let text = table("size;kind", 60) { "\($0 % 7 + 1).\(100 + $0);\($0 % 2)" }
    #expect(throws: ProgramError.self) { try made(text) }
    let (told, source) = try made(
      text, DataFileOptions(settings: [.init("decimal", .text(".")), .init("train", .integer(9))]))
    #expect(try options(told).target == "kind")
    #expect(source.dataNotes.first?.contains("from 1 input in 1 column") == true)
  }

  @Test func `the net grows with the table`() throws {
    let small = SizedNet(examples: 100, inputShape: [4], outputs: 2)
    let large = SizedNet(examples: 100_000, inputShape: [4], outputs: 2)
    #expect(small.words == "a hidden layer of 16 units")
    #expect(large.words == "2 hidden layers of 128 units")
    #expect(
      SizedNet(examples: 5000, inputShape: [3, 32, 32], outputs: 10).words
        == "2 convolutions and a hidden layer of 64 units")
  }

  @Test func `a target that is not there is an error`() throws {
    do {
      _ = try made("a,b\n1,x\n2,y\n", DataFileOptions(target: "colour"))
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains("expected one of a, b"), "\(error)")
    }
  }

  @Test func `a column of names is no target`() throws {
    do {
      _ = try made(table("a,name", 100) { "\($0),name\($0)" })
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains("found 100 different values in 100 rows"), "\(error)")
    }
  }

  @Test func `arrays find the file of their targets by its name`() throws {
    func npy(_ type: String, _ shape: String, _ values: [UInt8]) -> [UInt8] {
      var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
      while (header.utf8.count + 11) % 64 != 0 { header += " " }
      header += "\n"
      var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8)
      bytes += [1, 0, UInt8(header.utf8.count), 0] as [UInt8]
      return bytes + Array(header.utf8) + values
    }
    let inputs = (0..<60).map { UInt8($0 * 7 % 251) }
    try inTemporaryFolder([
      "X_train.npy": npy("|u1", "(20, 3)", inputs),
      "y_train.npy": npy("|u1", "(20,)", (0..<20).map { UInt8($0 % 4) }),
      "other.npy": npy("|u1", "(20,)", (0..<20).map { UInt8($0 % 2) }),
    ]) { folder in
      let path = folder.appendingPathComponent("X_train.npy").path
      let source = try ExperimentSource(path, DataFileOptions())
      #expect(source.dataNotes.first?.contains("one of 4 classes of y_train.npy") == true)
      #expect(try source.experiment().objective.loss == .crossEntropy)
      let other = folder.appendingPathComponent("other.npy").path
      let named = try ExperimentSource(path, DataFileOptions(target: other, task: .regression))
      #expect(named.dataNotes.first?.contains("numbers of other.npy") == true)
      #expect(try named.experiment().objective.loss == .meanSquaredError)
      #expect(throws: ProgramError.self) { try ExperimentSource(other, DataFileOptions()) }
    }
  }

  @Test func `an experiment takes target and task as its keys`() throws {
    let source = try ExperimentSource("diabetes", DataFileOptions())
    #expect(source.dataNotes.isEmpty)
    #expect(try ExperimentSource("diabetes").experiment() == source.experiment())
  }
}
