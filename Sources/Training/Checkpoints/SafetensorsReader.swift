// Reads a safetensors file: checks its header against its size, then takes the numbers.
import Basics
import Foundation
import Resources

extension SafetensorsFile {
  /// Reads a file; single, double, half and brain-float numbers become single precision.
  ///
  /// Tensors of other types are listed in `otherTensors`. Nothing is allocated before the header is
  /// checked against the file's size.
  ///
  /// - Throws: `ProgramError` if the file cannot be read or is not a safetensors file.
  package init(contentsOf path: String) throws(ProgramError) {
    let file = try WeightsSource(opening: path)
    defer { file.close() }
    let header = try file.header()
    self.init(metadata: header.header.metadata, tensors: [])
    for entry in header.header.entries {
      if let values = try file.values(entry, dataStart: header.dataStart) {
        tensors.append(NamedTensor(name: entry.name, shape: entry.shape, values: values))
      } else {
        otherTensors.append(
          OtherTensor(name: entry.name, type: entry.type, shape: entry.shape))
      }
    }
  }
}

/// A file of weights that is open for reading.
private struct WeightsSource {
  private let path: String
  private let descriptor: Int32
  private let size: Int

  init(opening path: String) throws(ProgramError) {
    self.path = path
    func unreadable(_ problem: String, _ hint: String) -> ProgramError {
      ProgramError(weights: .unreadable, path: path, problem: problem, hint: hint)
    }
    // Opening a pipe would otherwise wait for a writer.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw unreadable(
        "expected a readable file, found: \(systemMessage())", "check the path")
    }
    var status = stat()
    let code = fstat(descriptor, &status)
    size = Int(status.st_size)
    let type = status.st_mode & S_IFMT
    guard code == 0, type == S_IFREG else {
      Foundation.close(descriptor)
      throw unreadable(
        "expected a file, found \(type == S_IFDIR ? "a folder" : "a pipe or device")",
        "give a .safetensors file")
    }
  }

  func close() { Foundation.close(descriptor) }

  private func bad(_ problem: String, _ hint: String? = nil) -> ProgramError {
    ProgramError(
      weights: .bad, path: path, problem: problem,
      hint: hint ?? "give a file written by 'maxnorm run --save' or safetensors.torch.save_file")
  }

  /// The checked header, and where the data starts.
  func header() throws(ProgramError) -> (header: SafetensorsHeader, dataStart: Int) {
    guard size >= 8 else {
      throw bad("expected a safetensors file, found \(size == 1 ? "1 byte" : "\(size) bytes")")
    }
    let start = try bytes(0..<8)
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsFile.longestHeader), length <= UInt64(size - 8) else {
      if let (name, hint) = try otherFormat() {
        throw bad("expected a safetensors file, found \(name)", hint)
      }
      throw bad(
        "expected a header of at most \(min(SafetensorsFile.longestHeader, size - 8)) bytes, "
          + "found one of \(length)")
    }
    let dataStart = 8 + Int(length)
    let text = try bytes(8..<dataStart)
    do {
      return (try SafetensorsHeader(text, dataSize: size - dataStart), dataStart)
    } catch {
      throw bad(error.text)
    }
  }

  /// What people have instead of a safetensors file, and how they get one; nil if it is neither.
  private func otherFormat() throws(ProgramError) -> (name: String, hint: String)? {
    let reach = min(size, 1 << 15)
    let start = try bytes(0..<reach)
    let end = try bytes(size - min(size - reach, reach)..<size)
    let format = FileFormat(start + end)
    switch format {
    case .gitLFSPointer?:
      return (
        "a Git LFS pointer, not the weights",
        "get the file itself with 'git lfs pull' in its folder"
      )
    case .torchArchive?, .pickle?, .zip?:
      return (
        format == .torchArchive ? "a PyTorch checkpoint of torch.save" : format?.name ?? "",
        "in Python: safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')"
      )
    case .hdf5?, .kerasArchive?:
      return (
        format == .hdf5 ? "an HDF5 file, as Keras writes one" : "a Keras model",
        "in Python: transpose its kernels to PyTorch's layouts and names, and write them with "
          + "safetensors.numpy.save_file"
      )
    case let format?:
      return (
        format.name, "give a file written by 'maxnorm run --save' or safetensors.torch.save_file"
      )
    case nil:
      let text = String(decoding: start, as: UTF8.self)
      guard text.drop(while: \.isWhitespace).hasPrefix("{") else { return nil }
      let parts = Set(text.matches(of: /"([^"\/]+\.safetensors)"/).map { String($0.1) }).sorted()
      guard text.contains("\"weight_map\""), let first = parts.first else {
        return ("JSON", "give the file of weights that lies beside it")
      }
      return (
        "the index of weights in \(parts.count == 1 ? "a file" : "\(parts.count) or more files")",
        parts.count == 1
          ? "give \(ProgramError.shown(first))"
          : "in Python: tensors = {}, then tensors.update(safetensors.torch.load_file(part)) for "
            + "each part, and save_file(tensors, 'weights.safetensors')"
      )
    }
  }

  /// The numbers of a tensor; nil if they are of another kind.
  func values(_ entry: SafetensorsEntry, dataStart: Int) throws(ProgramError) -> [Float]? {
    let range = entry.range.lowerBound + dataStart..<entry.range.upperBound + dataStart
    switch entry.type {
    // Every machine that Swift runs on is little-endian, as the format is.
    case "F32": return try numbers(Float.self, range)
    case "F64": return try numbers(Double.self, range).map(Float.init)
    case "F16": return try numbers(Float16.self, range).map(Float.init)
    case "BF16":
      return try numbers(UInt16.self, range).map { Float(bitPattern: UInt32($0) << 16) }
    default: return nil
    }
  }

  private func bytes(_ range: Range<Int>) throws(ProgramError) -> [UInt8] {
    try numbers(UInt8.self, range)
  }

  /// The numbers that fill `range` of the file.
  private func numbers<Number: BitwiseCopyable & Numeric>(
    _ type: Number.Type, _ range: Range<Int>
  ) throws(ProgramError) -> [Number] {
    var values = [Number](repeating: 0, count: range.count / MemoryLayout<Number>.stride)
    let failure = values.withUnsafeMutableBytes { memory -> String? in
      var done = 0
      while done < memory.count {
        let count = pread(
          descriptor, memory.baseAddress.map { $0 + done }, memory.count - done,
          off_t(range.lowerBound + done))
        if count < 0 {
          if errno == EINTR { continue }
          return systemMessage()
        }
        if count == 0 { return "the end of the file" }
        done += count
      }
      return nil
    }
    if let failure {
      throw ProgramError(
        weights: .unreadable, path: path,
        problem: "expected \(range.count) bytes, found: \(failure)",
        hint: "check the disk, and that nothing writes to the file")
    }
    return values
  }
}
