// What the records had made of the dashboard at places of a log, so that going back is quick.
import Dashboard
import RunHistory
import RunRecords

/// A place in a log, and what the records before it made of the model.
struct Keyframe {
  var position: LogPosition
  /// The recorded time there.
  var elapsed: Double
  var state: DashboardModel.Recorded
}

/// A few keyframes, however long the log is: the first one after the header, the others evenly
/// spread over what was read.
struct Keyframes {
  private var frames: [Keyframe] = []
  /// Bytes from one to the next.
  private var spacing: Int
  private let leastSpacing: Int

  private static let most = 12
  /// Memory for all of them, if each layer's histories take that much.
  private static let mostBytes = 48 << 20
  private static let bytesPerLayer = 400 << 10
  private static let bytesPerMetric = 100 << 10

  /// Less than the usual spacing is read again within a blink.
  init(leastSpacing: Int = 4 << 20) {
    self.leastSpacing = leastSpacing
    spacing = leastSpacing
  }

  mutating func removeAll() { self = Keyframes(leastSpacing: leastSpacing) }

  func isDue(at offset: Int) -> Bool {
    guard let last = frames.last else { return offset > 0 }
    return offset >= last.position.offset + spacing
  }

  mutating func keep(_ frame: Keyframe, logSize: Int) {
    let layers = frame.state.segment?.layers.count ?? 0
    let metrics = frame.state.segment?.metrics.keys.count ?? 0
    let bytes = Self.bytesPerLayer * (layers + 2) + Self.bytesPerMetric * metrics
    let room = max(3, min(Self.most, Self.mostBytes / bytes))
    if frames.isEmpty { spacing = max(leastSpacing, logSize / room) }
    frames.append(frame)
    guard frames.count > room else { return }
    // Every second one goes; the first stays.
    frames = frames.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    spacing *= 2
  }

  /// The last one that lies no further than this, or the first.
  func last(notAfter offset: Int) -> Keyframe? {
    frames.last { $0.position.offset <= offset } ?? frames.first
  }
}
