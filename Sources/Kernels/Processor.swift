// What belongs to the calling thread: its OpenMP thread count and its treatment of denormals.
import COneDNN

/// Sets how many threads matrix products started from the calling thread use.
///
/// libgomp keeps the count per thread: call it on the thread that trains.
package func setThreadCount(_ count: Int) {
  precondition(count > 0, "a thread count of \(count)")
  omp_set_num_threads(Int32(clamping: count))
}

/// The floating-point mode of a thread, to be restored.
package struct DenormalMode: Equatable {
  fileprivate let bits: UInt64
}

/// Treats denormals as zero on the calling thread and on threads it starts from now on.
///
/// A dead unit's velocity times 0.9 would stick at 5.6e-45 for ever, at 57 times the cost of a
/// normal number.
@inline(__always)
package func flushDenormals() -> DenormalMode {
  DenormalMode(bits: maxnorm_flush_denormals())
}

/// Gives the calling thread back the mode it had before `flushDenormals`.
@inline(__always)
package func restore(_ mode: DenormalMode) {
  maxnorm_restore_denormal_mode(mode.bits)
}
