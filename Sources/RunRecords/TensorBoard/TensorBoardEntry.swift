// An entry of an event file: TensorBoard's messages Event, Summary and SessionLog.

/// Builds one entry: values under their tags, all at one step.
struct TensorBoardEntry {
  private let step: Int
  private let wallTime: Double
  private var values = ProtobufWriter()
  private(set) var isEmpty = true

  /// `wallTime` is in seconds since 1970.
  init(step: Int, wallTime: Double) {
    self.step = step
    self.wallTime = wallTime
  }

  // MARK: Values

  /// A tag with the part of its scalar's encoding that is the same in every entry.
  ///
  /// A run at full speed writes thousands of entries a second with the same tags.
  struct ScalarTag: Sendable {
    let tag: String
    /// All but the last four bytes of the field.
    fileprivate let start: [UInt8]

    init(_ tag: String) {
      self.tag = tag
      var field = ProtobufWriter()
      field.field(1) { value in
        value.field(1, tag)
        value.field(2, Float(0))
      }
      start = field.bytes.dropLast(4)
    }
  }

  mutating func scalar(_ tag: ScalarTag, _ value: Float) {
    isEmpty = false
    values.append(tag.start)
    values.appendLittleEndian(value.bitPattern)
  }

  mutating func histogram(_ tag: String, _ histogram: NormHistogram) {
    value(tag) { value in
      value.field(5) { message in
        message.field(1, histogram.minimum)
        message.field(2, histogram.maximum)
        message.field(3, histogram.count)
        message.field(4, histogram.sum)
        message.field(5, histogram.sumOfSquares)
        message.field(6, packed: histogram.limits)
        message.field(7, packed: histogram.counts)
      }
    }
  }

  mutating func image(_ tag: String, _ picture: PixelRows) {
    value(tag) { value in
      value.field(4) { message in
        message.field(1, picture.height)
        message.field(2, picture.width)
        message.field(3, picture.channels)
        message.field(4, bytes: picture.png)
      }
    }
  }

  /// A text in Markdown; `title` is what TensorBoard calls it, nil: its tag.
  mutating func text(_ tag: String, title: String? = nil, _ markdown: String) {
    value(tag) { value in
      value.field(8) { tensor in
        // DT_STRING, of no dimensions.
        tensor.field(1, 7)
        tensor.field(2) { _ in }
        tensor.field(8, markdown)
      }
      value.field(9) { metadata in
        metadata.field(1) { $0.field(1, "text") }
        if let title { metadata.field(2, title) }
        // DATA_CLASS_TENSOR
        metadata.field(4, 2)
      }
    }
  }

  private mutating func value(_ tag: String, _ fields: (inout ProtobufWriter) -> Void) {
    isEmpty = false
    values.field(1) { value in
      value.field(1, tag)
      fields(&value)
    }
  }

  // MARK: Entries

  /// The entry's encoding.
  var bytes: [UInt8] {
    var event = start
    event.field(5, bytes: values.bytes)
    return event.bytes
  }

  /// The entry that every event file begins with.
  static func fileVersion(wallTime: Double) -> [UInt8] {
    var event = TensorBoardEntry(step: 0, wallTime: wallTime).start
    event.field(3, "brain.Event:2")
    return event.bytes
  }

  /// Tells readers to drop what an earlier file of the same run has from this step on.
  static func restart(at step: Int, wallTime: Double) -> [UInt8] {
    var event = TensorBoardEntry(step: step, wallTime: wallTime).start
    // SessionLog.START
    event.field(7) { $0.field(1, 1) }
    return event.bytes
  }

  private var start: ProtobufWriter {
    var event = ProtobufWriter()
    event.field(1, wallTime)
    event.field(2, step)
    return event
  }
}
