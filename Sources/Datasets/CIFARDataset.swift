// CIFAR-10 and CIFAR-100 in their binary versions.
import Basics
import Foundation
import Resources

/// One of the two sets.
package enum CIFAR: String, Sendable {
  case cifar10, cifar100

  /// As its authors call it.
  var title: String { self == .cifar10 ? "CIFAR-10" : "CIFAR-100" }
  /// Bytes in front of the pixels; the last one is the class, of CIFAR-100 the first one a group.
  var labelBytes: Int { self == .cifar10 ? 1 : 2 }
  var classCount: Int { self == .cifar10 ? 10 : 100 }
  fileprivate var nameFile: String {
    self == .cifar10 ? "batches.meta.txt" : "fine_label_names.txt"
  }
  fileprivate var folder: String {
    self == .cifar10 ? "cifar-10-batches-bin" : "cifar-100-binary"
  }
  fileprivate var trainFiles: [String] {
    self == .cifar10 ? (1...5).map { "data_batch_\($0).bin" } : ["train.bin"]
  }
  fileprivate var testFile: String { self == .cifar10 ? "test_batch.bin" : "test.bin" }
  fileprivate var cure: String {
    "get the binary version (\(self == .cifar10 ? "cifar-10" : "cifar-100")-binary.tar.gz), unpack it "
      + "and give its folder, \(folder)"
  }
}

extension Dataset {
  /// The binary version of CIFAR-10, `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, or
  /// of CIFAR-100, `train.bin` and `test.bin`, in a folder.
  ///
  /// A record is a label byte, two of CIFAR-100, and 3,072 pixel bytes, red before green before blue;
  /// images are `[3, 32, 32]`, 0…1. Class names come from the text file beside them where it is there.
  /// A part of CIFAR-10 in fewer or smaller batches is read too, but not with one missing.
  ///
  /// - Throws: `ProgramError` if files are missing or damaged, or of the version for Python.
  package static func cifar(_ set: CIFAR, _ folder: URL) throws(ProgramError) -> Dataset {
    let files = try FolderListing(folder)
    let batches = try files.trainBatches(of: set)
    var names = set == .cifar10 ? CIFARBatch.classNames : (0..<set.classCount).map(String.init)
    if files.names.contains(set.nameFile) {
      let bytes = try datasetBytes(at: files.url(set.nameFile), hint: "check the path")
      names = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map {
        $0.trimmingCharacters(in: .whitespaces)
      }.filter { !$0.isEmpty }
    }
    func part(_ files: [URL]) throws(ProgramError) -> Examples {
      var pixels: [UInt8] = []
      var labels: [Int32] = []
      for file in files {
        let bytes = try datasetBytes(at: file, hint: set.cure)
        let batch = try CIFARBatch(bytes: bytes, set: set, classes: names.count, name: file.path)
        batch.append(to: &pixels, labels: &labels)
      }
      return Examples(
        inputs: pixels.pixels, targets: .classes(labels, classes: names.count), count: labels.count)
    }
    var data = Dataset(
      train: try part(batches), validation: try part([files.url(set.testFile)]),
      inputShape: [3, 32, 32], classNames: names, task: .classification)
    data.encoding = .array(ArrayEncoding(divisor: 255))
    return data
  }
}

extension FolderListing {
  /// The batches to train on; none may be missing before the last, nor behind it where they have the
  /// size of the whole set's.
  fileprivate func trainBatches(of set: CIFAR) throws(ProgramError) -> [URL] {
    func bad(_ problem: String, _ hint: String) -> ProgramError {
      .bad(place: folder.path, problem: problem, hint: hint)
    }
    func missing(_ name: String, but found: String) -> ProgramError {
      .unreadable(path: folder.path, reason: "no \(name) in it, but \(found)", hint: set.cure)
    }
    let other: CIFAR = set == .cifar10 ? .cifar100 : .cifar10
    let there = set.trainFiles.filter(names.contains)
    guard let last = there.last else {
      let pythons = ["data_batch_1", "batches.meta", "train", "meta"].filter(names.contains)
      if pythons.count > 1 {
        throw bad("expected the binary version of \(set.title), found that for Python", set.cure)
      }
      if names.contains(other.trainFiles[0]) {
        throw bad(
          "expected \(set.title), found \(other.title)", "read it with data: {\(other): FOLDER}")
      }
      throw missing(set.trainFiles[0], but: content)
    }
    let wholeBatch = 10_000 * (3072 + set.labelBytes)
    let isWhole = there.allSatisfy { size(of: url($0)) == wholeBatch }
    let wanted = isWhole ? set.trainFiles[...] : set.trainFiles.prefix { $0 != last } + [last]
    for name in wanted + [set.testFile] where !names.contains(name) {
      throw missing(name, but: there[0])
    }
    return there.map(url)
  }

  private func size(of url: URL) -> Int? {
    try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int
  }
}

/// One file of a binary version.
struct CIFARBatch {
  static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  private let bytes: [UInt8]
  private let labelBytes: Int

  init(
    bytes: [UInt8], set: CIFAR = .cifar10, classes: Int, name: String
  ) throws(ProgramError) {
    labelBytes = set.labelBytes
    let size = labelBytes + 3072
    guard !bytes.isEmpty, bytes.count.isMultiple(of: size) else {
      throw .bad(
        place: name,
        problem: "expected records of \(size) bytes, found \(bytes.count) bytes",
        hint: "give a batch of \(set.title)'s binary version")
    }
    for start in stride(from: labelBytes - 1, to: bytes.count, by: size)
    where bytes[start] >= classes {
      throw .bad(
        place: "\(name): record \(start / size + 1)",
        problem: "expected a label below \(classes), found \(bytes[start])",
        hint: "give a batch of \(set.title)'s binary version")
    }
    self.bytes = bytes
  }

  func append(to pixels: inout [UInt8], labels: inout [Int32]) {
    let size = labelBytes + 3072
    for start in stride(from: 0, to: bytes.count, by: size) {
      labels.append(Int32(bytes[start + labelBytes - 1]))
      pixels += bytes[(start + labelBytes)..<(start + size)]
    }
  }
}
