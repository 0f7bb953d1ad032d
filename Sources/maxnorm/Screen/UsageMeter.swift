// What the program takes of the machine, asked once a second.
import Dashboard
import Foundation

/// Measures between two questions.
struct UsageMeter {
  private var lastTime: Double?
  private var lastProcessorTime = 0.0

  /// What was taken since the last answer; nil if that was less than a second ago.
  mutating func read(at now: Double) -> ProcessUsage? {
    if let lastTime, now - lastTime < 1 { return nil }
    let processorTime = Self.processorTime
    defer { (lastTime, lastProcessorTime) = (now, processorTime) }
    guard let lastTime, let memory = Self.memory else { return nil }
    return ProcessUsage(
      processors: (processorTime - lastProcessorTime) / (now - lastTime), memory: memory)
  }

  /// Seconds of all threads.
  private static var processorTime: Double {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The pages that are in memory, in bytes; nil if the system does not say so in this way.
  private static var memory: Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
  }
}
