// Finds an experiment by name or path, and applies what the command line overrides.
import Basics
import Foundation
import NeuralNetwork
import Resources
import RunRecords

/// An experiment's document before it is read: the place where overrides apply.
package struct ExperimentSource: Sendable, Equatable {
  /// As written, with the overrides so far.
  package var document: JSONValue
  /// What messages call it.
  package var name: String
  /// What paths in the document are relative to.
  package var folder: URL
  /// The ceilings that were given from outside, as `KEY = VALUE`.
  private var givenCeilings: [String] = []
  /// Whether the constraint is on was given from outside.
  private var isSwitchGiven = false
  /// What was chosen for a file of data without an experiment: a sentence each; empty for others.
  package var dataNotes: [String] = []

  /// A document from anywhere.
  package init(document: JSONValue, name: String, folder: URL) {
    self.document = document
    self.name = name
    self.folder = folder
  }

  /// Finds a built-in experiment by name, or reads a file.
  ///
  /// A name with a `.` or a `/` is a file, and so is any other name that is not built in but exists
  /// as a file.
  ///
  /// - Throws: `ProgramError`.
  init(yaml nameOrPath: String) throws {
    let names = try ShippedFiles.names(in: .experiments)
    let path = expandingHome(nameOrPath)
    let isFile =
      path.contains("/") || path.contains(".")
      || !names.contains(path) && FileManager.default.fileExists(atPath: path)
    let url: URL
    if isFile {
      url = URL(fileURLWithPath: path)
    } else {
      guard names.contains(nameOrPath) else {
        let near = nearest(nameOrPath, among: names).map { "did you mean \($0)?" }
        throw ProgramError(
          .experiment, .usage, nameOrPath,
          "expected one of \(names.joined(separator: ", ")), or a YAML file",
          near ?? "'maxnorm list' shows them")
      }
      url = try ShippedFiles.url(of: .experiments).appendingPathComponent("\(nameOrPath).yaml")
    }
    let bytes: [UInt8]
    do {
      bytes = try fileContents(url.path, within: .document)
    } catch  where error.isUnsuitable {
      throw ProgramError(
        experiment: nameOrPath, path: "", problem: "expected a YAML file, found: \(error.reason)",
        hint: "check the path, or see 'maxnorm list'")
    } catch {
      throw ProgramError(
        .experiment, .unreadable, nameOrPath, "expected a readable file: \(error.reason)",
        "check the path, or see 'maxnorm list'")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ProgramError(
        experiment: nameOrPath, path: "", problem: "expected UTF-8 text, found other bytes",
        hint: "")
    }
    document = try JSONValue(yaml: text, name: nameOrPath, keys: Experiment.keys)
    name = nameOrPath
    folder = url.deletingLastPathComponent()
  }

  /// Sets one key: `optimizer.learning_rate=0.05`.
  ///
  /// A layer is named by its place, `model[0].units`, or by its name, `model.fc1.units`.
  ///
  /// - Throws: `ProgramError` if the text is not KEY=VALUE or the path does not exist.
  package mutating func set(_ assignment: String) throws(ProgramError) {
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ProgramError(
        experiment: name, path: "--set", problem: "expected KEY=VALUE, found '\(assignment)'",
        hint: "for example --set optimizer.learning_rate=0.05")
    }
    try set(String(parts[0]), to: try JSONValue(yamlValue: String(parts[1]), name: name))
  }

  /// Sets one key to a value given from outside.
  package mutating func set(_ path: String, to value: JSONValue) throws(ProgramError) {
    try put(path, value)
    let last = path.split(separator: ".").last ?? ""
    switch (last, value) {
    case ("max_norm", _) where !value.isNone, ("max", _) where path == "constraint.max":
      givenCeilings.append("\(path) = \(value.json)")
    case ("enabled", _) where path.hasPrefix("constraint."), ("constraint", _): isSwitchGiven = true
    default: break
    }
  }

  /// Draws the parts of the data in so many splits, this being the first; a part is held out for the end.
  package mutating func resample(_ splits: Int) throws(ProgramError) {
    if (document["data"]?["test"] ?? .null).isNone { try put("data.test", .flag(true)) }
    try put(
      "data.resample", .fields([.init("split", .integer(1)), .init("of", .integer(splits))]))
  }

  /// What was given so far is part of the experiment as it is written.
  mutating func forgetWhatWasGiven() {
    givenCeilings = []
    isSwitchGiven = false
  }

  /// Sets one key to a value.
  mutating func put(_ path: String, _ value: JSONValue) throws(ProgramError) {
    let keys = path.replacing("[", with: ".").replacing("]", with: "").split(
      separator: ".", omittingEmptySubsequences: true
    ).map(String.init)
    // A part of what is not written is a part of what holds then.
    if keys.first == "optimizer", keys.count > 1, document["optimizer"] ?? .null == .null {
      let standard = JSONValue.text(OptimizerSettings.standard.kind.name.rawValue)
      _ = Self.set(["optimizer", "name"], in: &document, to: standard)
    }
    guard document != .null, Self.set(keys[...], in: &document, to: value) else {
      throw ProgramError(
        experiment: name, path: path, problem: "expected the path of a key, found no such place",
        hint: "'maxnorm show \(name)' prints all keys")
    }
  }

  private static func set(
    _ keys: ArraySlice<String>, in document: inout JSONValue, to value: JSONValue
  ) -> Bool {
    guard let key = keys.first else {
      document = value
      return true
    }
    switch document {
    case .fields(var fields):
      let index = fields.firstIndex { $0.key == key } ?? fields.endIndex
      if index == fields.endIndex { fields.append(.init(key, .null)) }
      // A short form such as `optimizer: adam` becomes its long form when a key below it is set.
      if keys.count > 1, case .text(let short) = fields[index].value {
        fields[index].value = .fields([.init("name", .text(short))])
      }
      guard set(keys.dropFirst(), in: &fields[index].value, to: value) else { return false }
      document = .fields(fields)
      return true
    case .list(var values):
      guard let index = place(of: key, in: values) else { return false }
      // A layer is a mapping of its kind alone, which a path may leave out.
      if case .fields(let kind) = values[index], kind.count == 1, keys.count > 1,
        keys.dropFirst().first != kind[0].key
      {
        var inner = kind[0].value
        guard set(keys.dropFirst(), in: &inner, to: value) else { return false }
        values[index] = .fields([.init(kind[0].key, inner)])
      } else {
        guard set(keys.dropFirst(), in: &values[index], to: value) else { return false }
      }
      document = .list(values)
      return true
    case .null:
      document = .fields([])
      return set(keys, in: &document, to: value)
    default:
      return false
    }
  }

  private static func place(of key: String, in values: [JSONValue]) -> Int? {
    if let index = Int(key) { return values.indices.contains(index) ? index : nil }
    return values.firstIndex { entry in
      guard case .fields(let kind) = entry, kind.count == 1 else { return false }
      return kind[0].value["name"] == .text(key)
    }
  }

  /// Reads the experiment as it stands now.
  ///
  /// Whoever gives a ceiling wants it to hold: where the experiment has the constraint off and nobody
  /// said otherwise, it is switched on, with a note.
  package func experiment() throws(ProgramError) -> Experiment {
    guard !givenCeilings.isEmpty, !isSwitchGiven,
      document["constraint"]?["enabled"] == .flag(false)
    else {
      var experiment = try Experiment(document, name: name, folder: folder)
      experiment.notes = dataNotes
      if !dataNotes.isEmpty, !experiment.isConstrained {
        experiment.notes.append(
          "no ceiling: norms are only observed; --max-norm R sets one, and on the screen a key "
            + "proposes one")
      }
      return experiment
    }
    var source = self
    try source.put("constraint.enabled", .flag(true))
    var experiment = try Experiment(source.document, name: name, folder: folder)
    experiment.notes.append(
      "constraint switched on: \(givenCeilings.joined(separator: ", ")) was given, and \(name) has "
        + "constraint.enabled: false (give --no-max-norm beside it to leave it off)")
    return experiment
  }
}
