// Runs whose norms are what pictures of norms have to cope with: held, recurrent, many, broken.
import RunRecords
import TerminalUI
import TestSupport

@testable import Dashboard

/// Layers made of norms alone, the same every time.
enum NormsFixture {
  struct Layer: Sendable {
    var name: String
    var kind = "dense"
    var tensor = "weight"
    var shape: [Int]
    var axis = "incoming"
    var ceiling: Float? = 1.5
    var units: Int
    /// The norm of a unit at a step, before the ceiling.
    var norm: @Sendable (_ step: Int, _ unit: Int) -> Float
  }

  /// A little up and down that is the same every time.
  static func noise(_ seed: Int) -> Float { Float(seed * 7919 % 101) / 100 - 0.5 }

  /// Rows of gates that differ, as those of an LSTM do.
  static func lstm(_ kind: String = "lstm", gates: Int = 4) -> Layer {
    Layer(
      name: "\(kind).weight_hh_l0", kind: kind, tensor: "weight_hh_l0",
      shape: [gates * 32, 32], units: gates * 32
    ) { step, unit in
      0.5 + Float(unit / 32) * 0.22 + Float(step) / 1500 * (0.9 + noise(unit))
    }
  }

  /// Nearly every unit is at the ceiling, the others just below it.
  static let held = Layer(name: "held", shape: [64, 64], units: 64) { step, unit in
    unit % 16 == 3 ? 1.32 + noise(unit) * 0.2 + Float(step) / 30000 : 1.6
  }

  /// Grows evenly towards the ceiling; two units never move.
  static let rising = Layer(name: "rising", shape: [64, 64], units: 64) { step, unit in
    unit < 2 ? 0.4 - Float(unit) * 0.4 : 0.5 + Float(unit) / 128 + Float(step) / 2500
  }

  static func header(_ layers: [Layer]) -> RunHeader {
    var header = Story.header(names: [])
    header.layers = layers.map { layer in
      var entry = RunHeader.Layer.sample(
        layer.name, layer.kind, layer.tensor, shape: layer.shape, axis: layer.axis,
        ceiling: layer.ceiling)
      entry.units = layer.units
      return entry
    }
    return header
  }

  /// Weights that spread from 0 as the run goes on, as counts.
  static func histogram(at step: Int) -> WeightHistogram {
    let parts = 64
    let spread = 0.15 + Double(step) / 2000
    let counts = (0..<parts).map { part in
      let value = (Double(part) + 0.5) / Double(parts) * 2 - 1
      return Int(900 * max(0, 1 - value * value / spread / spread))
    }
    return WeightHistogram(low: -1, high: 1, counts: counts)
  }

  static func records(_ layers: [Layer], at step: Int, histograms: Bool = false) -> [Record] {
    let norms = layers.map { layer in
      (0..<layer.units).map { min(layer.ceiling ?? .infinity, layer.norm(step, $0)) }
    }
    return [
      .step(
        StepRecord(step) { record in
          (record.epoch, record.steps) = (step / 20 + 1, 10)
          (record.loss, record.lossMin, record.lossMax) = (0.5, 0.4, 0.6)
          (record.learningRate, record.gradientNorm, record.gradientNormMax) = (0.05, 1, 2)
          record.constraint = .init(enabled: true, maxNorm: Story.ceiling)
          record.layers = zip(layers, norms).map { figures($0, $1.sorted()) }
          (record.examplesPerSecond, record.elapsed) = (6400, Double(step) / 200)
        }),
      .norms(
        NormsRecord(
          step: step, layers: zip(layers, norms).map { .init(name: $0.name, norms: $1) },
          histograms: !histograms
            ? [] : layers.map { .init(name: $0.name, histogram: histogram(at: step)) })),
    ]
  }

  private static func figures(_ layer: Layer, _ norms: [Float]) -> StepRecord.Layer {
    let at = layer.ceiling.map { limit in norms.count { $0 >= limit * (1 - 1e-5) } } ?? 0
    return StepRecord.Layer(layer.name, maxNorm: layer.ceiling) {
      $0.normMin = norms[0]
      $0.normP25 = norms[norms.count / 4]
      $0.normMedian = norms[norms.count / 2]
      $0.normP75 = norms[norms.count * 3 / 4]
      $0.normMax = norms[norms.count - 1]
      $0.atCeiling = at
      $0.exceeded = at * 8
      $0.clipped = at * 8
      $0.clippedTotal = at * 100
      $0.shrinkMean = at > 0 ? 0.985 : 1
      $0.updateRatio = 0.0021
    }
  }

  static func model(
    _ layers: [Layer], to last: Int = 600, histograms: Bool = false
  ) -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["dark", "light"])
    model.resize(120, 36)
    model.feed([.header(header(layers))])
    for step in stride(from: 10, through: last, by: 10) {
      model.feed(
        records(layers, at: step, histograms: histograms), at: Double(step) / 200)
    }
    return model
  }
}
