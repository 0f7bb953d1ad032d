// Loops divided among the threads that oneDNN uses too.
import COneDNN

/// Elements of a part that are worth a thread: about 10 µs of memory traffic.
let partElements = 1 << 15

/// Calls `body` for parts of `0..<count`, which cover it in order, at once on the calling thread's
/// OpenMP threads.
///
/// `elements` is what the whole takes: small work stays one part on the calling thread. Parts begin at
/// multiples of `unit`. The division depends on the thread count alone, so that the same count gives
/// the same bits.
@inline(__always)
func inParts(_ count: Int, elements: Int, unit: Int = 1, _ body: (Range<Int>) -> Void) {
  let parts = partCount(count, elements: elements, unit: unit)
  guard parts > 1 else { return body(0..<count) }
  divide(count, into: parts, unit: unit) { body($1) }
}

/// The sum of `term` over parts of `0..<count`; see `inParts`.
@inline(__always)
func sumOfParts(
  _ count: Int, elements: Int, unit: Int = 1, _ term: (Range<Int>) -> Double
) -> Double {
  let parts = partCount(count, elements: elements, unit: unit)
  guard parts > 1 else { return term(0..<count) }
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: parts) { sums in
    divide(count, into: parts, unit: unit) { sums[$0] = term($1) }
    return sums.reduce(0, +)
  }
}

/// How many parts are worth it.
@inline(__always)
func partCount(_ count: Int, elements: Int, unit: Int) -> Int {
  // Asking for the threads takes a call: small work does not.
  guard elements >= 2 * partElements else { return 1 }
  return min(Int(omp_get_max_threads()), elements / partElements, (count + unit - 1) / unit)
}

/// Calls `body` with each part's number and range, at once.
@inline(never)
func divide(_ count: Int, into parts: Int, unit: Int, _ body: (Int, Range<Int>) -> Void) {
  let units = (count + unit - 1) / unit
  func part(_ index: Int) -> Range<Int> {
    min(count, units * index / parts * unit)..<min(count, units * (index + 1) / parts * unit)
  }
  withoutActuallyEscaping(body) { body in
    var work: (Int) -> Void = { body($0, part($0)) }
    withUnsafeMutablePointer(to: &work) { pointer in
      maxnorm_in_parallel(
        Int32(parts),
        { context, part in
          context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(part))
        }, pointer)
    }
  }
}
