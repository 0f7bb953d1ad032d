// The dashboard on a run that another process makes: who is asked, who answers, and what q means there.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct AttachmentTests {
  /// A model that is attached to a run in its course.
  private func model(
    refusal: String? = nil, _ change: (inout RunAttachment) -> Void = { _ in }
  ) -> DashboardModel {
    var model = DashboardModel(source: .attached, pace: 0)
    model.resize(120, 36)
    var attachment = RunAttachment(name: "me", refusal: refusal)
    change(&attachment)
    _ = update(&model, .attached(attachment))
    model.feed([.header(Fixture.header()), .step(Fixture.step(10))])
    return model
  }

  private func event(
    _ action: EventRecord.Action, _ value: EventRecord.Value? = nil, id: String? = nil,
    undo: Bool = false
  ) -> Record {
    .event(EventRecord(step: 10, action: action, value: value, undo: undo, id: id))
  }

  @Test func `a command is on its way until the event with its id, whatever others do`() {
    var model = model()
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
    #expect(model.press(">") == [.send(.set(.learningRate, to: 0.125))])
    #expect(model.pending.map(\.number) == [1, 2])
    // Another viewer's change of the same kind is seen, and answers nothing.
    model.feed([event(.learningRate, 0.5, id: "other.2")])
    #expect(model.pending.count == 2 && model.segment?.settings.learningRate == 0.5)
    model.feed([event(.constraint, false, id: "me.1")])
    #expect(model.pending.map(\.number) == [2])
    model.feed([.refused(RefusedRecord("no room", id: "other.2"))])
    #expect(model.pending.count == 1 && model.notice == nil)
    model.feed([.refused(RefusedRecord("no room", id: "me.2"))])
    #expect(model.pending.isEmpty && model.notice?.text == "refused: no room")
  }

  @Test func `an unanswered command is reported after five seconds`() {
    var model = model()
    model.press(.character("c"), at: 10)
    #expect(model.wakeTime == 15)
    _ = update(&model, .tick(time: 14.9))
    #expect(model.pending.count == 1)
    _ = update(&model, .tick(time: 15))
    #expect(model.pending.isEmpty)
    #expect(model.notice?.text.hasPrefix("constraint off: no answer for 5 seconds") == true)
  }

  @Test func `undo is for this viewer's own changes`() {
    var model = model()
    model.feed([event(.momentum, 0.5, id: "other.1")])
    #expect(model.refusal(of: .undo) == "no change to undo")
    model.press("c")
    #expect(model.press("u") == [.send(.undo)])
    model.feed([event(.constraint, false, id: "me.1")])
    model.feed([event(.constraint, true, id: "me.2", undo: true)])
    #expect(model.pending.isEmpty && model.refusal(of: .undo) == "no change to undo")
  }

  @Test func `a run that is only observed is given its first ceiling by a key`() {
    var model = DashboardModel(source: .attached, pace: 0)
    model.resize(120, 36)
    _ = update(&model, .attached(RunAttachment(name: "me")))
    var header = Fixture.header(ceiling: nil)
    header.origin = RunOrigin(runID: "1", framework: "torch 2.13.0")
    model.feed([.header(header), .step(Fixture.step(10, ceiling: nil))])
    let hint = "no ceiling yet: a takes the suggested r, v one that is typed"
    for key in "c+-" {
      #expect(model.press(key).isEmpty && model.refused == hint, "\(key)")
    }
    #expect(model.press("a").isEmpty && model.refused?.hasPrefix("no norms told yet") == true)
    model.feed([
      .norms(
        NormsRecord(step: 10, layers: [.init(name: "fc1", norms: [0.5, 1, 1.5, 4])]))
    ])
    guard case .wish(.send(.set(.maxNorm, nil, .number(let ceiling))))? = model.press("a").first
    else {
      Issue.record("expected a ceiling")
      return
    }
    #expect((1.5...4).contains(ceiling))
    model.feed([event(.maxNorm, .number(ceiling), id: "me.1")])
    #expect(model.segment?.settings.maxNorm == ceiling && model.hasCeiling)
    #expect(model.segment?.layers.allSatisfy { $0.ceiling == ceiling } == true)
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
    // Taken back, it has none again.
    model.feed([event(.constraint, false, id: "me.2"), event(.maxNorm, id: "me.3", undo: true)])
    #expect(model.segment?.settings.maxNorm == nil && model.takesFirstCeiling)
    // A run of our own too, where no layer has a ceiling.
    header.origin?.framework = "maxnorm"
    model.feed([.header(header)])
    model.press("+")
    #expect(model.refused == hint)
  }

  @Test func `q leaves the run running, and asks where it is paused`() {
    var model = model()
    #expect(model.press("q") == [.quit] && model.dialog == nil)
    model.feed([event(.pause, id: "other.1")])
    #expect(model.phase == .paused && model.stateLabel == "paused")
    #expect(model.press("q").isEmpty && model.dialog == .leavePaused)
    #expect(model.press("n").isEmpty && model.dialog == nil)
    model.press("q")
    #expect(model.press("q") == [.quit])
    model.feed([event(.resume)])
    #expect(model.phase == .training)
  }

  @Test func `Q ends the run, and asks before`() {
    var model = model()
    #expect(model.press("Q").isEmpty && model.dialog == .stop)
    #expect(model.press("q").isEmpty && model.dialog == nil)
    model.press("Q")
    #expect(model.press("y") == [.send(.stop)])
    model.feed([event(.stop, id: "me.1"), .end(Fixture.end(.stopped, step: 10))])
    #expect(model.phase == .ended(.stopped) && model.pending.isEmpty)
    #expect(model.press("q") == [.quit])
    #expect(model.refusal(of: .stop) == "the run has ended: nothing to stop")
    // A run of this program has no such key, and the other way round it has no more steps to give.
    #expect(KeyMap().holding(in: .live).action(of: .character("Q"), on: .main) == nil)
    #expect(KeyMap().holding(in: .attached).action(of: .character("E"), on: .main) == nil)
  }

  @Test func `a run that takes no commands is watched, and its keys say so`() {
    var model = model(refusal: "this run takes no commands")
    for key in "c+>xrW " {
      #expect(model.press(key).isEmpty)
      #expect(model.notice?.text == "this run takes no commands", "\(key)")
    }
    model.feed([event(.pause)])
    #expect(model.press("q") == [.quit])
  }

  @Test func `the pace is what the run's events say`() {
    var model = model()
    #expect(!model.pace.isOn)
    #expect(model.press("f") == [.send(.pace(200))])
    model.feed([event(.pace, .number(50), id: "other.9")])
    #expect(model.pace.value == 50 && model.pending.count == 1)
    model.feed([event(.pace, .number(200), id: "me.1")])
    #expect(model.pace.value == 200 && model.pending.isEmpty)
  }

  @Test func `a silent run, one that is gone and one that has ended look different`() {
    var model = model { $0.pastShare = 0.42 }
    #expect(model.stateLabel == "reading the past 42 %")
    func tell(_ life: RunAttachment.Life) {
      var news = RunAttachment(name: "me")
      news.life = life
      _ = update(&model, .attached(news))
    }
    tell(.silent(seconds: 34))
    #expect(model.stateLabel == "no record for 0:34")
    #expect(model.notice?.text.hasPrefix("no record for 0:34: the run may be") == true)
    model.notice = nil
    tell(.silent(seconds: 35))
    #expect(model.notice == nil && model.stateLabel == "no record for 0:35")
    tell(.living)
    #expect(model.stateLabel == "training")
    tell(.gone(status: nil))
    #expect(model.stateLabel == "process gone")
    #expect(model.notice?.text.contains("has not said why") == true)
    tell(.hostRestarted)
    #expect(model.stateLabel == "host restarted")
    #expect(model.notice?.text.contains("was started again") == true)
    tell(.unreachable(seconds: 12, reason: "No route to host"))
    #expect(model.stateLabel == "host gone for 0:12")
    #expect(model.notice?.text.contains("(No route to host)") == true)
    tell(.living)
    #expect(model.stateLabel == "training" && model.notice?.text == "connected again")
    tell(.gone(status: 3))
    model.feed([.end(Fixture.end(.diverged, step: 10))])
    #expect(model.stateLabel == "diverged")
  }

  @Test
  func `what came before takes the place of the latest records, and keeps what the user does`() {
    var model = model()
    model.press("c")
    model.press(.tab)
    let focus = model.focus
    var past = DashboardModel(source: .attached, pace: 0)
    past.feed(
      [.header(Fixture.header())] + (1...20).map { .step(Fixture.step($0 * 10)) }
        + [event(.pause)])
    _ = update(&model, .restored(past.recorded, time: 1))
    #expect(model.segment?.step == 200 && model.phase == .paused)
    #expect(model.focus == focus && model.pending.count == 1 && model.attachment?.name == "me")
  }
}
