// Invented studies whose truth is known: what each arm gains, and how far scores scatter.
import Basics
import Foundation
import RunRecords

@testable import Comparisons

/// Draws studies of a table's resamplings.
///
/// Figures are points of an accuracy. Two scores on the same rows differ by `deviation` at random. Rows
/// come again in other resamplings: of the variance of an arm's scores the part that test and training
/// rows share, ratio/(1 + ratio), is the same in all of them, on validation as on the test part, so that
/// what is chosen for it is also scored with it. The rest is drawn for each score. What a resampling's
/// rows do to all arms alike is drawn three times as wide.
struct SimulatedStudies {
  /// Truly better than `none` by so many points, at the best settings.
  var gains: [String: Double] = [:]
  /// Of the difference between two scores, in points.
  var deviation = 1.5
  /// What settings at the ends of their ranges cost, in points.
  var settingsCost = 2.0
  /// Of trials.
  var divergedShare = 0.03
  var design = AdviceDesign(
    arms: Self.arms, trials: 8, resamplings: 10, metric: "validation_accuracy", goal: .maximize)
  var ratio = 0.25

  static let arms: [AdviceDesign.Arm] = [
    .init("none", .without), .init("early-stop", .without), .init("l2", .without),
    .init("dropout", .without), .init("max-norm", .with), .init("early-stop+max-norm", .with),
    .init("l2+max-norm", .with), .init("dropout+max-norm", .with),
  ]

  /// Max-norm gains nothing where others do.
  static let othersGain = SimulatedStudies(gains: [
    "early-stop": 2, "l2": 1, "dropout": 3, "early-stop+max-norm": 2, "l2+max-norm": 1,
    "dropout+max-norm": 3,
  ])

  /// Every arm with max-norm is better by so much.
  static func maxNormGains(_ points: Double, deviation: Double = 1.5) -> SimulatedStudies {
    SimulatedStudies(
      gains: Dictionary(
        uniqueKeysWithValues: arms.filter { $0.role == .with }.map { ($0.name, points) }),
      deviation: deviation)
  }

  func study(seed: UInt64) -> AdviceStudy {
    var source = RandomSource(seed: seed, stream: 18)
    let sigma = deviation / 2.0.squareRoot()
    let shared = ratio / (1 + ratio)
    let lasting = design.arms.map { _ in shared.squareRoot() * sigma * normal(&source) }
    let resamplings = (0..<design.resamplings).map { _ in
      resampling(lasting, fresh: (1 - shared).squareRoot() * sigma, &source)
    }
    return AdviceStudy(design, testPart: .drawn(ratio: ratio), resamplings: resamplings)
  }

  private func resampling(
    _ lasting: [Double], fresh: Double, _ source: inout RandomSource
  ) -> AdviceStudy.Resampling {
    // All arms are tried at the same learning rates.
    let rates = (0..<2 * design.trials).map { _ in Double.random(in: -1...1, using: &source) }
    let rows = 3 * deviation * normal(&source)
    var truths: [TrialKey: Double] = [:]
    var trials: [TrialKey: TrialOutcome] = [:]
    for (index, arm) in design.arms.enumerated() {
      for number in 0..<design.trials(of: arm) {
        // Of `none` too, so that arms that gain nothing are alike in everything.
        let strength = Double.random(in: -1...1, using: &source)
        let cost = settingsCost * (rates[number] * rates[number] + strength * strength) / 2
        let truth = 80 + (gains[arm.name] ?? 0) - cost + lasting[index] + rows
        let key = TrialKey(arm: arm.name, number: number)
        truths[key] = truth
        let isDiverged = Double.random(in: 0..<1, using: &source) < divergedShare
        // Fewer rows are chosen on than are tested on: four fifths of them.
        let measured = (truth + fresh * 1.25.squareRoot() * normal(&source)) / 100
        trials[key] = TrialOutcome(isDiverged ? .diverged : .value(measured))
      }
    }
    var resampling = AdviceStudy.Resampling(trials, trivial: 0.5)
    for key in TrialSelection(trials, design).keys {
      let score = ((truths[key] ?? 0) + fresh * normal(&source)) / 100
      resampling.scores[key] = [.value(score)]
    }
    return resampling
  }

  /// How many of `count` studies find that max-norm helps.
  func claims(of count: Int, seed: UInt64 = 0) -> Int {
    (0..<count).count { number in
      let study = study(seed: seed + UInt64(number))
      return AdviceAnswer(study, margin: .absolute(0.01)).finding == .helps
    }
  }

  /// From the normal distribution around 0 with deviation 1.
  private func normal(_ source: inout RandomSource) -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &source))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &source))
  }
}
