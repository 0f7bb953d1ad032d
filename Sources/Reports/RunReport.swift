// The report of one run: what ran, how it went, what the constraint did, and how it ended.
import Comparisons
import RunHistory
import PlainText
import RunRecords

extension Report {
  /// The report of a run from its course; nil before its header.
  ///
  /// `experiment` is the text that runs it again.
  package init?(run course: RunCourse, log: String, experiment: (JSONValue) -> String) {
    guard let segment = course.segment else { return nil }
    // Other programs need not tell of any.
    let document = segment.header.experiment
    let isTold = !document.isEmpty && document != .fields([])
    let settings: [Item] =
      isTold ? [.details(summary: "All settings", text: experiment(document))] : []
    let words = RunWords(course: course, segment: segment)
    let charts = RunCharts(course: course, segment: segment)
    title = segment.header.title.isEmpty ? segment.header.name : segment.header.title
    let arm = segment.header.summary.arm.map { ", arm \($0)" } ?? ""
    let seed = segment.header.seed.map { ", seed \($0)" } ?? ""
    subtitle = "\(segment.header.name)\(arm)\(seed): \(words.ending)"
    sections = [
      Section("", [.facts(words.facts(log: log))] + words.notes.map(Item.paragraph)),
      Section("At the end", [.table(words.figures)]),
      Section("Course", charts.figures.map(Item.figure)),
      Section("Metrics", charts.metrics.map(Item.figure)),
      Section(
        "Norms and the ceiling",
        charts.norms.map(Item.figure)
          + [charts.clipping, charts.gradient, charts.learningRate].compactMap { $0 }
          .map(Item.figure)),
      Section("Layers", words.layers.map { [.table($0)] } ?? []),
      Section("Samples at the end", SampleItems(segment: segment).items),
      Section("Events", words.events),
      Section("Experiment", settings),
    ]
  }
}

/// The figures of a run in words and tables.
struct RunWords {
  let course: RunCourse
  let segment: RunSegment

  private var header: RunHeader { segment.header }

  /// How it ended, or where the log breaks off.
  var ending: String {
    let steps = NumberText.grouped(segment.step)
    guard let end = segment.end else {
      return "not ended; the log breaks off at step \(steps)"
        + (segment.totalSteps.map { " of " + NumberText.grouped($0) } ?? "")
    }
    switch end.reason {
    case nil: return "ended after \(steps) steps"
    case .finished:
      return "finished \(end.early == true ? "early, " : "")after \(steps) steps"
        + (end.restored.map { ", with the weights of step \(NumberText.grouped($0))" } ?? "")
    case .stopped: return "stopped by hand after \(steps) steps"
    case .interrupted: return "interrupted after \(steps) steps"
    case .diverged: return "diverged after \(steps) steps: loss or weights are no finite numbers"
    case .failed: return "failed after \(steps) steps" + (end.error.map { ": \($0)" } ?? "")
    }
  }

  var notes: [String] {
    var notes = header.remarks.map { "Note: \($0)." }
    if let step = course.firstNonFinite {
      notes.append(
        "A loss was no finite number, first at step \(NumberText.grouped(step)); curves break there."
      )
    }
    if let baseline = segment.evaluation.flatMap(TrivialBaseline.init(unbeatenIn:)) {
      notes.append("The run is \(baseline.sentence).")
    }
    if !segment.ranks.names.isEmpty {
      notes.append(
        "\(segment.ranks.names.count + 1) ranks tell records: parts of layers are put together, all "
          + "else is the first rank's.")
    }
    if course.restarts > 0 {
      notes.append(
        "The run was started again \(course.restarts == 1 ? "once" : "\(course.restarts) times"); "
          + "this is the last start.")
    }
    return notes
  }

  func facts(log: String) -> [Report.Fact] {
    let experiment = header.experiment
    var facts: [Report.Fact] = [
      .init("log", log), .init("data", ExperimentKeys.line(experiment["data"])),
      .init(
        "examples",
        Self.line(
          Self.known(header.trainExamples).map { "\(NumberText.grouped($0)) training" },
          Self.known(header.validationExamples).map { "\(NumberText.grouped($0)) validation" },
          Self.known(header.testExamples).map { "\(NumberText.grouped($0)) test" })),
      .init("parameters", header.parameters.map { NumberText.grouped($0) } ?? ""),
      .init("optimizer", ExperimentKeys.line(experiment["optimizer"])),
      .init(
        "batch",
        Self.line(
          segment.batch.map(String.init), segment.stepsPerEpoch.map { "\($0) steps an epoch" })),
      .init(
        "steps",
        NumberText.grouped(segment.step)
          + (segment.totalSteps.map { " of \(NumberText.grouped($0))" } ?? "")),
      .init("constraint", ExperimentKeys.line(experiment["constraint"])),
      .init("seed", header.seed?.description ?? ""),
      .init(
        "weights",
        Self.line(
          segment.storedWeights,
          segment.storedWeights == nil
            ? nil : header.tolerance.map { "tolerance \(Wording.short($0))" })),
    ]
    if let elapsed = segment.end?.elapsed ?? segment.latest?.elapsed {
      let seconds = FigureText(metric: "seconds").plain(elapsed)
      let threads = header.threads.map { "\($0) \($0 == 1 ? "thread" : "threads")" }
      facts.append(.init("training time", Self.line("\(seconds) s", threads)))
    }
    facts.append(.init("program", Self.line(header.program, header.build.map { "\($0) build" })))
    return facts.filter { !$0.value.isEmpty }
  }

