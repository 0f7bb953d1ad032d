// Gives the tensors of a file to a model: each must be there, and none be left over.
import Basics
import Experiments

extension SafetensorsFile {
  /// The values for the tensors a model wants, in its order.
  ///
  /// Every wanted tensor must be in the file with its shape, and the file must hold no other, as
  /// PyTorch's `load_state_dict` has it; only the `num_batches_tracked` of batch norm, which
  /// nothing here needs, may be left over. `path` is for messages.
  ///
  /// - Throws: `ProgramError` that lists what is missing, unexpected, or of another shape or type.
  package static func values(
    for wanted: [(name: String, shape: [Int])], from file: SafetensorsFile, path: String
  ) throws(ProgramError) -> [[Float]] {
    let found = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
    let others = Dictionary(file.otherTensors.map { ($0.name, $0) }) { first, _ in first }
    var values: [[Float]] = []
    var missing: [(name: String, shape: [Int])] = []
    var misfits: [String] = []
    for (name, shape) in wanted {
      if let tensor = found[name], tensor.shape == shape {
        values.append(tensor.values)
      } else if let tensor = found[name] {
        misfits.append("\(name) \(tensor.shape) where \(shape) is expected")
      } else if let other = others[name] {
        misfits.append("\(name) of type \(other.type) where F32, F64, F16 or BF16 is expected")
      } else {
        missing.append((name, shape))
      }
    }
    let names = Set(wanted.map(\.name))
    let all =
      file.tensors.map { (name: $0.name, shape: $0.shape) }
      + file.otherTensors.map { (name: $0.name, shape: $0.shape) }
    let unexpected = all.filter { tensor in
      !names.contains(tensor.name) && tensor.name != "num_batches_tracked"
        && !tensor.name.hasSuffix(".num_batches_tracked")
    }
    guard !missing.isEmpty || !misfits.isEmpty || !unexpected.isEmpty else { return values }

    var parts: [String] = []
    if !missing.isEmpty {
      parts.append("no " + list(missing.map { "\($0.name) \($0.shape)" }))
    }
    if !misfits.isEmpty { parts.append(list(misfits)) }
    if !unexpected.isEmpty {
      // The model lacks most likely what it is called there by a slightly other name.
      let candidates = missing.isEmpty ? wanted.map(\.name) : missing.map(\.name)
      let texts = unexpected.prefix(mostListed).map { tensor in
        let name = ProgramError.shown(tensor.name)
        let near = nearest(name, among: candidates).map { " (nearest: \($0))" } ?? ""
        return "\(name) \(tensor.shape)\(near)"
      }
      parts.append("unexpected " + list(texts, of: unexpected.count))
    }
    let dotted = unexpected.map { layerName($0.name) }.first { $0.contains(".") }
    throw ProgramError(
      weights: .bad, path: path,
      problem: "expected the model's \(wanted.count) tensors, found "
        + parts.joined(separator: "; "),
      hint: dotted.map { name in
        "name the layers as the file does, '_' for a dot: \(ProgramError.shown(name)) is name: "
          + ProgramError.shown(name.replacing(".", with: "_"))
      } ?? "give weights of the same model, named as its layers are")
  }

  private static let mostListed = 8

  private static func list(_ texts: [String], of count: Int? = nil) -> String {
    let count = count ?? texts.count
    let rest = count - mostListed
    return texts.prefix(mostListed).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
