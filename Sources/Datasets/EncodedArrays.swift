// Arrays and images from files as inputs of a network that was trained on such.
import Basics
import Foundation
import Resources

extension ArrayEncoding {
  /// The rows of an NPY or IDX file as inputs of this shape; `targets` is a file of what they are.
  ///
  /// - Throws: `ProgramError` if a file cannot be read or has another shape.
  package func rows(
    _ url: URL, targets: URL?, shape: [Int], classes: [String]
  ) throws(ProgramError) -> EncodedRows {
    let format = try ArrayFormat(url)
    let (values, count): ([Float], Int)
    switch format {
    case .idx: (values, count) = try pixels(IDXFile(contentsOf: url), shape, name: url.path)
    case .npy: (values, count) = try numbers(NPYFile(contentsOf: url), shape)
    }
    var rows = EncodedRows(reasons: [String?](repeating: nil, count: count))
    rows.inputs = values
    if let targets { rows.truth = try truth(targets, count: count, classes: classes) }
    return rows
  }

  /// Which of both formats a file has.
  private enum ArrayFormat {
    case idx, npy

    init(_ url: URL) throws(ProgramError) {
      if NPYArchive.parts(of: url.path).array != nil {
        self = .npy
        return
      }
      let bytes = try unpacked(
        try datasetBytes(at: url, hint: "check the path"), name: url.path, copies: 2)
      if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
        self = .npy
      } else if bytes.starts(with: [0, 0]) {
        self = .idx
      } else {
        throw .bad(
          place: url.path,
          problem: "expected an array as NPY or IDX, found "
            + (FileFormat(bytes)?.name ?? "other bytes"),
          hint: "these weights read arrays of numbers; numpy.save writes them")
      }
    }
  }

  private func pixels(
    _ file: IDXFile, _ shape: [Int], name: String
  ) throws(ProgramError) -> ([Float], Int) {
    let size = shape.reduce(1, *)
    let count = file.shape.first ?? 0
    guard file.type == .unsignedByte, count > 0, file.values.count == count * size else {
      throw .bad(
        place: name,
        problem: "expected \(size) unsigned bytes an image (shape \(shape)), found "
          + "\(file.type.name) of shape \(file.shape)", hint: "give the file of images")
    }
    var bytes = file.values
    if isTurned { bytes = IDXPart.turned(bytes, shape: shape) }
    let values = divisor == nil ? bytes.map { Float($0) } : bytes.pixels
    return (scaled(values.map(Double.init), shape) ?? values, count)
  }

  private func numbers(
    _ file: NPYFile, _ shape: [Int]
  ) throws(ProgramError) -> ([Float], Int) {
    var file = file
    if let layout = layout.flatMap(ImageLayout.init), file.shape.count == (layout == .nhw ? 3 : 4) {
      file.arrange(layout)
    }
    let count = file.rowCount
    // A single row may come without the dimension of rows, and images flat.
    let isFlat = file.shape.count == 2 && file.rowSize == shape.reduce(1, *)
    guard let element = file.element, count > 0, Array(file.shape.dropFirst()) == shape || isFlat
    else {
      throw .bad(
        place: file.name,
        problem: "expected numbers of shape [N, "
          + "\(shape.map(String.init).joined(separator: ", "))], found \(file.type.name) of shape "
          + "\(file.shape)", hint: "one example is array[None]")
    }
    try file.checkFinite()
    if element == .uint8, divisor != nil {
      let values = try file.floats(of: 0..<count).map { $0 / 255 }
      return (scaled(values.map(Double.init), shape) ?? values, count)
    }
    guard means != nil else { return (try file.floats(of: 0..<count), count) }
    let values = file.doubles(of: 0..<count)
    return (scaled(values, shape) ?? values.map { Float($0) }, count)
  }

  /// Values at mean 0 and variance 1; nil if the training data's were taken as they are.
  private func scaled(_ values: [Double], _ shape: [Int]) -> [Float]? {
    let features = FeatureLayout(shape: shape)
    guard let means, let deviations, means.count == features.count,
      deviations.count == features.count
    else { return nil }
    var floats: [Float] = []
    floats.reserveCapacity(values.count)
    values.withUnsafeBufferPointer { values in
      features.visit(values) { feature, value in
        floats.append(Float((value - means[feature]) / deviations[feature]))
      }
    }
    return floats
  }

  /// The answers of a file, one a row: classes by number or name, or numbers.
  private func truth(
    _ url: URL, count: Int, classes: [String]
  ) throws(ProgramError) -> EncodedRows.Truth {
    func fitting(_ found: Int) throws(ProgramError) {
      guard found == count else {
        throw .bad(
          place: url.path, problem: "expected one target for each of \(count) rows, found \(found)",
          hint: "check that the files belong together")
      }
    }
    let known = ClassNames(classes)
    guard try ArrayFormat(url) == .npy else {
      let file = try IDXFile(contentsOf: url)
      try fitting(file.shape.first ?? 0)
      let columns = file.shape.dropFirst().reduce(1, *)
      return .classes(file.integers(every: columns).map { known.label(of: String($0)) })
    }
    let file = try NPYFile(contentsOf: url)
    try fitting(file.rowCount)
    if file.element == nil { return .classes(file.texts().map { known.label(of: $0) }) }
    let rows = (0..<count).map { file.doubles(of: [$0]) }
    guard !classes.isEmpty else { return .numbers(rows) }
    return .classes(
      rows.map { row in
        if row.count == 1 { return known.label(of: "\(row[0])") }
        return row.count == classes.count ? row.firstIndex(of: 1) : nil
      })
  }
}
