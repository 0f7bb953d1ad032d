// An experiment from nothing but a file of data: what it predicts, the net, and how it is trained.
import Basics
import Datasets
import Foundation
import RunRecords

/// What a person says of a file of data beside its name.
package struct DataFileOptions: Sendable, Equatable {
  /// The column to be predicted, or the file of an array's targets; nil: the last column, or the file
  /// whose name goes with it.
  package var target: String?
  /// What the target is; nil: as its values say.
  package var task: Task?
  /// Keys below `data` that say how a table's text is read; others are passed over.
  package var settings: [JSONValue.Field]

  /// What is predicted.
  package enum Task: String, Sendable, CaseIterable {
    case classification, regression, forecast
  }

  package init(
    target: String? = nil, task: Task? = nil, settings: [JSONValue.Field] = []
  ) {
    self.target = target
    self.task = task
    self.settings = settings
  }
}

extension ExperimentSource {
  /// Finds a built-in experiment, reads one from a YAML file, or makes one for a file of data.
  ///
  /// The one place where files of data become experiments. For other experiments a target is the key
  /// `data.target`, and a task `data.task`.
  ///
  /// - Throws: `ProgramError`.
  package init(_ nameOrPath: String, _ options: DataFileOptions) throws {
    switch DataFileKind(nameOrPath) {
    case .table: self = try TableExperiment(nameOrPath, options).source
    case .array: self = try ArrayExperiment(nameOrPath, options).source
    case nil:
      try self.init(yaml: nameOrPath)
      if let target = options.target { try set("data.target", to: .text(target)) }
      if let task = options.task { try set("data.task", to: .text(task.rawValue)) }
    }
  }

  /// The same, as its values say.
  package init(_ nameOrPath: String) throws { try self.init(nameOrPath, DataFileOptions()) }
}

/// What a file of data is, by its name.
package enum DataFileKind: Sendable {
  case table, array

  /// nil: the name is not that of a file of data.
  package init?(_ path: String) {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if [".csv", ".tsv", ".tab"].contains(where: name.hasSuffix) {
      self = .table
    } else if [".npy", ".npz"].contains(where: name.hasSuffix) || name.contains(".npz:") {
      self = .array
    } else {
      return nil
    }
  }
}

/// A net and its training by the size of the data.
struct SizedNet {
  /// Examples to train on.
  let examples: Int
  /// The shape of one.
  let inputShape: [Int]
  let outputs: Int

  /// Units of each hidden layer.
  private var width: Int {
    switch examples {
    case ..<200: 16
    case ..<2000: 32
    case ..<20_000: 64
    default: 128
    }
  }

  private var batch: Int {
    switch examples {
    case ..<200: 16
    case ..<5000: 32
    case ..<50_000: 64
    default: 256
    }
  }

  /// 3,000 steps, or ten passes where those are more.
  private var steps: Int {
    let perEpoch = (examples + batch - 1) / batch
    return max(3000, min(10 * perEpoch, 200_000))
  }

  /// In words: "2 hidden layers of 32 units".
  private(set) var words = ""
  private var layers: [JSONValue] = []

  init(examples: Int, inputShape: [Int], outputs: Int) {
    self.examples = examples
    self.inputShape = inputShape
    self.outputs = outputs
    switch inputShape.count {
    case 3: addConvolutions()
    case 2:
      layers = [
        Self.layer("lstm", [("name", .text("lstm")), ("hidden", .integer(max(width, 32)))])
      ]
      words = "an LSTM of \(max(width, 32)) units"
    default: addHidden(examples < 200 ? 1 : 2)
    }
    layers.append(Self.layer("dense", [("name", .text("out")), ("units", .integer(outputs))]))
  }

  private mutating func addHidden(_ count: Int) {
    for index in 1...count {
      layers.append(
        Self.layer("dense", [("name", .text("fc\(index)")), ("units", .integer(width))]))
      layers.append(.text("relu"))
    }
    words +=
      count == 1 ? "a hidden layer of \(width) units" : "\(count) hidden layers of \(width) units"
  }

  private mutating func addConvolutions() {
    var side = min(inputShape[1], inputShape[2])
    var channels = 16
    var count = 0
    while side >= 8, count < 2 {
      count += 1
      layers += [
        Self.layer(
          "conv2d",
          [
            ("name", .text("conv\(count)")), ("channels", .integer(channels)),
            ("kernel", .integer(3)), ("padding", .text("same")),
          ]), .text("relu"), .fields([.init("max_pool", .integer(2))]),
      ]
      side /= 2
      channels *= 2
    }
    layers.append(.text("flatten"))
    if count > 0 { words = "\(count) \(count == 1 ? "convolution" : "convolutions") and " }
    addHidden(1)
  }

  private static func layer(_ kind: String, _ settings: [(String, JSONValue)]) -> JSONValue {
    .fields([.init(kind, .fields(settings.map { .init($0.0, $0.1) }))])
  }

  /// The experiment's keys behind `data`.
  func fields(loss: String) -> [JSONValue.Field] {
    [
      .init("model", .list(layers)), .init("loss", .text(loss)),
      .init(
        "optimizer",
        .fields([.init("name", .text("adam")), .init("learning_rate", .number(0.001))])),
      .init("constraint", .fields([.init("max_norm", .text("none"))])),
      .init("batch", .integer(batch)), .init("steps", .integer(steps)),
    ]
  }
}

/// A name as messages have it.
func shownName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

/// "1 column", "3 columns".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
