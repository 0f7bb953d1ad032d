// What the suites share: sizes around the vector width, random numbers, and memory for kernels.
import Basics
import Kernels
import Testing

/// Sizes with no, some and nothing but tail.
let oddSizes = [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 255, 256, 257, 300]

/// Numbers from −scale to scale.
func random(_ count: Int, seed: UInt64 = 1, scale: Float = 1) -> [Float] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in scale * (2 * source.nextUnit() - 1) }
}

/// Runs `body` on memory for `count` floats with guards on both sides, and returns what it wrote.
///
/// A kernel that writes beyond its end fails the test.
func written(
  _ count: Int, from first: [Float]? = nil, _ body: (UnsafeMutablePointer<Float>) -> Void
) -> [Float] {
  let guards = 16
  let sentinel: Float = 12345
  var memory = [Float](repeating: sentinel, count: count + 2 * guards)
  if let first { memory.replaceSubrange(guards..<guards + count, with: first) }
  memory.withUnsafeMutableBufferPointer { buffer in
    if let base = buffer.baseAddress { body(base + guards) }
  }
  let intact = (memory[..<guards] + memory[(guards + count)...]).allSatisfy { $0 == sentinel }
  #expect(intact, "a kernel wrote outside of its \(count) values")
  return Array(memory[guards..<guards + count])
}

/// Runs `body` with a pointer to the values; empty arrays too have one.
func reading<Element, Result>(
  _ values: [Element], _ body: (UnsafePointer<Element>) -> Result
) -> Result {
  let memory = UnsafeMutablePointer<Element>.allocate(capacity: values.count + 1)
  memory.initialize(from: values, count: values.count)
  defer { memory.deallocate() }
  return body(memory)
}

extension Planes: CustomTestStringConvertible {
  public var testDescription: String {
    "\(rows) of \(channels) channels by \(block), \(inner) pixels"
  }

  /// The channel of a value, by its place.
  func channel(_ place: Int) -> Int {
    place / (inner * block) % (channels / block) * block + place % block
  }

  /// The values in plain order `[rows, channels, inner]`, or those in plain order in these planes.
  func plain<Element>(_ values: [Element]) -> [Element] {
    (0..<values.count).map { values[place($0)] }
  }

  func blocked<Element>(_ values: [Element]) -> [Element] {
    var result = values
    for (index, value) in values.enumerated() { result[place(index)] = value }
    return result
  }

  /// Where a value lies that is at this place in plain order.
  private func place(_ plain: Int) -> Int {
    let (row, channel, pixel) = (
      plain / inner / channels, plain / inner % channels, plain % inner
    )
    let start = (row * (channels / block) + channel / block) * inner
    return (start + pixel) * block + channel % block
  }
}

/// Whether |a − b| ≤ tolerance·(1 + |b|) everywhere.
func close(_ a: [Float], _ b: [Double], _ tolerance: Double = 1e-6) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * (1 + abs($1)) }
}
