// Brings the names of a file's tensors to those of the model, where only a wrapper's prefix or dots differ.
import Basics

extension SafetensorsFile {
  /// What PyTorch's wrappers put in front of every name: DataParallel, torch.compile, Lightning.
  private static let wrappers = ["module.", "_orig_mod.", "model."]

  /// Takes wrappers' prefixes off the names, and reads dots within a layer's name as '_', where the
  /// model's tensors are then all there; what was done, as notes.
  ///
  /// A layer's name has no dots, so a file's `encoder.fc1.weight` can only be `encoder_fc1.weight`.
  mutating func adoptNames(of wanted: [String]) -> [String] {
    let wanted = Set(wanted)
    var names = (tensors.map(\.name) + otherTensors.map(\.name)).map { (old: $0, new: $0) }
    var notes: [String] = []
    guard !names.isEmpty, !names.contains(where: { wanted.contains($0.new) }) else { return [] }
    while let prefix = Self.wrappers.first(where: { prefix in
      names.allSatisfy { $0.new.hasPrefix(prefix) }
    }) {
      for index in names.indices { names[index].new.removeFirst(prefix.count) }
      notes.append("weights: '\(prefix)' taken off the names of all \(names.count) tensors")
    }
    if !wanted.isSubset(of: names.map(\.new)) {
      let plain = names.map { name in
        let layer = Self.layerName(name.new)
        return layer.replacing(".", with: "_") + name.new.dropFirst(layer.count)
      }
      guard Set(plain).count == plain.count, wanted.isSubset(of: plain) else {
        return rename(names, notes)
      }
      let example = zip(names, plain).first { $0.new != $1 }
      for index in names.indices { names[index].new = plain[index] }
      if let example {
        notes.append(
          "weights: dots in layers' names read as '_': "
            + "\(ProgramError.shown(example.0.new)) is \(ProgramError.shown(example.1))")
      }
    }
    return rename(names, notes)
  }

  /// A tensor's name without its last part.
  static func layerName(_ name: String) -> String {
    String(name[..<(name.lastIndex(of: ".") ?? name.startIndex)])
  }

  private mutating func rename(_ names: [(old: String, new: String)], _ notes: [String]) -> [String]
  {
    for index in tensors.indices { tensors[index].name = names[index].new }
    for index in otherTensors.indices {
      otherTensors[index].name = names[tensors.count + index].new
    }
    return notes
  }
}
