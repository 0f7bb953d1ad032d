// Times of the clock on the wall, as records and commands write them.
import Foundation

/// A time in milliseconds, written as ISO 8601 in UTC: `2026-11-30T09:58:12.402Z`.
package struct WallTime: Sendable, Hashable {
  /// Since 1970, in UTC without leap seconds.
  package var milliseconds: Int

  package init(milliseconds: Int) { self.milliseconds = milliseconds }

  package static var now: WallTime {
    WallTime(milliseconds: Int((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }

  /// Reads what `text` writes, with or without a fraction of a second; nil for anything else.
  package init?(_ text: String) {
    // Nothing is as long, and the formatter need not see it.
    guard text.utf8.count <= 40, text.hasSuffix("Z") else { return nil }
    let styles = [
      Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
    ]
    guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
    milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded())
  }

  package var text: String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  package func seconds(since other: WallTime) -> Double {
    Double(milliseconds - other.milliseconds) / 1000
  }
}

extension WallTime: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.text(text, key) }
  var cell: String { text }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    guard let time = WallTime(try value.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "expected a time such as 2026-11-30T09:58:12.402Z")
    }
    self = time
  }
}
