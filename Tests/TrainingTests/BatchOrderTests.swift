// The order of examples: shuffled epochs, and the windows of one text in streams.
import Testing

@testable import Training

@Suite struct BatchOrderTests {
  private func epoch(_ order: inout BatchOrder) -> [[Int32]] {
    var batches: [[Int32]] = []
    repeat { batches.append(Array(order.next())) } while !order.isAtStart
    return batches
  }

  @Test func `every example comes once an epoch, and the last batch may be smaller`() {
    var order = BatchOrder(examples: 10, batch: 4, shuffles: true, seed: 1)
    let (first, second) = (epoch(&order), epoch(&order))
    #expect(first.map(\.count) == [4, 4, 2] && second.map(\.count) == [4, 4, 2])
    #expect(first.flatMap { $0 }.sorted() == second.flatMap { $0 }.sorted())
    #expect(first != second)
    var plain = BatchOrder(examples: 10, batch: 4, shuffles: false, seed: 1)
    #expect(epoch(&plain) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }

  @Test func `each row of a stream reads its own part of the text`() {
    var order = BatchOrder(examples: 11, batch: 3, shuffles: true, inStreams: true, seed: 1)
    #expect(order.isAtStart)
    let expected: [[Int32]] = [[0, 3, 6], [1, 4, 7], [2, 5, 8]]
    #expect(epoch(&order) == expected)
    #expect(epoch(&order) == expected)
  }

  @Test func `a text with fewer windows than a batch is one batch`() {
    var order = BatchOrder(examples: 2, batch: 8, shuffles: false, inStreams: true, seed: 1)
    #expect(epoch(&order) == [[0, 1]])
  }
}
