// What `maxnorm --version` prints: the version, and what decides speed and last digits.
import Kernels
import Resources
import RunRecords

enum VersionText {
  /// The first line is the version alone.
  static var text: String {
    """
    \(programVersion.dropFirst("maxnorm ".count))
    oneDNN \(oneDNNVersion) on \(processorKind)
    \(origin)
    """
  }

  /// Where the program comes from.
  static var origin: String {
    ShippedFiles.commit.map { "built from commit \($0)" } ?? "built from source"
  }
}
