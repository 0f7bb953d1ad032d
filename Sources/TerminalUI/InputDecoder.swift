// The terminal's input as keys, mouse events and pastes: a state machine over bytes and times.

/// Turns the bytes that a terminal sends into events, and drops everything else.
///
/// It has no clock: its caller says when bytes were read, and learns when to wake it. Times are
/// seconds on any monotonic clock. Sequences are those of ECMA-48, strings included, and of the
/// terminals' own; introduced by `ESC` and a letter or by one C1 character in UTF-8. Unknown ones
/// are dropped up to their end, so that no key comes from within them.
package struct InputDecoder: Sendable {
  /// Where in the input it stands; bytes of what has begun are in `bytes`.
  enum State: Sendable, Equatable {
    case ground
    /// Within a character of several bytes.
    case character
    /// Behind ESC: the key, or the beginning of a sequence.
    case escape
    /// Within a key's string that is known from the terminal's description alone.
    case keyString
    /// Behind `ESC O`.
    case singleShift
    /// Behind `ESC [`.
    case sequence
    /// Behind `ESC [ [`, where the Linux console has one letter.
    case consoleKey
    /// Behind `ESC [ M`, where three numbers follow that look like text.
    case mouseReport
    /// Within OSC, DCS, APC, PM or SOS; OSC may also end with BEL.
    case string(endsWithBell: Bool)
    /// Behind an ESC that ends a string, with a backslash or by beginning something else.
    case stringEscape
    case paste
    /// Behind a `[` that may belong to an ESC that was taken for the key.
    case bracket
  }

  /// How long it waits for what belongs to the bytes before, in seconds.
  enum Patience {
    static let escape = 0.05
    static let sequence = 0.25
    static let paste = 5.0
    /// How long after an Esc a `[` may belong to it.
    static let residue = 1.0
    static let bracket = 0.02
  }

  /// After this many bytes a sequence or string ends, whatever it is.
  static let mostBytes = 65_536
  /// Longer sequences mean nothing here.
  static let mostKeptBytes = 128

  let strings: KeyStrings
  private let understandsSequences: Bool
  var state = State.ground
  var bytes: [UInt8] = []
  /// How many bytes of the sequence or string there were.
  var length = 0
  /// Whether ESC came twice, which some terminals send for alt and a key that is a sequence.
  var isDoubled = false
  /// Whether what is being read came too late for its ESC, and is to be eaten.
  var isLate = false
  var characters = UTF8Assembler()
  var isAlt = false
  var report = OldMouseReport()
  var lastByte: UInt8 = 0
  var paste = PasteText()
  /// Until when a `[` may belong to the last Esc.
  private var residueEnd = -Double.infinity
  private(set) var time = -Double.infinity
  /// The number of the present read, and of the one in which what is being read began.
  private(set) var read = 0
  var firstRead = 0

  /// A decoder that knows what the terminal's description says of its keys.
  ///
  /// Where sequences are not to be understood they are eaten all the same, and keys are characters
  /// and controls alone.
  package init(strings: KeyStrings = KeyStrings(), understandsSequences: Bool = true) {
    self.strings = strings
    self.understandsSequences = understandsSequences
    bytes.reserveCapacity(Self.mostKeptBytes)
  }

  // MARK: Bytes and time

  /// Takes what was read at a time; bytes of one read have its number, which never decreases.
  package mutating func feed(
    _ bytes: some Collection<UInt8>, at time: Double, read: Int
  ) -> [DecodedInput] {
    var inputs = advance(to: time)
    guard !bytes.isEmpty else { return inputs }
    self.time = max(self.time, time)
    self.read = read
    for byte in bytes { take(byte, &inputs) }
    return inputs
  }

  /// Lets time pass: what was waited for too long is dropped, and a lone ESC is the key.
  package mutating func advance(to time: Double) -> [DecodedInput] {
    guard let deadline = wakeTime, time >= deadline else { return [] }
    var inputs: [DecodedInput] = []
    switch state {
    case .escape:
      if isDoubled { emit(.key(.escape), &inputs) }
      emit(.key(.escape), &inputs)
      residueEnd = deadline + Patience.residue
    case .bracket: emit(.key(.character("[")), &inputs)
    case .paste: endPaste(&inputs)
    case .ground, .character, .keyString, .singleShift, .sequence, .consoleKey, .mouseReport,
      .string,
      .stringEscape:
      break
    }
    rest()
    return inputs
  }

  /// When to call `advance` if nothing comes until then; nil: there is nothing to wait for.
  package var wakeTime: Double? {
    switch state {
    case .ground: nil
    case .escape: time + Patience.escape
    case .bracket: time + Patience.bracket
    case .paste: time + Patience.paste
    case .character, .keyString, .singleShift, .sequence, .consoleKey, .mouseReport, .string,
      .stringEscape:
      time + Patience.sequence
    }
  }

  /// Forgets what has begun and is incomplete, as at the end of a line; a paste continues.
  package mutating func dropUnfinished() {
    if state != .paste { rest() }
  }

  /// Whether bytes belong to a paste now.
  package var isPasting: Bool { state == .paste }

  // MARK: Events

  /// Whether a byte may belong to an ESC that was taken for the key.
  func isResidue(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "[") && time <= residueEnd }

  /// Nothing has begun.
  mutating func rest() {
    state = .ground
    isDoubled = false
    isLate = false
    isAlt = false
  }

  func emit(_ input: Input, _ inputs: inout [DecodedInput]) {
    inputs.append(DecodedInput(input, reads: firstRead...max(firstRead, read)))
  }

  /// Ends a sequence: emits what it means, if that is known.
  mutating func complete(_ input: Input?, _ inputs: inout [DecodedInput]) {
    defer { rest() }
    guard understandsSequences, !isLate else { return }
    guard isDoubled else {
      if let input { emit(input, &inputs) }
      return
    }
    // Behind two ESC a key comes with alt; else the first was a key.
    if case .key(let key)? = input {
      emit(.key(key.with(.alt)), &inputs)
    } else {
      emit(.key(.escape), &inputs)
      if let input { emit(input, &inputs) }
    }
  }
}
