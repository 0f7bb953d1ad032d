// Keys of the user's own: what they do, how screen and sentences name them, what is refused.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("The user's own keys")
struct KeyMapTests {
  private func model(_ changes: [(action: String, keys: [String])]) throws -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, keys: try KeyMap(changes))
    model.resize(80, 24)
    model.feed([.header(Fixture.header()), .step(Fixture.step(100))])
    return model
  }

  private func problem(_ changes: [(action: String, keys: [String])]) -> KeyMapError? {
    do throws(KeyMapError) {
      _ = try KeyMap(changes)
      return nil
    } catch {
      return error
    }
  }

  @Test
  func `a key does what the user wants, and the table's no longer does`() throws {
    var model = try model([("constraint", ["C", "ctrl-o"]), ("zoom_in", ["F5"])])
    #expect(model.press("c").isEmpty && model.refused == "c does nothing here: ? shows the keys")
    #expect(model.press("C") == [.send(.set(.constraint, to: false))])
    #expect(model.press(.control("o")) == [.send(.set(.constraint, to: true))])
    #expect(model.keys.action(of: .function(5), on: .main) == .zoomIn)
    #expect(model.keys.action(of: .character("]"), on: .main) == nil)
  }

  @Test
  func `footer, help and sentences name the user's keys`() throws {
    var model = try model([("constraint", ["C"]), ("help", ["H"]), ("pause", ["ctrl-p"])])
    #expect(model.footer.contains { $0.names == "C" && $0.label == "constraint" })
    #expect(model.helpLines.contains { if case .binding("C", _) = $0 { true } else { false } })
    model.press("c")
    #expect(model.refused == "c does nothing here: H shows the keys")
    model.press("n")
    #expect(model.refused == "single steps are for a paused run: ctrl-p pauses")
    #expect(PlainKeys.help(model.keys).contains { $0.hasPrefix("C: switch max-norm off") })
  }

  @Test
  func `two actions may swap their keys`() throws {
    let keys = try KeyMap([("window", ["s"]), ("smoothing", ["w"])])
    #expect(keys.action(of: .character("s"), on: .main) == .window)
    #expect(keys.action(of: .character("w"), on: .detail) == .smoothing)
  }

  @Test
  func `what cannot be is refused`() {
    #expect(problem([("dance", ["x"])]) == .unknownAction("dance"))
    #expect(problem([("back", ["x"])]) == .unknownAction("back"))
    #expect(problem([("pause", ["hyper-x"])]) == .unknownKey("hyper-x", action: "pause"))
    #expect(problem([("pause", [])]) == .badCount(action: "pause"))
    #expect(
      problem([("pause", ["page-up", "page-down", "insert"])]) == .badCount(action: "pause"))
    #expect(problem([("pause", ["c"])]) == .taken("c", action: "pause", by: "constraint"))
    #expect(problem([("pause", ["ctrl-c"])])?.isTaken == true)
    #expect(problem([("zoom_in", ["1"])])?.isTaken == true)
  }

  @Test
  func `every key has a name that is understood again, and every action one name`() {
    for key in KeyTable.bindings.flatMap(\.keys) where key != .escape {
      #expect(Key(name: key.name) == key)
    }
    #expect(Set(KeyMap.actions).count == KeyMap.actions.count)
    #expect(KeyMap.actions.contains("raise_ceiling") && KeyMap.actions.contains("quit"))
  }
}

extension KeyMapError {
  fileprivate var isTaken: Bool { if case .taken = self { true } else { false } }
}
