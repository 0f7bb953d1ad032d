// Where a run's event files go: a folder for each curve that TensorBoard is to lay over the others.
import Basics
import Experiments
import Foundation

/// Where the event files of a run go.
///
/// TensorBoard takes each folder with event files for a separate run, named by its path. The run
/// has `NAME`, its segments after a reset `NAME/2`, `NAME/3`, its twins `NAME/twin`, `NAME/twin-2`.
/// It is opened before the run starts, so that a bad path is an error at once.
package struct TensorBoardDestination: Sendable, Equatable {
  /// The folder of the whole run.
  package let folder: String
  /// The first event file.
  let path: String
  /// The segment that it is of, counted from 1.
  let segment: Int
  /// What earlier files have from this step on counts no more.
  let restartStep: Int
  /// Earlier files hold what was logged before the checkpoint that the run was resumed from.
  let isAppended: Bool
  /// Files of an earlier run, which go once there is something in their place.
  let replaced: [String]

  /// Opens the folder of an experiment's run below another one.
  ///
  /// A run resumed from a checkpoint adds a file to those that are there.
  ///
  /// - Throws: `ProgramError` if it cannot be written, or holds another run that must not be replaced.
  package init(
    opening parent: String, of experiment: Experiment, overwrite: Bool,
    resuming checkpoint: Checkpoint? = nil
  ) throws(ProgramError) {
    guard !parent.isEmpty else {
      throw ProgramError(
        log: "--tensorboard", problem: "expected a folder, found none",
        hint: "give a name", isUsage: true)
    }
    folder = "\(parent.hasSuffix("/") ? String(parent.dropLast()) : parent)/\(experiment.fileName)"
    let keptSegment = checkpoint?.state.tensorBoardSegment
    segment = max(1, keptSegment ?? 1)
    let own = Self.folder(of: segment, in: folder)
    isAppended = keptSegment != nil && !EventFile.names(in: own).isEmpty
    restartStep = isAppended ? (checkpoint?.step ?? 0) + 1 : 0
    let old = keptSegment == nil ? Self.files(in: folder) : []
    guard old.isEmpty || overwrite else {
      throw ProgramError(
        log: folder, problem: "expected no event files, found those of another run",
        hint: "choose another folder, give the run another name with --set name=NAME, or give "
          + "--overwrite")
    }
    replaced = old
    path = try EventFile.create(in: own)
  }

  /// Removes the first file where a run had nothing to write into it.
  func removeIfUnused() {
    var status = stat()
    if lstat(path, &status) == 0, status.st_size == 0 { unlink(path) }
  }

  static func folder(of segment: Int, in folder: String) -> String {
    segment == 1 ? folder : "\(folder)/\(segment)"
  }

  /// The first folder for a twin that has no event files.
  static func twinFolder(in folder: String) -> String {
    var path = "\(folder)/\(twinName)"
    var number = 2
    while !EventFile.names(in: path).isEmpty {
      path = "\(folder)/\(twinName)-\(number)"
      number += 1
    }
    return path
  }

  private static let twinName = "twin"

  /// The event files of a run with all its segments and their twins.
  private static func files(in folder: String, depth: Int = 2) -> [String] {
    let own = EventFile.names(in: folder).map { "\(folder)/\($0)" }
    guard depth > 0 else { return own }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return own
      + names.filter { Int($0) != nil || $0 == twinName || $0.hasPrefix("\(twinName)-") }
      .flatMap { files(in: "\(folder)/\($0)", depth: depth - 1) }
  }
}