  /// A number that is known, which 0 is not.
  private static func known(_ count: Int?) -> Int? { count.flatMap { $0 > 0 ? $0 : nil } }

  /// What is known of some facts.
  private static func line(_ parts: String?...) -> String {
    parts.compactMap(\.self).joined(separator: ", ")
  }

  /// The last evaluation, with the best one and the twin's beside it.
  var figures: TextTable {
    let evaluation = segment.evaluation
    var rows: [[String]] = []
    let twin = segment.twin?.evaluation
    let hasTwin = twin != nil
    func add(_ name: String, _ train: Float?, _ validation: Float?, _ other: Float?) {
      guard train != nil || validation != nil else { return }
      func text(_ value: Float?) -> String { value.map { Self.text($0, of: name) } ?? "" }
      rows.append(
        [name.replacing("_", with: " "), text(train), text(validation)]
          + (hasTwin ? [text(other)] : []))
    }
    add("loss", evaluation?.trainLoss, evaluation?.validationLoss, twin?.validationLoss)
    add(
      "accuracy", evaluation?.trainAccuracy, evaluation?.validationAccuracy,
      twin?.validationAccuracy)
    for metric in evaluation?.metrics ?? [] where !metric.name.hasPrefix("train_") {
      let name = metric.name.replacing("validation_", with: "")
      add(
        name, evaluation?.value(of: "train_\(name)"), metric.value, twin?.value(of: metric.name))
    }
    if let best = segment.best {
      let value = Self.text(best.value, of: best.metric)
      rows.append(
        [
          "best \(MetricName.words(best.metric)), at step \(NumberText.grouped(best.step))", "",
          value,
        ] + (hasTwin ? [""] : []))
    }
    if let text = segment.end.flatMap(segment.text(ofTestAt:)) {
      let step = segment.end?.test?.step.map { ", weights of step \(NumberText.grouped($0))" } ?? ""
      rows.append(["\(text)\(step)", "", ""] + (hasTwin ? [""] : []))
    }
    if rows.isEmpty { rows = [["nothing was evaluated", "", ""] + (hasTwin ? [""] : [])] }
    return TextTable(
      header: ["", "training", "validation"] + (hasTwin ? ["validation of the twin"] : []),
      rows: rows)
  }

  /// A figure with its unit: "83.6 %", "0.830".
  static func text(_ value: Float, of metric: String) -> String {
    let number = Double(value)
    guard number == 0 || abs(number) >= 1e-3, abs(number) < 1e6 else { return Wording.short(value) }
    let text = Axis.minus(FigureText(metric: metric).plain(number))
    return MetricName.isShare(metric) ? text + " %" : text
  }

  /// A row for each weight tensor; nil without tensors or without records of them.
  var layers: TextTable? {
    func norm(_ value: Float?) -> String { value.map(Wording.norm) ?? Wording.unmeasured }
    let rows = segment.layers.compactMap { layer -> [String]? in
      guard let latest = layer.latest else { return nil }
      let header = layer.header
      let isHeld = latest.maxNorm != nil
      return [
        layer.name, header.kind, header.shape.map(String.init).joined(separator: "×"),
        header.units.map { NumberText.grouped($0) } ?? "–",
        latest.maxNorm.map(Wording.short) ?? "–",
        norm(latest.normMin), norm(latest.normMedian), norm(latest.normMax),
        isHeld ? latest.atCeiling.map { NumberText.grouped($0) } ?? Wording.unmeasured : "–",
        isHeld ? latest.clippedTotal.map { NumberText.grouped($0) } ?? Wording.unmeasured : "–",
      ]
    }
    guard !rows.isEmpty else { return nil }
    return TextTable(
      header: [
        "layer", "kind", "shape", "units", "r", "smallest norm", "median", "largest", "at r",
        "scaled back in all",
      ], rows: rows)
  }

  var events: [Report.Item] {
    guard !course.events.isEmpty else { return [] }
    let table = TextTable(
      header: ["step", "what"],
      rows: course.events.map { [NumberText.grouped($0.step), $0.sentence] })
    let rest = course.furtherEvents
    return [.table(table)] + (rest > 0 ? [.paragraph("and \(rest) events more")] : [])
  }
}
