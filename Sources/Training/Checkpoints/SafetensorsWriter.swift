// Writes a safetensors file: the same bytes for the same tensors, whole or not at all.
import Basics

extension SafetensorsFile {
  /// Writes the tensors in their order, and the metadata; a file that stands there is replaced.
  ///
  /// Names must be unique and shapes fit the values. `otherTensors` are not written.
  ///
  /// - Throws: `ProgramError` if the file cannot be written. What stood there then still does,
  ///   and no temporary file is left.
  package func write(to path: String) throws(ProgramError) {
    do throws(FileReplacement.Failure) {
      var file = try FileReplacement(of: path)
      try file.append(header())
      for tensor in tensors { try file.append(tensor.values) }
      try file.commit()
    } catch {
      throw ProgramError(weights: .unwritable, path: path, problem: error.problem, hint: error.hint)
    }
  }

  /// Finds out, before a long run, whether a file could be written, and keeps other runs from it.
  ///
  /// - Returns: what is to be held as long as the file may be written.
  /// - Throws: `ProgramError` if it could not, or another run holds it.
  package static func reserve(_ path: String) throws(ProgramError) -> FileLock {
    do throws(FileReplacement.Failure) {
      // Never committed: it leaves nothing behind.
      _ = try FileReplacement(of: path)
    } catch {
      throw ProgramError(weights: .unwritable, path: path, problem: error.problem, hint: error.hint)
    }
    do throws(FileLock.Taken) {
      return try FileLock(of: path)
    } catch {
      throw ProgramError(weights: .unwritable, path: path, problem: error.problem, hint: error.hint)
    }
  }

  /// Length and text of the header, filled with spaces up to a multiple of 8 bytes.
  ///
  /// So the numbers are aligned for readers that map the file into memory.
  private func header() -> [UInt8] {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "tensor names must be unique")
    var entries: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      entries.append("\(quoted(Self.metadataKey)):{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      precondition(tensor.name != Self.metadataKey, "the metadata's name cannot be a tensor's")
      precondition(
        tensor.shape.allSatisfy { $0 >= 0 } && tensor.shape.reduce(1, *) == tensor.values.count,
        "a tensor's values must fill its shape")
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.values.count * MemoryLayout<Float>.stride
      entries.append(
        "\(quoted(tensor.name)):"
          + "{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(entries.joined(separator: ","))}".utf8)
    text.append(contentsOf: repeatElement(0x20, count: (8 - text.count % 8) % 8))
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
