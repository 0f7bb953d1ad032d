// An experiment: everything that makes a run, resolved and checked.
import Foundation
import NeuralNetwork
import RunRecords

/// What to train, on what, how, and how fast on the screen.
package struct Experiment: Sendable, Equatable {
  /// A word for lists and logs.
  package var name: String
  /// A line for people.
  package var title: String
  /// What it shows and what was measured; empty if nothing is said.
  package var details: String
  /// What it trains on.
  package var data: DataSettings
  /// From input to output.
  package var layers: [LayerDescription]
  /// What is minimized, and how far gradients go.
  package var objective: Objective
  /// How weights follow gradients; may change in mid-run.
  package var optimizer: OptimizerSettings
  /// How the learning rate changes with the steps.
  package var schedule: LearningRateSchedule
  /// The ceiling and its axis; may change in mid-run.
  package var constraint: ConstraintSettings
  /// Examples in an optimizer step; the last batch of an epoch may be smaller.
  package var batch: Int
  /// Passes over the training part.
  package var epochs: Int
  /// Ends the run after this many optimizer steps instead; nil: after `epochs`.
  package var steps: Int?
  /// Epochs from one evaluation to the next.
  package var evaluateEvery: Int
  /// When the run ends before its last step; nil: never.
  package var stopping: StoppingSettings?
  /// Draws a new order of the examples for every epoch.
  package var shuffle: Bool
  /// Draws data, weights, order and dropout.
  package var seed: UInt64
  /// Optimizer steps per second on the screen; 0 is as fast as it goes, nil what lasts about a minute.
  package var pace: Double?
  /// The comparison that ships with it.
  package var comparison: ComparisonSettings?
  /// The arm of a comparison that it is; nil: of none.
  package var arm: String?
  /// The comparison or sweep that it is a part of; nil: of none.
  package var membership: ComparisonMembership?
  /// The values of a sweep that it stands for; they are set in the keys themselves too.
  package var sweep: [SweptValue] = []
  /// The folder that paths in the experiment are relative to.
  package var folder: URL
  /// What a user should know of how the experiment was read: a sentence each, without a full stop.
  package var notes: [String] = []
}

extension Experiment {
  /// Whether the constraint, on or off, is about any layer.
  package var isConstrained: Bool { layers.flatMap(\.maxNorms).contains(where: constraint.holds) }

  /// The constraint's rule, as experiments call it.
  package var constraintKind: String { constraint.kind.name.rawValue }

  /// The key of r, such as `constraint.max_norm`; nil if the rule has none that can be given.
  package var ceilingKey: String? { constraint.kind.ceilingKey.map { "constraint.\($0)" } }

  /// The ceiling of all layers without their own, as a person would write it.
  package var globalCeiling: Double? { constraint.maxNorm.flatMap { Double($0.description) } }
}
