// One example of every record, with figures of a real run's size.
@testable import RunRecords

enum RecordExamples {
  static let header = RunHeader("digits") {
    $0.title = "Handwritten digits"
    $0.seed = 18_446_744_073_709_551_615
    $0.threads = 1
    $0.build = "release"
    $0.parameters = 85_002
    $0.trainExamples = 400
    $0.validationExamples = 360
    $0.batch = 32
    $0.stepsPerEpoch = 13
    $0.totalSteps = 19_500
    $0.metric = "validation_accuracy"
    $0.goal = .maximize
    $0.experiment = .fields([
      .init("batch", .integer(32)), .init("model", .list([.text("relu"), .null])),
      .init("pace", .number(0.5)), .init("shuffle", .flag(true)),
    ])
    $0.layers = [
      .init("fc1", maxNorm: 3) {
        $0.kind = "dense"
        $0.tensor = "weight"
        $0.shape = [256, 64]
        $0.units = 256
        $0.axis = "incoming"
      },
      .init("fc2") {
        $0.kind = "dense"
        $0.tensor = "weight"
        $0.shape = [10, 256]
        $0.units = 10
        $0.axis = "incoming"
      },
    ]
    $0.network = [
      .init("input", output: [64]), .init("dense", name: "fc1", output: [256]),
      .init("relu", part: "encoder", output: [256]),
    ]
  }

  static let step = StepRecord(120) {
    $0.epoch = 10
    $0.steps = 10
    $0.loss = 0.41
    $0.lossMin = 0.30
    $0.lossMax = 0.52
    $0.learningRate = 0.1
    $0.gradientNorm = 1.9
    $0.gradientNormMax = 2.8
    $0.constraint = .init(enabled: true, maxNorm: 3)
    $0.layers = [
      .init("fc1", maxNorm: 3) {
        $0.normMin = 0.2
        $0.normP25 = 0.8
        $0.normMedian = 1.1
        $0.normP75 = 1.9
        $0.normMax = 3
        $0.atCeiling = 17
        $0.exceeded = 22
        $0.clipped = 22
        $0.clippedTotal = 310
        $0.shrinkMean = 0.98
        $0.updateRatio = 0.002
      }
    ]
    $0.examplesPerSecond = 51_234
    $0.elapsed = 0.81
  }

  static let evaluation = EvaluationRecord(130) {
    $0.epoch = 10
    $0.trainLoss = 0.4
    $0.trainAccuracy = 0.91
    $0.validationLoss = 0.62
    $0.validationAccuracy = 0.87
    $0.metrics = [.init(name: "validation_mean_iou", value: 0.5)]
  }

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
        EvaluationRecord(1) {
          $0.epoch = 1
          $0.trainLoss = 1
          $0.validationLoss = 2
        }),
      .norms(NormsRecord(step: 130, layers: [.init(name: "fc1", norms: [0.93, 2.99, 1e-8])])),
      .norms(
        NormsRecord(
          step: 140, layers: [.init(name: "fc1", norms: [0.93])],
          histograms: [
            .init(
              name: "fc1",
              histogram: WeightHistogram(low: -0.5, high: 1, counts: [7, 0, 12], nonFinite: 1))
          ])),
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
          EndRecord(300, .diverged) {
            $0.validationLoss = 9
            $0.validationAccuracy = 0.1
            $0.clippedTotal = 0
            $0.elapsed = 1
          })),
      .end(
        EndRecord(19_500, .finished) {
          $0.validationLoss = 0.6
          $0.validationAccuracy = 0.88
          $0.best = .init(step: 1020, metric: "validation_accuracy", value: 0.89)
          $0.clippedTotal = 912
          $0.elapsed = 8.2
        }),
      .end(
        EndRecord(0, .interrupted) {
          $0.clippedTotal = 0
          $0.elapsed = 0
        }),
      .end(
        EndRecord(7, .failed) {
          $0.error = "ValueError: no \"data\""
          $0.clippedTotal = 0
          $0.elapsed = 1
        }),
    ]
}
