// The constraints that networks know and those that the screen has words for.
import Dashboard
import NeuralNetwork
import RunHistory
import Testing

@Suite struct ConstraintNameTests {
  @Test func `the screen has words for every constraint`() {
    #expect(ConstraintKind.allCases.map(\.rawValue) == Constraint.Name.allCases.map(\.rawValue))
  }
}
