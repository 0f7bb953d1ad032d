// Settings with their values in words.
import RunRecords

extension SettingDescription.Kind {
  /// A number of it in few digits.
  package func text(_ number: Float) -> String {
    if case .number(_, isNorm: true) = self { return Wording.norm(number) }
    return Wording.short(number)
  }

  /// A switch's position.
  package func words(_ flag: Bool) -> SettingDescription.FlagWords? {
    guard case .flag(let on, let off) = self else { return nil }
    return flag ? on : off
  }

  /// The value alone; nil for one of another kind.
  package func text(_ value: EventRecord.Value?) -> String? {
    switch (self, value) {
    case (.flag, .flag(let flag)): words(flag)?.word
    case (.number, .number(let number)): text(number)
    case (.flag, _), (.number, _): nil
    }
  }
}

extension Setting {
  /// The setting and its value: "learning rate 0.1"; nil if there is no value.
  package func text(_ value: EventRecord.Value?) -> String? {
    (description.kind.text(value) ?? description.none?.title).map { "\(description.title) \($0)" }
  }

  /// The same in few letters: "lr 0.1", "off".
  package func label(_ value: EventRecord.Value?) -> String? {
    guard let text = description.kind.text(value) ?? description.none?.label else { return nil }
    return [description.label, text].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What the status line says of a change.
  package func words(from before: EventRecord.Value?, to value: EventRecord.Value?) -> (
    title: String, detail: String
  ) {
    guard let title = text(value) else { return ("\(description.title) changed", "") }
    if let flag = value?.flag { return (title, description.kind.words(flag)?.meaning ?? "") }
    return (title, before?.number.map { "was " + description.kind.text($0) } ?? "")
  }
}
