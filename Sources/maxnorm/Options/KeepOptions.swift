// The options that write a run to files and resume from one.
import ArgumentParser
import Foundation
import RunRecords
import Training

struct KeepOptions: ParsableArguments {
  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start from the weights in a safetensors file, named as PyTorch's state_dict.",
      valueName: "file"))
  var initialWeights: String?

  @Option(
    help: ArgumentHelp(
      "Write the weights at the end to a safetensors file.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Write the weights at the best evaluation to a safetensors file.", valueName: "file"))
  var saveBest: String?

  @Option(
    help: ArgumentHelp(
      "Write all that the run needs to go on: at the end, on a signal, by key W.",
      valueName: "file"))
  var checkpoint: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Also every so many steps.", valueName: "n"))
  var checkpointEvery: Int?

  @Option(
    help: ArgumentHelp(
      """
      Go on from a checkpoint, bit for bit; its experiment need not be named, and a log given with \
      --log is gone on with.
      """, valueName: "file"))
  var resume: String?

  func validate() throws {
    if let every = checkpointEvery {
      guard every > 0 else {
        throw ValidationError("--checkpoint-every: expected at least 1, found \(every)")
      }
      guard checkpoint != nil else {
        throw ValidationError("--checkpoint-every: expected --checkpoint with it, found none")
      }
    }
    if resume != nil, initialWeights != nil {
      throw ValidationError(
        "--resume: expected no --init with it: the checkpoint holds the weights")
    }
  }

  /// The files that the run is to write.
  var written: [String] { [save, saveBest, checkpoint].compactMap { $0 } }

  /// Reads the checkpoint that the run is resumed from.
  ///
  /// - Throws: `ProgramError`.
  func readCheckpoint() throws -> Checkpoint? {
    try resume.map { try Checkpoint(contentsOf: $0) }
  }

  /// Puts the files into the options of a run, once it is known that they could be written and that no
  /// other run writes them.
  ///
  /// - Throws: `ProgramError`.
  func apply(to options: inout RunOptions) throws {
    options.locks = try written.map { try SafetensorsFile.reserve($0) }
    options.initialWeights = initialWeights
    options.savedWeights = save
    options.savedBest = saveBest
    options.checkpoint = checkpoint.map { CheckpointOptions(path: $0, every: checkpointEvery) }
  }
}
