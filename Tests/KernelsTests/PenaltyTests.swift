// The L1 penalty's gradient against its definition.
import Kernels
import Testing

@Suite struct PenaltyTests {
  @Test(arguments: oddSizes)
  func `every weight adds its sign to the gradient, and zero adds nothing`(_ count: Int) {
    var weights = random(count, seed: 3)
    for index in stride(from: 0, to: count, by: 3) { weights[index] = 0 }
    let gradient = random(count, seed: 4)
    let result = written(count, from: gradient) { target in
      reading(weights) { addPenaltyGradient($0, l1: 0.25, to: target, count: count) }
    }
    let expected = zip(weights, gradient).map { weight, gradient in
      gradient + (weight > 0 ? 0.25 : weight < 0 ? -0.25 : 0)
    }
    #expect(result == expected)
  }
}
