// Counts the objects, arrays and boxes that Swift allocates, by the runtime's own hook for instruments.
import Foundation

enum AllocationCount {
  fileprivate typealias Allocate =
    @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

  /// Counts what `body` allocates on this thread; nil if the runtime has no such hook.
  ///
  /// Only for a process with one test: the count is not guarded. Allocations of the process
  /// elsewhere, for the test's own sake, are not counted. The hook is removed again when this
  /// returns, because reporting an issue with it in place crashes.
  static func during(_ body: () -> Void) -> Int? {
    let program = dlopen(nil, RTLD_NOW)
    guard let hook = dlsym(program, "_swift_allocObject"),
      let flag = dlsym(
        program, "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly")
    else { return nil }
    let slot = hook.assumingMemoryBound(to: Allocate.self)
    let isEnabled = flag.assumingMemoryBound(to: Bool.self)
    let function = slot.pointee
    original = function
    slot.pointee = { type, size, alignment in
      if pthread_equal(pthread_self(), counted) != 0 { allocations += 1 }
      return original?(type, size, alignment)
    }
    allocations = 0
    counted = pthread_self()
    isEnabled.pointee = true
    body()
    isEnabled.pointee = false
    slot.pointee = function
    return allocations
  }
}

// The hook is a C function: it can reach nothing but globals. One thread alone counts.
nonisolated(unsafe) private var allocations = 0
nonisolated(unsafe) private var counted = pthread_self()
nonisolated(unsafe) private var original: AllocationCount.Allocate?
