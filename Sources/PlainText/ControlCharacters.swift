// What foreign text must not do where it is shown: the one table of what terminals and readers obey.

extension Unicode.Scalar {
  /// A control of C0 or C1, or DEL: a terminal may obey it.
  package var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    default: false
    }
  }

  /// A mark, embedding, override or isolate of the bidirectional algorithm: it turns around the order
  /// of what is shown.
  package var isBidirectionalControl: Bool {
    switch value {
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// A tab, or what ends a line or a paragraph.
  package var isSpacingControl: Bool {
    switch value {
    case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}
