// JSON text in the metadata of weights files and checkpoints.
import Foundation
import RunRecords

/// A value that such a file carries as JSON: snake_case keys in the order of the alphabet, and names for
/// numbers that are not finite.
protocol MetadataText: Codable {}

extension MetadataText {
  /// As JSON text.
  ///
  /// - Throws: an `EncodingError`.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .named
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// - Throws: a `DecodingError`.
  init(text: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .named
    self = try decoder.decode(Self.self, from: Data(text.utf8))
  }
}
