// Where a layer stands in a description, for messages.

/// A layer's place: its index among the model's layers, and within an encoder or decoder.
package struct LayerPath: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// The index in `ModelDescription.layers`.
  package var index: Int
  /// `encoder` or `decoder`, and the index in it.
  package var inner: Inner?

  /// A place within an encoder or decoder.
  package struct Inner: Sendable, Equatable {
    package var part: String
    package var index: Int
  }

  package init(_ index: Int, inner: Inner? = nil) {
    self.index = index
    self.inner = inner
  }

  package init(integerLiteral index: Int) { self.init(index) }
}

extension LayerPath: CustomStringConvertible {
  /// `[3]`, or `[0].encoder[1]`.
  package var description: String {
    "[\(index)]" + (inner.map { ".\($0.part)[\($0.index)]" } ?? "")
  }
}
