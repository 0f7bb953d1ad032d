// The table of the panels of the main screen: their order, and where each is described.
import RunHistory
import RunRecords

extension DashboardModel {
  /// A panel that the focus can be on; its key is its place in `panels`, from 1.
  package enum PanelKind: Sendable, Equatable, CaseIterable {
    case loss, norms, normsOverTime, clipping, gradient
    /// What the task has to show, by the kinds of samples in its records.
    case table, series, text, images, confusion
    /// Further charts; behind the samples, whose keys are short.
    case metric, learningRate, clipRate
    /// What the command that `maxnorm watch` started has written.
    case console
    /// The figures of other programs and of the task, each as a curve.
    case metrics
    /// The layers with the shapes between them.
    case network
  }
}

extension DashboardModel.PanelKind {
  var description: PanelDescription {
    switch self {
    case .loss: LossPanel.description
    case .norms: NormsPanel.description
    case .normsOverTime: NormsOverTimePanel.description
    case .clipping: ClippingPanel.description
    case .gradient: GradientPanel.description
    case .table: TablePanel.description
    case .series: SeriesPanel.description
    case .text: TextPanel.description
    case .images: ImagePanel.description
    case .confusion: ConfusionPanel.description
    case .metric: MetricPanel.description
    case .learningRate: LearningRatePanel.description
    case .clipRate: ClipRatePanel.description
    case .console: ConsolePanel.description
    case .metrics: MetricsPanel.description
    case .network: NetworkPanel.description
    }
  }

  /// The panel for a kind of sample.
  init(_ kind: SampleRecord.Content.Kind) {
    switch kind {
    case .table: self = .table
    case .series: self = .series
    case .text: self = .text
    case .image: self = .images
    case .confusion: self = .confusion
    }
  }

  /// Whether the panel is a chart over time, with a cursor that keys move.
  var isChart: Bool { description.isChart }

  /// Whether the panel is there only where the task has such samples.
  var showsSamples: Bool { description.showsSamples }
}

extension DashboardModel {
  /// The panels that have something to show.
  package var panels: [PanelKind] {
    PanelKind.allCases.filter { panel in
      panel.showsSamples
        ? segment?.samples(for: panel).isEmpty == false : panel.description.isPresent(self)
    }
  }
}

extension RunSegment {
  /// The last sample of each title that a panel shows.
  func samples(for panel: DashboardModel.PanelKind) -> [SampleRecord] {
    samples.filter { DashboardModel.PanelKind($0.content.kind) == panel }
  }
}
