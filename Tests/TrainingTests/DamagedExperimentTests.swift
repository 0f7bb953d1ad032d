// Whatever an experiment says: it is one whose plan builds, or an error that says why not.
import Basics
import Datasets
import Experiments
import Foundation
import Resources
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct DamagedExperimentTests {
  /// `MAXNORM_FUZZ_ROUNDS` and `MAXNORM_FUZZ_SEED` make the search longer, and another.
  private static let rounds =
    ProcessInfo.processInfo.environment["MAXNORM_FUZZ_ROUNDS"].flatMap(Int.init) ?? 150
  private static let firstSeed =
    ProcessInfo.processInfo.environment["MAXNORM_FUZZ_SEED"].flatMap(UInt64.init) ?? 0

  /// SplitMix64.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// Short, on small data, with all kinds of keys: medium numbers would make large nets and long
  /// waits, which are not faults.
  private static let experiments = [
    """
    name: a
    data: {source: digits, train: 40, label_noise: 0.1, standardize: true}
    model:
      - dense: {name: fc1, units: 8, max_norm: 2}
      - batch_norm: {epsilon: 0.00001, momentum: 0.1}
      - leaky_relu: {slope: 0.01}
      - dropout: {rate: 0.5}
      - keep: a
      - dense: {units: 8, bias: false}
      - add: a
      - dense: {units: 10, max_norm: none}
    loss: cross_entropy
    label_smoothing: 0.1
    optimizer: {name: adamw, learning_rate: 0.1, betas: [0.9, 0.99], epsilon: 0.0001, weight_decay: 0}
    schedule: {name: cosine, total: 100, minimum: 0.01, warmup: 5}
    gradient_clip: {norm: 5}
    constraint: {max_norm: 3.0, axis: incoming, enabled: true}
    batch: 16
    epochs: 3
    shuffle: true
    seed: 1
    pace: 200
    """,
    """
    data: {source: shapes, task: segmentation, size: 24, train: 6, validation: 4}
    model:
      - conv2d: {channels: 3, kernel: 3, stride: 1, padding: same}
      - relu
      - max_pool: {size: 2, stride: 2}
      - conv_transpose2d: {channels: 2, kernel: 2, stride: 2, padding: 0}
      - avg_pool: 2
      - conv_transpose2d: {channels: 4, kernel: 2, stride: 2}
    loss: cross_entropy
    optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9, nesterov: true, l1: 0.001}
    schedule: {name: step, every: 10, factor: 0.5}
    steps: 100
    """,
    """
    data: {source: co2, window: 8, horizon: 1}
    model: [lstm: {hidden: 4, layers: 2, return: last, bidirectional: true}, dense: {units: 1}]
    loss: mse
    optimizer: {name: rmsprop, alpha: 0.9}
    schedule: {name: inverse_time, every: 10, factor: 0.1}
    epochs: 1
    """,
    """
    data: {source: kjv, window: 12, train: 20}
    model:
      - embedding: {vocabulary: 63, size: 4}
      - gru: {hidden: 3, return: sequence}
      - dense: {units: 63}
    loss: cross_entropy
    gradient_clip: {value: 1}
    """,
  ]

  private static let values = [
    "0", "-1", "1", "2", "3", "0.5", "1e18", "1e400", "-1e400", "4611686018427387904",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", ".nan", ".inf", "-.inf",
    "true", "null", "~", "''", "[]", "{}", "[1, 2]", "{name: a}", "same", "valid", "none", "word",
    "'\u{1B}[2J'", "&x [*x]", "*y", "!!int x", "0x7fffffffffffffff", "1_000", "漢字",
  ]

  private static let numbers = [
    "0", "1", "2", "3", "0.5", "0.001", "1e-40", "1e30", "1e300", "1e18", "4611686018427387904",
    "9223372036854775807", "-1",
  ]

  private static let lines = [
    "colour: red", "  - relu", "  - dense: {units: 1e18}", "- x", "\t- y", "%YAML 9.9", "---",
    "...",
    "model: []", "steps: 9223372036854775807", "epochs: 9223372036854775807", "batch: 1e18",
    "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b]",
    "data: {csv: /dev/null, target: a, task: classification}", "data: {npy: {inputs: /dev/null}}",
    "data: {text: /dev/null, task: language, window: 4}", "data: {idx: /dev}",
    "? {complex: key}\n: value", "constraint: {max_norm: 1e-40}",
  ]

  /// An experiment with one to three damages.
  private func damaged(_ text: String, _ numbers: inout Numbers) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0...Int.random(in: 0..<2, using: &numbers) where !lines.isEmpty {
      let place = Int.random(in: 0..<lines.count, using: &numbers)
      switch Int.random(in: 0..<12, using: &numbers) {
      case 0: lines.remove(at: place)
      case 1: lines.insert(lines[place], at: place)
      case 2: lines.swapAt(place, Int.random(in: 0..<lines.count, using: &numbers))
      case 3: lines.insert(Self.lines.randomElement(using: &numbers) ?? "", at: place)
      case 4:
        guard let index = lines[place].indices.randomElement(using: &numbers) else { continue }
        lines[place].replaceSubrange(
          index...index,
          with: ["\u{0}", ":", "[", "}", "\"", "#", "é"].randomElement(using: &numbers) ?? "")
      case 5:
        let depth = [50, 2000].randomElement(using: &numbers) ?? 0
        lines[place] += String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      default: replaceValue(&lines[place], &numbers)
      }
    }
    return lines.joined(separator: "\n")
  }

  private func replaceValue(_ line: inout String, _ numbers: inout Numbers) {
    let starts = line.indices.filter { ":,[".contains(line[$0]) }
    guard let mark = starts.randomElement(using: &numbers) else { return }
    let start = line.index(after: mark)
    let end = line[start...].firstIndex { ",]}".contains($0) } ?? line.endIndex
    let isNumber = Double(line[start..<end].drop { $0 == " " }) != nil
    let values = isNumber && Int.random(in: 0..<4, using: &numbers) > 0 ? Self.numbers : Self.values
    line.replaceSubrange(start..<end, with: " " + (values.randomElement(using: &numbers) ?? ""))
  }

  @Test(arguments: experiments)
  func `without damage each of them builds`(text: String) throws {
    let experiment = try Experiment(
      JSONValue(yaml: text, name: "x"), name: "x", folder: URL(fileURLWithPath: "/nowhere"))
    _ = try experiment.header()
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func `a damaged experiment builds, or is refused in one line`(seed: UInt64) throws {
    var numbers = Numbers(state: Self.firstSeed &+ seed)
    var built = 0
    for round in 0..<Self.rounds {
      let text = damaged(Self.experiments[round % Self.experiments.count], &numbers)
      let time = threadTime {
        built += build(text, "seed \(seed), round \(round)") ? 1 : 0
      }
      #expect(time < .seconds(30), "seed \(seed), round \(round): \(text)")
    }
    #expect(built > Self.rounds / 12 && built < Self.rounds * 9 / 10, "\(built)")
  }

  /// Builds a damaged experiment and all that is made of it; false if it is refused, in one line.
  private func build(_ text: String, _ place: String) -> Bool {
    do {
      let document = try JSONValue(yaml: text, name: "x")
      let experiment = try Experiment(
        document, name: "x", folder: URL(fileURLWithPath: "/nowhere"))
      // What was resolved reads as the same again.
      let resolved = try JSONValue(yaml: experiment.document.yaml(), name: "x")
      #expect(
        try Experiment(resolved, name: "x", folder: experiment.folder) == experiment, "\(text)")
      let header = try experiment.header()
      #expect(header.totalSteps.known > 0 && !header.layers.isEmpty, "\(text)")
      return true
    } catch let error as ProgramError {
      check("\(error)", text)
    } catch {
      Issue.record("\(place): \(error): \(text)")
    }
    return false
  }

  private func check(_ message: String, _ text: String) {
    #expect(!message.contains("\n") && !message.isEmpty, "\(message): \(text)")
  }
}
