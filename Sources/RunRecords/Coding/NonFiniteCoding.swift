// How JSON coders write and read numbers that are not finite.
import Foundation
import PlainText

extension JSONEncoder.NonConformingFloatEncodingStrategy {
  package static var named: Self {
    .convertToString(
      positiveInfinity: NonFinite.names.infinity,
      negativeInfinity: NonFinite.names.negativeInfinity, nan: NonFinite.names.nan)
  }
}

extension JSONDecoder.NonConformingFloatDecodingStrategy {
  package static var named: Self {
    .convertFromString(
      positiveInfinity: NonFinite.names.infinity,
      negativeInfinity: NonFinite.names.negativeInfinity, nan: NonFinite.names.nan)
  }
}
