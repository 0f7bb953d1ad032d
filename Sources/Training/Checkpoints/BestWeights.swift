// The weights at the best evaluation so far, on their way to a file.
import Basics
import NeuralNetwork
import RunRecords

/// Holds the weights of the best evaluation until they are written.
///
/// A small net may be evaluated, and be better, hundreds of times a second: the file follows once a
/// second, with every checkpoint and at the end.
final class BestWeights {
  private let path: String
  private var waiting: SafetensorsFile?
  private var writtenAt: ContinuousClock.Instant?

  init(path: String) { self.path = path }

  private static let interval = Duration.seconds(1)

  /// Takes the weights as they are now, with what describes them.
  ///
  /// - Throws: `ProgramError` if the file cannot be written.
  func keep(
    _ learner: Learner, _ metadata: [String: String], _ best: EndRecord.Best
  ) throws(ProgramError) {
    var file = learner.weightsFile
    file.metadata.merge(metadata) { $1 }
    file.metadata["step"] = String(best.step)
    file.metadata[best.metric] = best.value.description
    waiting = file
    if writtenAt.map({ .now - $0 >= Self.interval }) ?? true { try write() }
  }

  /// Writes what has not been written.
  ///
  /// - Throws: `ProgramError` if the file cannot be written.
  func write() throws(ProgramError) {
    guard let file = waiting else { return }
    writtenAt = .now
    try file.write(to: path)
    waiting = nil
  }
}
