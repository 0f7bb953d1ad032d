// Records as entries of a TensorBoard event file, under tags that TensorBoard groups by their first part.
import PlainText

/// Turns the records of one run into the bytes of an event file.
///
/// The twin's records go into a separate file under the same tags, so that TensorBoard lays its
/// curves over those of the run.
package struct EventFileRecords: Sendable {
  private let header: RunHeader
  private let steps: Scalars
  private let evaluations = Scalars(EvaluationRecord.blank)

  /// For the run, or the twin of the run, that a header opens.
  package init(_ header: RunHeader) {
    self.header = header
    steps = Scalars(StepRecord.blank, layers: header.layers)
  }

  // MARK: The start of a file

  /// What a file begins with; a reader drops what earlier files of the same run have from
  /// `restartStep` on.
  ///
  /// Times are in seconds since 1970.
  package func start(restartStep: Int, wallTime: Double) -> [UInt8] {
    var bytes: [UInt8] = []
    EventFrame.append(TensorBoardEntry.fileVersion(wallTime: wallTime), to: &bytes)
    EventFrame.append(
      TensorBoardEntry.restart(at: restartStep, wallTime: wallTime), to: &bytes)
    return bytes
  }

  /// The header, as texts; `experiment` is its experiment in YAML.
  package func opening(experiment: String, wallTime: Double) -> [UInt8] {
    entry(step: 0, wallTime) { entry in
      entry.text("run/experiment", Markdown.code(experiment))
      entry.text("run/header", header.markdown)
    }
  }

  // MARK: Records

  /// The entry for a record, in its frame; the twin's records are those of a separate run.
  package func bytes(for record: Record, wallTime: Double) -> [UInt8] {
    entry(step: record.step, wallTime) { entry in
      switch record {
      case .header, .refused, .rank: break
      case .step(let record), .twin(.step(let record)):
        steps.add(record, steps: record.steps, to: &entry)
      case .evaluation(let record), .twin(.evaluation(let record)):
        evaluations.add(record, to: &entry)
      case .norms(let record), .twin(.norms(let record)):
        for layer in record.layers {
          guard let histogram = NormHistogram(layer.norms) else { continue }
          entry.histogram("norms/\(layer.name)", histogram)
        }
      case .sample(let record): add(record, to: &entry)
      case .event(let record): entry.text("events/\(record.action.rawValue)", record.markdown)
      case .end(let record), .twin(.end(let record)): entry.text("run/end", record.markdown)
      }
    }
  }

  private func entry(
    step: Int, _ wallTime: Double, _ fill: (inout TensorBoardEntry) -> Void
  ) -> [UInt8] {
    var entry = TensorBoardEntry(step: step, wallTime: wallTime)
    fill(&entry)
    var bytes: [UInt8] = []
    if !entry.isEmpty { EventFrame.append(entry.bytes, to: &bytes) }
    return bytes
  }

  private func add(_ record: SampleRecord, to entry: inout TensorBoardEntry) {
    let name = Self.tagPart(record.title)
    // A tag has one kind of data: texts and pictures of the same title have their own.
    if case .image(let image) = record.content {
      if let pixels = image.pixels {
        entry.image("samples/\(name)/picture", pixels)
      }
      if let label = record.markdown { entry.text("samples/\(name)/label", label) }
    } else if let markdown = record.markdown {
      entry.text(
        "samples/\(name)/\(record.content.kind.rawValue)", title: record.title, markdown)
    }
  }

  /// A title as a part of a tag: it may be anything, and slashes would make groups.
  private static func tagPart(_ title: String) -> String {
    String(
      title.map { character in
        character.isLetter || character.isNumber || "-_.".contains(character) ? character : "_"
      })
  }
}
