// Reads IDX files, the format of MNIST: a big-endian header, then the values, row by row.
import Foundation

/// The content of an IDX file of unsigned bytes.
package struct IDXFile: Sendable, Equatable {
  /// The length of each dimension, outermost first.
  package var shape: [Int]
  /// Row-major.
  package var values: [UInt8]

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` where the file is missing or no IDX file of unsigned bytes.
  package init(contentsOf url: URL) throws(DatasetError) {
    try self.init(bytes: try datasetBytes(at: url, hint: "check the path"), name: url.path)
  }

  init(bytes: [UInt8], name: String) throws(DatasetError) {
    func bad(_ problem: String) -> DatasetError {
      .bad(place: name, problem: problem, hint: "give an IDX file of unsigned bytes")
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw bad("expected an IDX header, found other bytes")
    }
    guard bytes[2] == 0x08 else {
      throw bad("expected unsigned bytes (type 0x08), found type 0x\(String(bytes[2], radix: 16))")
    }
    let rank = Int(bytes[3])
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw bad("expected \(rank) dimensions, found the file's end")
    }
    shape = (0..<rank).map { dimension in
      bytes[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw bad("expected a shape that fits memory, found \(shape)") }
      count = product
    }
    guard bytes.count - start == count else {
      throw bad("expected \(count) values for shape \(shape), found \(bytes.count - start)")
    }
    values = Array(bytes[start...])
  }
}

extension DatasetPart {
  /// Images and labels as examples: pixels 0…1, flattened row by row.
  ///
  /// - Throws: `DatasetError` where the two files do not belong together.
  static func images(_ images: URL, labels: URL, classes: Int) throws(DatasetError) -> DatasetPart {
    let pixels = try IDXFile(contentsOf: images)
    let answers = try IDXFile(contentsOf: labels)
    guard pixels.shape.count == 3, answers.shape == [pixels.shape[0]] else {
      throw .bad(
        place: labels.path,
        problem: "expected one label for each image of shape \(pixels.shape), "
          + "found shape \(answers.shape)", hint: "check that the files belong together")
    }
    if let wrong = answers.values.first(where: { Int($0) >= classes }) {
      throw .bad(
        place: labels.path, problem: "expected labels below \(classes), found \(wrong)",
        hint: "check that this is the label file")
    }
    return DatasetPart(
      inputs: pixels.values.map { Float($0) / 255 },
      targets: .classes(answers.values.map(Int32.init), classes: classes), count: pixels.shape[0])
  }
}
