// The image sets that go by name: digits, Fashion-MNIST, MNIST, CIFAR-10.
import Basics
import Foundation
import Resources

/// An image set that goes by name.
package enum ImageSet: String, Sendable, CaseIterable {
  /// Ten kinds of garments, `[1, 28, 28]`; 2,500 and 500 of them ship.
  case fashion
  /// Handwritten digits, `[1, 28, 28]`; 4,500 and 500 of them ship.
  case mnist
  /// Ten kinds of things in colour, `[3, 32, 32]`; none ship.
  case cifar10

  /// The names of its folder on the search path.
  fileprivate var folders: [String] {
    switch self {
    case .fashion: ["fashion-mnist", "FashionMNIST/raw", "FashionMNIST"]
    case .mnist: ["mnist", "MNIST/raw", "MNIST"]
    case .cifar10: ["cifar-10-batches-bin", "cifar10", "cifar-10-batches-py"]
    }
  }

  fileprivate var shippedFolder: String? {
    switch self {
    case .fashion: "fashion-mnist-small"
    case .mnist: "mnist-5k"
    case .cifar10: nil
    }
  }

  fileprivate var classNames: [String] {
    switch self {
    case .fashion:
      [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
      ]
    case .mnist: (0..<10).map(String.init)
    case .cifar10: CIFARBatch.classNames
    }
  }

  fileprivate var hint: String {
    switch self {
    case .fashion: "'apt-get install dataset-fashion-mnist' has it (Debian)"
    case .mnist:
      "put MNIST's four files (train-images-idx3-ubyte.gz and so on) there, "
        + "or leave data.full out for the 5,000 that ship"
    case .cifar10:
      "unpack the binary version of CIFAR-10 (cifar-10-binary.tar.gz) there, "
        + "or name its folder: data: {cifar10: FOLDER}"
    }
  }
}

extension Dataset {
  /// A named image set: the part that ships, or the whole from the search path.
  ///
  /// - Throws: `ProgramError`, which says how to get a set that is missing.
  package static func images(
    _ set: ImageSet, full: Bool, searchPath: [URL]
  ) throws(ProgramError) -> Dataset {
    if !full, let name = set.shippedFolder {
      return try idx(try shippedData(name), classNames: set.classNames, seed: 0)
    }
    let folder = try DataSearchPath.find(
      set.folders, on: searchPath, what: set.rawValue, hint: set.hint)
    return set == .cifar10
      ? try cifar(.cifar10, folder) : try idx(folder, classNames: set.classNames, seed: 0)
  }

  /// The UCI handwritten digits, 8x8 pixels: 1,437 training and 360 validation images.
  ///
  /// Flat, `[64]`, or as images, `[1, 8, 8]`; the values are the same.
  ///
  /// - Throws: `ProgramError` if the shipped files are missing or damaged.
  package static func digits(image: Bool = false) throws(ProgramError) -> Dataset {
    var data = try idx(
      try shippedData("digits8x8"), classNames: (0..<10).map(String.init), seed: 0)
    if !image { data.inputShape = [64] }
    return data
  }
}

/// The place of a file or folder of data that ships.
///
/// - Throws: `ProgramError` if the shipped files are not beside the executable.
func shippedData(_ name: String) throws(ProgramError) -> URL {
  do {
    return try ShippedFiles.url(of: .data).appendingPathComponent(name)
  } catch {
    throw .unreadable(
      path: error.place, reason: "not beside the executable",
      hint: "copy the shipped files along with the binary")
  }
}
