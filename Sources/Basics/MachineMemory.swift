// How much memory the process may still take: of the machine, of its group, and of its limits.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What this machine has, and what of it this process may take.
///
/// Swift ends the program where an array finds no memory, and the system where it has handed out more
/// than there is: what is large is measured before anything of it is touched.
package enum MachineMemory {
  /// Bytes the machine has, or the group of processes that this one belongs to, as of a container;
  /// `Int.max` where nobody says.
  package static var size: Int {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    let machine = pages > 0 ? pages.multipliedReportingOverflow(by: pageSize) : (.max, true)
    let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    let group = files.lazy.compactMap { numbers(in: $0).first }.first { $0 > 0 } ?? .max
    return min(machine.1 ? .max : machine.0, group)
  }

  /// Bytes of addresses that the process may still take under its own limits, such as `ulimit -v`;
  /// `Int.max` without one.
  package static var addressesLeft: Int {
    #if os(Linux)
      // In pages: all addresses, …, and sixth those of data and stack.
      let used = numbers(in: "/proc/self/statm")
      func left(_ limit: Int, _ place: Int) -> Int {
        guard limit < .max, place < used.count else { return .max }
        return max(0, limit - used[place] * pageSize)
      }
      return min(left(limit(RLIMIT_AS), 0), left(limit(RLIMIT_DATA), 5))
    #else
      return .max
    #endif
  }

  /// Bytes that may still be taken, as far as the system says.
  package static var available: Int { min(size, addressesLeft) }

  private static var pageSize: Int { max(1, Int(sysconf(Int32(_SC_PAGESIZE)))) }

  #if os(Linux)
    private static func limit(_ resource: __rlimit_resource) -> Int {
      var limits = rlimit()
      guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0 else { return .max }
      return Int(clamping: limits.rlim_cur)
    }
  #endif

  /// The whole numbers in a line of a file of the system's; empty without such a file.
  private static func numbers(in path: String) -> [Int] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return [] }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
  }
}
