// What the folder of live runs says of logs, for the list of runs.
import Foundation
import RunIndex

enum LiveRuns {
  /// The runs of this user whose process is known; those below some folders, or all of them.
  static func known(within roots: [String]?) -> [RunIndex.LiveRun] {
    let folders = roots?.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    return (RunRegistry.user?.entries() ?? []).compactMap { entry in
      if let folders, !folders.contains(where: { entry.log == $0 || entry.log.hasPrefix($0 + "/") })
      {
        return nil
      }
      let process: IndexedRun.Process =
        switch entry.state {
        case .live: .alive
        case .gone: .gone
        case .elsewhere: .unknown
        }
      return RunIndex.LiveRun(log: entry.log, process: process)
    }
  }
}
