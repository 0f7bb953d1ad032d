// One example of every record, with figures of a real run's size.
@testable import RunRecords

enum RecordExamples {
  static let header = RunHeader(
    name: "digits", title: "Handwritten digits", seed: 18_446_744_073_709_551_615, threads: 1,
    build: "release", parameters: 85_002, trainExamples: 400, validationExamples: 360, batch: 32,
    stepsPerEpoch: 13, totalSteps: 19_500, metric: "validation_accuracy", goal: .maximize,
    experiment: .fields([
      .init("batch", .integer(32)), .init("model", .list([.text("relu"), .null])),
      .init("pace", .number(0.5)), .init("shuffle", .flag(true)),
    ]),
    layers: [
      .init(
        name: "fc1", kind: "dense", tensor: "weight", shape: [256, 64], units: 256,
        axis: "incoming", maxNorm: 3),
      .init(
        name: "fc2", kind: "dense", tensor: "weight", shape: [10, 256], units: 10,
        axis: "incoming", maxNorm: nil),
    ])

  static let step = StepRecord(
    step: 120, epoch: 10, steps: 10, loss: 0.41, lossMin: 0.30, lossMax: 0.52, learningRate: 0.1,
    gradientNorm: 1.9, gradientNormMax: 2.8, constraint: .init(enabled: true, maxNorm: 3),
    layers: [
      .init(
        name: "fc1", maxNorm: 3, normMin: 0.2, normP25: 0.8, normMedian: 1.1, normP75: 1.9,
        normMax: 3, atCeiling: 17, exceeded: 22, clipped: 22, clippedTotal: 310, shrinkMean: 0.98,
        updateRatio: 0.002)
    ], examplesPerSecond: 51_234, elapsed: 0.81)

  static let evaluation = EvaluationRecord(
    step: 130, epoch: 10, trainLoss: 0.4, trainAccuracy: 0.91, validationLoss: 0.62,
    validationAccuracy: 0.87, metrics: [.init(name: "validation_mean_iou", value: 0.5)])

  /// Every kind of sample but the table, with and without what may be left out.
  static let samples: [SampleRecord.Content] = [
    .text(""), .text("ROMEO:\n\tO \"speak\" again \u{1B}[2J 漢\r\n"),
    .series(truth: [], prediction: []),
    .series(
      truth: [315.5, 316.25], prediction: [315.7, 1e-8], baseline: [314, -0.5], unit: "ppm"),
    .image(SampleImage(width: 0, height: 3, planes: [])),
    .image(
      SampleImage(
        width: 3, height: 2,
        planes: [
          .init("red", [0, 0.5, 1, 0, 0, 0]), .init("green", [1, 1, 1, 1, 1, 1]),
          .init("blue", [0, 0, 0, 0, 0, 0.1]), .init("truth", [0, 1, 2, 0, 0, 0]),
          .init("prediction", [0, 1, 1, 0, 0, 0]), .init("attention", [0, 0, 0, 0, 0, 9]),
          .init("certainty", [1, 1, 1, 1, 1, 1]),
        ],
        truthBox: .init(left: 1, top: 0, right: 3, bottom: 1.5),
        predictionBox: .init(left: 0.25, top: -1, right: 2, bottom: 2),
        classes: ["background", "disc", "square"],
        label: .init(truth: "disc", prediction: "square"))),
    .confusion(classes: [], counts: []),
    .confusion(classes: ["shirt", "T-shirt"], counts: [[21, 14], [3, .max]]),
  ]

  static let all: [Record] =
    [
      .header(header),
      .step(step),
      .evaluation(evaluation),
      .evaluation(
        EvaluationRecord(
          step: 1, epoch: 1, trainLoss: 1, trainAccuracy: nil, validationLoss: 2,
          validationAccuracy: nil)),
      .norms(NormsRecord(step: 130, layers: [.init(name: "fc1", norms: [0.93, 2.99, 1e-8])])),
      .sample(
        SampleRecord(
          step: 130, title: "hot or cold",
          content: .table(
            columns: ["°C", "output"],
            rows: [[.number(20.5), .number(-10.1)], [.integer(31), .text("hot")]]))),
    ]
    + samples.map { .sample(SampleRecord(step: 130, title: "a title", content: $0)) } + [
      .event(EventRecord(step: 131, action: .constraint, from: .flag(true), value: .flag(false))),
      .event(
        EventRecord(
          step: 140, action: .maxNorm, from: .number(3), value: .number(2.5), clipped: 0, undo: true
        )),
      .event(EventRecord(step: 150, action: .reseed, from: .seed(1), value: .seed(.max))),
      .event(EventRecord(step: 160, action: .pause)),
      .event(
        EventRecord(
          step: 170, action: .maxNorm, from: .number(3), value: .number(1.5), clipped: 4,
          layer: "fc1")),
      .event(EventRecord(step: 171, action: .maxNorm, from: .number(2), layer: "fc2", undo: true)),
      .event(
        EventRecord(step: 172, action: .batchNormFreeze, from: .flag(false), value: .flag(true))),
      .event(EventRecord(step: 180, action: .extend, value: .steps(9_007_199_254_740_993))),
      .event(EventRecord(step: 181, action: .checkpoint, value: .path("a \"b\".safetensors"))),
      .event(EventRecord(step: 182, action: .checkpoint)),
      .twin(.step(step)), .twin(.evaluation(evaluation)),
      .twin(
        .end(
          EndRecord(
            step: 300, reason: .diverged, validationLoss: 9, validationAccuracy: 0.1, best: nil,
            clippedTotal: 0, elapsed: 1))),
      .end(
        EndRecord(
          step: 19_500, reason: .finished, validationLoss: 0.6, validationAccuracy: 0.88,
          best: .init(step: 1020, metric: "validation_accuracy", value: 0.89), clippedTotal: 912,
          elapsed: 8.2)),
      .end(
        EndRecord(
          step: 0, reason: .interrupted, validationLoss: nil, validationAccuracy: nil, best: nil,
          clippedTotal: 0, elapsed: 0)),
    ]
}
