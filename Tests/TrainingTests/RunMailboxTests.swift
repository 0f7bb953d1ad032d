// What is kept for a screen that does not read for a long time.
import RunRecords
import Testing

@testable import Training

@Suite("Run mailbox")
struct RunMailboxTests {
  @Test
  func `of each kind and title of sample the latest waits for the screen`() {
    let mailbox = RunMailbox(onNews: {})
    for step in 1...3000 {
      mailbox.publish(
        [
          .sample(SampleRecord(step: step, title: "validation", content: .text("t"))),
          .sample(
            SampleRecord(
              step: step, title: "validation", content: .confusion(classes: [], counts: []))),
          .sample(SampleRecord(step: step, title: "generated", content: .text("g"))),
        ], isUrgent: false)
    }
    let samples = mailbox.takeNews().compactMap { record -> SampleRecord? in
      if case .sample(let sample) = record { sample } else { nil }
    }
    #expect(samples.count < 5000)
    let last = samples.suffix(3)
    #expect(last.map(\.step) == [3000, 3000, 3000])
    // Thinned at one step, there is one of each: none takes the place of another kind's.
    let kinds = samples.prefix(3).map { "\($0.content.kind) \($0.title)" }
    #expect(Set(kinds) == ["text validation", "confusion validation", "text generated"])
  }
}
