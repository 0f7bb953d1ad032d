// An experiment from nothing but arrays: which file holds the targets, and what they are.
import Basics
import Datasets
import Foundation
import RunRecords

/// What becomes of NumPy arrays for which nobody has written an experiment.
struct ArrayExperiment {
  /// The experiment; its notes say what was chosen.
  let source: ExperimentSource

  /// Whole numbers of more different values than these are numbers to be predicted.
  private static let mostClasses = 1000

  /// - Throws: `ProgramError` if a file cannot be read, or none of targets is found.
  init(_ path: String, _ options: DataFileOptions) throws(ProgramError) {
    let folder = URL(
      fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let targets: String
    if let named = options.target {
      targets = named
    } else {
      targets = try Self.targets(beside: path)
    }
    func url(_ path: String) -> URL {
      path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
    }
    let files = NPYFiles(train: .init(inputs: url(path), targets: url(targets)))
    guard options.task != .forecast else {
      throw ProgramError(
        .data, .usage, path, "expected classification or regression for arrays, found forecast",
        "give the series as a table, or windows of it with their targets")
    }
    var answers: AnswerKind =
      switch options.task {
      case .classification: .classes
      case .regression: .values
      case .forecast, nil: .either
      }
    var dataset = try Dataset.npy(files, for: answers)
    if options.task == nil, case .classes(_, let count, _) = dataset.train.targets,
      count > Self.mostClasses
    {
      answers = .values
      dataset = try Dataset.npy(files, for: answers)
    }
    guard case .classes(_, let classes, let positions) = dataset.train.targets else {
      self.source = Self.source(
        dataset, outputs: dataset.train.targets.size, "numbers", path, targets, folder)
      return
    }
    guard positions == 1 else {
      throw ProgramError(
        .data, .usage, targets,
        "expected one class or number for each row, found \(positions) classes",
        "write an experiment: 'maxnorm help arrays' has one for sequences and pixels")
    }
    self.source = Self.source(
      dataset, outputs: classes, "one of \(classes) classes", path, targets, folder)
  }

  private static func source(
    _ dataset: Dataset, outputs: Int, _ what: String, _ path: String, _ targets: String,
    _ folder: URL
  ) -> ExperimentSource {
    let isRegression = what == "numbers"
    let net = SizedNet(
      examples: dataset.train.count, inputShape: dataset.inputShape, outputs: outputs)
    let files = JSONValue.fields([.init("inputs", .text(path)), .init("targets", .text(targets))])
    var data: [JSONValue.Field] = [.init("npy", files), .init("standardize", .flag(true))]
    if isRegression { data.append(.init("standardize_target", .flag(true))) }
    var source = ExperimentSource(
      document: .fields(
        [
          .init("title", .text("\(shownName(path)), \(net.words)")), .init("data", .fields(data)),
        ] + net.fields(loss: isRegression ? "mse" : "cross_entropy")),
      name: path, folder: folder)
    source.dataNotes = [
      "\(shownName(path)): predicts \(what) of \(shownName(targets)) from inputs of shape "
        + "\(dataset.inputShape)",
      "the net: \(net.words), adam; 'maxnorm new \(shownName(path))' writes all of it as YAML",
    ]
    return source
  }

  // MARK: The targets

  /// The file, or array of the archive, whose name goes with that of the inputs.
  private static func targets(beside path: String) throws(ProgramError) -> String {
    let pairs = [
      ("inputs", "targets"), ("inputs", "labels"), ("features", "targets"), ("features", "labels"),
      ("images", "labels"), ("data", "labels"), ("data", "targets"), ("X", "y"), ("x", "y"),
    ]
    let isArchived = path.lowercased().contains(".npz:")
    let place =
      isArchived
      ? path.range(of: ":", options: .backwards)
      : path.range(
        of: "/", options: .backwards)
    let (front, name) =
      place.map { (path[..<$0.upperBound], path[$0.upperBound...]) }
      ?? (path[..<path.startIndex], path[...])
    for (input, target) in pairs {
      guard let found = name.range(of: input) else { continue }
      let other = "\(front)\(name.replacingCharacters(in: found, with: target))"
      if isArchived || FileManager.default.fileExists(atPath: other) { return other }
    }
    throw ProgramError(
      .data, .usage, path,
      "expected a file of targets whose name goes with it (X.npy and y.npy, inputs.npy and "
        + "targets.npy), found none", "name it with --target FILE")
  }
}

extension Targets {
  /// Values of one example.
  fileprivate var size: Int {
    switch self {
    case .values(_, let size): size
    case .classes(_, _, let positions): positions
    case .classesAndBoxes: 4
    }
  }
}
