// Weights in files: named tensors in the safetensors format, as PyTorch and others exchange them.
import Basics

/// A named tensor of single-precision numbers.
package struct NamedTensor: Sendable, Equatable {
  /// As PyTorch's `state_dict` has it: `fc1.weight`.
  package var name: String
  /// The length of each dimension, outermost first; empty for a single number.
  package var shape: [Int]
  /// Row-major; their number is the product of the shape.
  package var values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// The content of a safetensors file.
package struct SafetensorsFile: Sendable, Equatable {
  /// A tensor whose numbers are not read, because they are of another kind.
  package struct OtherTensor: Sendable, Equatable {
    package var name: String
    /// As the format names it: `I64`.
    package var type: String
    package var shape: [Int]
  }

  /// Free texts; `format: pt` is what PyTorch's libraries look for.
  package var metadata: [String: String]
  /// In the order of their data in the file.
  package var tensors: [NamedTensor]
  /// The file's other tensors: integers, booleans and 8-bit numbers.
  package internal(set) var otherTensors: [OtherTensor] = []

  package init(metadata: [String: String] = ["format": "pt"], tensors: [NamedTensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The reference implementation reads no longer header.
  static let longestHeader = 100_000_000
  /// The header's key that is not a tensor.
  static let metadataKey = "__metadata__"
}

extension ProgramError {
  /// A file of weights that cannot be read, written, or given to the model.
  init(weights kind: Kind, path: String, problem: String, hint: String) {
    self.init(.weights, kind, path, problem, hint)
  }

  /// A name from a file as it may stand in a line of text: short and without control characters.
  static func shown(_ name: String) -> String {
    let start = name.unicodeScalars.prefix(80).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
      default: String(scalar)
      }
    }
    return start.joined() + (name.unicodeScalars.count > 80 ? "…" : "")
  }
}
