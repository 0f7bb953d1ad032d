// Names in the order in which people expect them.
import Testing

@testable import PlainText

@Suite struct NaturalOrderTests {
  @Test func `numbers in names count as numbers`() {
    let names = ["layer.10", "layer.2", "b", "a100", "a20", "a", "layer.2.x", "a20b"]
    let sorted = names.sorted(by: NaturalOrder.precedes)
    #expect(sorted == ["a", "a20", "a20b", "a100", "b", "layer.2", "layer.2.x", "layer.10"])
  }

  @Test func `zeros in front change nothing but the order of equals, and no number is too long`() {
    #expect(NaturalOrder.precedes("a07", "a10") && NaturalOrder.precedes("a007", "a8"))
    #expect(NaturalOrder.precedes("a07", "a7") != NaturalOrder.precedes("a7", "a07"))
    #expect(!NaturalOrder.precedes("a7", "a7"))
    let long = String(repeating: "9", count: 40)
    #expect(NaturalOrder.precedes(long, "1" + long) && NaturalOrder.precedes("a" + long, "b"))
  }
}
