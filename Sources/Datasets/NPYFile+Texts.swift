// Arrays of texts.

extension NPYFile {
  /// Texts without what fills them up.
  func texts() -> [String] {
    let size = type.size
    return (0..<rowCount * rowSize).map { index in
      let value = bytes[start + index * size..<start + (index + 1) * size]
      guard case .text = type else {
        return String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
      }
      var text = String.UnicodeScalarView()
      for place in stride(from: value.startIndex, to: value.endIndex, by: 4) {
        let unit = value[place..<place + 4]
        let code = (isBigEndian ? Array(unit) : unit.reversed()).reduce(UInt32(0)) {
          $0 << 8 | UInt32($1)
        }
        guard code != 0 else { break }
        text.append(Unicode.Scalar(code) ?? "\u{FFFD}")
      }
      return String(text)
    }
  }
}
