// The data sets that ship with the program.
import Foundation
import Resources

extension Dataset {
  /// The UCI handwritten digits, 8x8 pixels: 1,437 training and 360 validation images.
  ///
  /// - Throws: `DatasetError` where the shipped files are missing or damaged.
  package static func digits() throws(DatasetError) -> Dataset {
    let folder: URL
    do {
      folder = try ShippedFiles.url(of: .data).appendingPathComponent("digits8x8")
    } catch {
      throw .unreadable(
        path: error.path, reason: "not beside the executable",
        hint: "copy the shipped files along with the binary")
    }
    func part(_ prefix: String) throws(DatasetError) -> DatasetPart {
      try DatasetPart.images(
        folder.appendingPathComponent("\(prefix)-images-idx3-ubyte"),
        labels: folder.appendingPathComponent("\(prefix)-labels-idx1-ubyte"), classes: 10)
    }
    return Dataset(
      train: try part("train"), validation: try part("t10k"), inputShape: [64],
      classNames: (0..<10).map(String.init), task: .classification)
  }
}
