// Inverted dropout (Srivastava et al. 2014, scaled while training as in PyTorch).
import Basics

/// output = input·mask with mask 0 at the given rate, else 1 / (1 − rate); writes the mask.
///
/// The rate lies in 0..<1. One draw of 64 bits decides two elements.
package func dropout(
  _ input: UnsafePointer<Float>, rate: Float, mask: UnsafeMutablePointer<Float>,
  into output: UnsafeMutablePointer<Float>, count: Int, from source: inout RandomSource
) {
  let threshold = Int64(Double(rate) * 0x1p32)
  let scale = (1 / (1 - rate)).bitPattern
  // No branch, as half of them would be predicted wrongly: the sign of the difference is the decision,
  // two of them make one word.
  @inline(__always)
  func value(_ bits: UInt64) -> UInt64 {
    let isDropped = Int64(truncatingIfNeeded: bits) &- threshold
    return UInt64(scale) & ~UInt64(bitPattern: isDropped >> 63)
  }
  let start = source
  let memory = UnsafeMutableRawPointer(mask)
  // A part's draws are those that it would have in the whole.
  inParts(count, elements: count, unit: Vector.scalarCount) { part in
    var local = start.after(part.lowerBound / 2)
    var index = part.lowerBound
    let end = part.lowerBound + part.count & ~1
    while index < end {
      let bits = local.next()
      let pair = value(bits & 0xffff_ffff) | value(bits >> 32) << 32
      memory.storeBytes(of: pair.littleEndian, toByteOffset: index &* 4, as: UInt64.self)
      index &+= 2
    }
    if index < part.upperBound {
      mask[index] = Float(bitPattern: UInt32(value(local.next() & 0xffff_ffff)))
    }
    let first = part.lowerBound
    multiply(input + first, mask + first, into: output + first, count: part.count)
  }
  source = start.after((count + 1) / 2)
}

/// inputGradient = outputGradient·mask, with the mask of the forward pass.
package func dropoutBackward(
  mask: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
  into inputGradient: UnsafeMutablePointer<Float>, count: Int
) {
  inParts(count, elements: count, unit: Vector.scalarCount) { part in
    let first = part.lowerBound
    multiply(
      outputGradient + first, mask + first, into: inputGradient + first, count: part.count)
  }
}

@inline(__always)
private func multiply(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
  count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    lanes.store(lanes.load(a) * lanes.load(b), c)
  }
  forEachVector(count, body)
}
