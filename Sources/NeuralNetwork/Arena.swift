// One contiguous piece of memory that many tensors share; freed with its owner.
import Basics
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Zeroed elements, aligned to a cache line.
///
/// Pages are taken from the system when they are touched.
struct Arena<Element: BitwiseCopyable>: ~Copyable {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  private let allocation: UnsafeMutableRawPointer

  /// Tensors within an arena start at multiples of this many elements.
  static var alignment: Int { 16 }

  init(count: Int) throws(NetworkError) {
    let line = 64
    let bytes = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !bytes.overflow, bytes.partialValue < Int.max - line,
      let allocation = calloc(1, bytes.partialValue + line)
    else { throw .tooLarge(floats: count) }
    self.allocation = allocation
    self.count = count
    Self.askForLargePages(allocation, bytes: bytes.partialValue)
    base = allocation.alignedUp(toMultipleOf: line)
      .bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Large arenas take 2 to 4 % less time in pages of 2 MiB, which Linux gives to who asks.
  private static func askForLargePages(_ memory: UnsafeMutableRawPointer, bytes: Int) {
    #if os(Linux)
      let page = 1 << 21
      let start = memory.alignedUp(toMultipleOf: page)
      let end = (memory + bytes).alignedDown(toMultipleOf: page)
      // It is a wish: small ones are not worth it, and a refusal changes nothing.
      if end - start >= 2 * page { _ = madvise(start, end - start, MADV_HUGEPAGE) }
    #endif
  }

  deinit { free(allocation) }

  /// Sets every element to zero bits.
  func clear() {
    memset(base, 0, count * MemoryLayout<Element>.stride)
  }
}

extension MachineMemory {
  /// Throws if `floats`, beside the `others` already allocated, are more than all memory, or
  /// together with `later` bytes more than the address space that is left.
  static func check(floats: Int, besides others: Int = 0, later: Int = 0) throws(NetworkError) {
    let stride = MemoryLayout<Float>.stride
    guard floats + others < size / stride, floats < (addressesLeft - later) / stride else {
      throw .tooLarge(floats: floats + others)
    }
  }
}

extension ModelLayout {
  /// Bytes that a run takes besides, roughly: a copy of the weights and of the optimizer's states
  /// on their way to a checkpoint, and every unit's norm in records and in their text.
  func bytesOfRecords(states: Int) -> Int {
    let units = parameters.weights.reduce(0) { $0 + max($1.rows, $1.columns) }
    return (1 + states) * MemoryLayout<Float>.stride * parameters.arenaCount + 256 * units + 1 << 26
  }
}

/// Hands out places in an arena that is yet to be made.
struct ArenaLayout {
  private(set) var count = 0

  /// The offset of a new place for `rows`·`size` elements.
  mutating func place(_ rows: Int, _ size: Int) throws(NetworkError) -> Int {
    let offset = count
    let product = rows.multipliedReportingOverflow(by: size)
    // 2⁴⁰ elements are 4 TiB: no sum of a few of them overflows.
    guard !product.overflow, product.partialValue < 1 << 40, count < 1 << 40 else {
      throw .tooLarge(floats: nil)
    }
    let unit = Arena<Float>.alignment
    count += (product.partialValue + unit - 1) / unit * unit
    return offset
  }
}
