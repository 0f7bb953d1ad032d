// TensorBoard's event files: scalars, histograms of norms, texts and hyperparameters of a run.
import Basics
import Foundation

/// A folder of event files is a run, as in TensorBoard; so is one whose subfolders `train` and
/// `validation` have them, as Keras writes them.
struct EventFile: ForeignFormat {
  let name = "a TensorBoard event file"

  /// Subfolders whose figures belong to the run of the folder above.
  static let parts: Set<String> = ["train", "validation", "val", "eval", "test"]

  static func isEventFile(_ name: String) -> Bool { name.contains(".tfevents.") }

  /// Whether a folder within a run's is what PyTorch's `add_hparams` makes for the run's
  /// hyperparameters: it is called by the time.
  static func isHyperparameterFolder(_ name: String) -> Bool {
    name.wholeMatch(of: /[0-9]{9,11}(\.[0-9]+)?/) != nil
  }

  func recognizes(_ log: LogHead) -> Bool {
    log.isFolder
      ? !Self.files(in: log.path).isEmpty
      : Self.isEventFile((log.name as NSString).lastPathComponent)
  }

  /// An event file of a run.
  private struct File {
    var path: String
    /// What stands before its tags.
    var prefix = ""
    /// Whether it begins with the run rather than anew.
    var isPart = false
  }

  /// The event files of a folder in the order in which they were begun.
  private static func files(in folder: String) -> [File] {
    func files(_ folder: String, _ prefix: String = "", isPart: Bool) -> [File] {
      Self.names(in: folder).filter(isEventFile).map {
        File(path: "\(folder)/\($0)", prefix: prefix, isPart: isPart)
      }
    }
    let names = Self.names(in: folder)
    let own = files(folder, isPart: false)
    let ofData = names.filter(parts.contains).flatMap {
      files("\(folder)/\($0)", $0 + "/", isPart: true)
    }
    guard !own.isEmpty else { return ofData }
    return own + ofData
      + names.filter(isHyperparameterFolder).flatMap { files("\(folder)/\($0)", isPart: true) }
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  func read(_ log: LogHead, into run: inout ForeignRun) throws(ProgramError) {
    run.header.program = "TensorBoard"
    let files = log.isFolder ? Self.files(in: log.path) : [File(path: log.path)]
    for file in files where !run.hasEnough {
      var frames = try EventFrames(file.path)
      var reader = EventReader(prefix: file.prefix, isPart: file.isPart)
      while !run.hasEnough, let entry = frames.next() { reader.take(entry, &run) }
      if let damage = frames.damage {
        let name = (file.path as NSString).lastPathComponent
        run.note("\(name): \(damage): what stands before was read")
      }
    }
  }
}
