// Which keys do what: the key table, with the user's own keys in place of its.
import TerminalUI

/// The keys as they are on this screen; all that is said of keys is made from it.
package struct KeyMap: Sendable, Equatable {
  package private(set) var bindings = KeyTable.bindings

  /// The keys of the table.
  package init() {}

  /// The user's own keys: names of actions, and the names of the keys that each has instead.
  ///
  /// - Throws: `KeyMapError` if a name is unknown, or a key would mean two things.
  package init(_ changes: [(action: String, keys: [String])]) throws(KeyMapError) {
    for change in changes {
      // One for each kind of screen, where the words differ.
      let indices = bindings.indices.filter { bindings[$0].ownName == change.action }
      guard !indices.isEmpty else { throw .unknownAction(change.action) }
      var keys: [Key] = []
      for name in change.keys {
        guard let key = Key(name: name) else { throw .unknownKey(name, action: change.action) }
        if !keys.contains(key) { keys.append(key) }
      }
      let length = keys.map(\.name).joined(separator: " ").count
      guard !keys.isEmpty, length <= HelpText.keysWidth else {
        throw .badCount(action: change.action)
      }
      for index in indices { bindings[index].keys = keys }
    }
    giveUpKeys(to: changes.map(\.action))
    // Only now: two actions may swap their keys.
    for change in changes {
      for binding in bindings where binding.ownName == change.action {
        for other in bindings where other.ownName != change.action {
          guard !other.layers.isDisjoint(with: binding.layers), other.meets(binding),
            let key = binding.keys.first(where: other.keys.contains)
          else { continue }
          throw .taken(key.name, action: change.action, by: other.ownName ?? other.help)
        }
      }
    }
  }

  /// What came later than users' configurations leaves its keys to what they have given them to.
  private mutating func giveUpKeys(to actions: [String]) {
    let taken = bindings.filter { actions.contains($0.ownName ?? "") }
    for index in bindings.indices where bindings[index].yields {
      let binding = bindings[index]
      guard !actions.contains(binding.ownName ?? "") else { continue }
      bindings[index].keys.removeAll { key in
        taken.contains { $0.keys.contains(key) && !$0.layers.isDisjoint(with: binding.layers) }
      }
    }
    bindings.removeAll { $0.yields && $0.keys.isEmpty }
  }

  /// The keys of a run, or of a replay.
  package func holding(in source: DashboardModel.Source) -> KeyMap {
    var map = self
    map.bindings.removeAll { !$0.holds(in: source) }
    return map
  }

  /// The keys of another screen, with the user's own where an action has others than the dashboard's
  /// table.
  func applied(to bindings: [KeyBinding]) -> [KeyBinding] {
    bindings.map { binding in
      let isSame = { (other: KeyBinding) in
        other.action == binding.action && other.ownName != nil
      }
      guard binding.ownName != nil, let own = self.bindings.first(where: isSame),
        let usual = KeyTable.bindings.first(where: isSame), own.keys != usual.keys
      else { return binding }
      var binding = binding
      binding.keys = own.keys
      return binding
    }
  }

  /// The actions that can have other keys, by name.
  package static let actions = KeyTable.bindings.compactMap(\.ownName).reduce(into: []) {
    (names: inout [String], name) in
    if !names.contains(name) { names.append(name) }
  }

  /// What a key means on a layer of the screen; nil if it means nothing.
  package func action(of key: Key, on layer: ScreenLayer) -> KeyAction? {
    bindings.action(of: key, on: layer)
  }

  /// The first key of an action, as sentences name it.
  package func name(of action: KeyAction) -> String { bindings.name(of: action) }
}

/// Why the user's choice of keys is impossible.
package enum KeyMapError: Error, Equatable {
  case unknownAction(String)
  case unknownKey(String, action: String)
  /// No key, or more than the help has room for.
  case badCount(action: String)
  case taken(String, action: String, by: String)
}

extension KeyBinding {
  /// What a configuration calls it: constraint, zoom_in; nil if its keys stay as they are.
  ///
  /// Digits, letters that are typed, and ways out that must not get lost.
  var ownName: String? {
    let groups: Set<Group> = [.run, .constraint, .charts, .layout, .moving, .program]
    let fixed: Set<KeyAction> = [.panel, .back, .redraw, .suspend, .interrupt]
    guard groups.contains(group), !fixed.contains(action) else { return nil }
    var name = ""
    for character in "\(action)" {
      name += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
    return name
  }
}

extension Key {
  /// The key of a name as help and footer have it.
  init?(name: String) {
    if name.count == 1, let character = name.first, character != " " {
      self = .character(character)
      return
    }
    if name.hasPrefix("alt-"), let key = Key(name: String(name.dropFirst(4))) {
      self = key.with(.alt)
      return
    }
    let named: [Key] = [
      .character(" "), .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .tab,
      .backTab, .backspace, .insert, .delete,
    ]
    let controls = "abcdefghijklmnopqrstuvwxyz".map(Key.control)
    let functions = (1...12).map(Key.function)
    guard let key = (named + controls + functions).first(where: { $0.name == name }) else {
      return nil
    }
    self = key
  }
}
