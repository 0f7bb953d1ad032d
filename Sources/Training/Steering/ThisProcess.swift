// What identifies this process, here and on other hosts.
import Foundation
import RunRecords

/// The process that the program is.
package enum ThisProcess {
  package static var host: String {
    var bytes = [CChar](repeating: 0, count: 256)
    let isKnown = gethostname(&bytes, bytes.count - 1) == 0
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return isKnown && !name.isEmpty ? name : "host"
  }

  /// Changes whenever the host is booted; empty if the system does not say.
  package static var bootID: String {
    let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }

  /// When a process began, in ticks since the system's start; nil if there is no such process.
  package static func start(of pid: Int) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      // The name in parentheses may hold anything, and stands before all that counts.
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    // A zombie is no longer a process. Field 22; the first here is the third.
    return fields.count > 19 && fields[0] != "Z" ? Int(fields[19]) : nil
  }

  /// The origin for a run's headers.
  package static func origin(runID: String, isPrivate: Bool) -> RunOrigin {
    RunOrigin(
      runID: runID, pid: isPrivate ? nil : Int(getpid()), host: isPrivate ? nil : host,
      started: .now, framework: "maxnorm")
  }
}
