// Counts what Swift allocates, by the runtime's own hook for instruments; for processes that exit.
import Foundation

enum AllocationCount {
  fileprivate typealias Allocate =
    @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

  /// Objects, arrays and boxes allocated since `start`.
  static var now: Int { allocations }

  /// Puts the counter into the runtime; false where it has no such place.
  ///
  /// Only for a process with one test: the hook stays for ever, and the count is not guarded.
  static func start() -> Bool {
    let program = dlopen(nil, RTLD_NOW)
    guard let hook = dlsym(program, "_swift_allocObject"),
      let flag = dlsym(
        program, "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly")
    else { return false }
    let slot = hook.assumingMemoryBound(to: Allocate.self)
    original = slot.pointee
    slot.pointee = { type, size, alignment in
      allocations += 1
      return original?(type, size, alignment)
    }
    flag.assumingMemoryBound(to: Bool.self).pointee = true
    return true
  }
}

// The hook is a C function: it can reach nothing but globals. One thread alone counts.
nonisolated(unsafe) private var allocations = 0
nonisolated(unsafe) private var original: AllocationCount.Allocate?
