// swift-tools-version: 6.2
// The package: C libraries, engine, records, training, screen and program, in the order of imports.
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Kernels are optimized in debug builds too.
///
/// Unoptimized numeric loops are 20 to 100 times slower, and the test suite trains real networks. As
/// a whole module, because else no helper is inlined across files: each vector would be a call, and
/// closures would be allocated.
let kernelSettings =
  settings + [
    .unsafeFlags(
      ["-O", "-wmo", "-num-threads", "1", "-disable-batch-mode"], .when(configuration: .debug))
  ]

/// The same for those in C.
let vectorSettings: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

let package = Package(
  name: "maxnorm",
  products: [
    .executable(name: "maxnorm", targets: ["maxnorm"]),
    // The projection for Python, which loads it through ctypes: `maxnorm python --library`.
    .library(name: "maxnorm-vectors", type: .dynamic, targets: ["CVectors"]),
  ],
  dependencies: [
    // The command line: options, help and usage errors.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Experiments and themes are YAML.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // Pages of the manual, and a check of its links: `swift package generate-documentation`. No target
    // depends on it, so nothing of it is built otherwise.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // ncursesw and tinfo: terminals of all kinds, their input, colours and modes.
    .target(name: "CNcurses"),
    // oneDNN and its OpenMP: matrix products and convolutions in the CPU's widest vectors.
    .target(name: "COneDNN"),
    // Vector instructions that Swift has no word for, and C's own functions in the widest of them.
    .target(name: "CVectors", cSettings: vectorSettings),
    // Image sets come as gzip files, and pictures of samples go as PNG.
    .systemLibrary(name: "CZlib"),
    // Trackio keeps runs in SQLite's files, whose pages, journals and locks are a database's business.
    .systemLibrary(name: "CSQLite"),
    // What everything else stands on: random numbers, examples, the machine's memory, errors as a
    // line.
    .target(name: "Basics", swiftSettings: kernelSettings),
    .target(
      name: "Kernels", dependencies: ["Basics", "COneDNN", "CVectors"],
      swiftSettings: kernelSettings,
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    .target(
      name: "NeuralNetwork", dependencies: ["Basics", "Kernels", "PlainText"],
      swiftSettings: settings),
    .target(
      name: "Resources", dependencies: ["Basics"],
      // The manual is the catalog of DocC's pages and what `maxnorm help` shows: one source.
      resources: [
        .copy("data"), .copy("experiments"), .copy("python"), .copy("../../themes"),
        .copy("../maxnorm/Documentation.docc"),
      ],
      swiftSettings: settings),
    .target(
      name: "Datasets", dependencies: ["Basics", "Resources", "CZlib"], swiftSettings: settings,
      linkerSettings: [.linkedLibrary("z")]),
    .target(name: "PlainText", swiftSettings: settings),
    .target(
      name: "RunRecords", dependencies: ["Basics", "PlainText", "CZlib", "CSQLite"],
      swiftSettings: settings,
      linkerSettings: [.linkedLibrary("z"), .linkedLibrary("sqlite3")]),
    .target(
      name: "Experiments",
      dependencies: [
        "Basics", "NeuralNetwork", "Datasets", "RunRecords", "PlainText", "Resources", "Yams",
      ],
      swiftSettings: settings),
    .target(
      name: "Training",
      dependencies: [
        "Basics", "Experiments", "NeuralNetwork", "Datasets", "RunRecords", "Resources",
      ],
      swiftSettings: settings),
    // What has been seen of a run, for everything that shows it: the screen, reports, sentences.
    .target(
      name: "RunHistory", dependencies: ["RunRecords", "PlainText"], swiftSettings: settings),
    .target(
      name: "Comparisons", dependencies: ["RunRecords", "PlainText", "Basics"],
      swiftSettings: settings),
    // Many runs: what a glance at each log tells, bests and curves, filters and orders.
    .target(
      name: "RunIndex",
      dependencies: ["Basics", "Comparisons", "RunHistory", "RunRecords", "PlainText"],
      swiftSettings: settings),
    .target(
      name: "TerminalUI", dependencies: ["Yams", "PlainText"], swiftSettings: settings),
    .target(
      name: "Dashboard",
      dependencies: [
        "TerminalUI", "RunHistory", "RunIndex", "RunRecords", "Comparisons", "PlainText",
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: ["Basics", "Comparisons", "RunHistory", "RunRecords", "PlainText"],
      swiftSettings: settings),
    .target(
      name: "Terminal", dependencies: ["Basics", "CNcurses", "TerminalUI"], swiftSettings: settings,
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(
      name: "Benchmarks", dependencies: ["Basics", "NeuralNetwork", "Kernels"],
      swiftSettings: settings),
    .executableTarget(
      name: "maxnorm",
      dependencies: [
        "Basics", "Experiments", "Training", "Benchmarks", "Comparisons", "Datasets", "RunRecords",
        "RunHistory", "RunIndex", "Resources", "PlainText", "TerminalUI", "Dashboard", "Reports",
        "Terminal", "Kernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // What several test targets need: temporary folders, headers, a clock that ignores how busy the
    // machine is.
    .target(
      name: "TestSupport", dependencies: ["RunRecords"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "KernelsTests", dependencies: ["Basics", "Kernels", "CVectors"],
      swiftSettings: settings),
    .testTarget(
      name: "NeuralNetworkTests",
      dependencies: ["Basics", "NeuralNetwork", "Kernels", "PlainText", "TestSupport"],
      exclude: ["Fixtures/trajectories.py", "Fixtures/constraints.py"],
      resources: [.copy("Fixtures/trajectories.json"), .copy("Fixtures/constraints.json")],
      swiftSettings: settings),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Basics", "Datasets", "Resources", "CZlib", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "PlainTextTests", dependencies: ["PlainText"], swiftSettings: settings),
    .testTarget(
      name: "RunRecordsTests",
      dependencies: ["Basics", "RunRecords", "CZlib", "PlainText", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: settings,
      linkerSettings: [.linkedLibrary("z")]),
    .testTarget(
      name: "RunHistoryTests", dependencies: ["RunHistory", "RunRecords"], swiftSettings: settings),
    .testTarget(
      name: "ComparisonsTests",
      dependencies: ["Comparisons", "RunRecords", "Basics", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "RunIndexTests", dependencies: ["RunIndex", "RunHistory", "RunRecords", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "RunHistory", "Comparisons", "RunRecords", "PlainText", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments", "Datasets", "NeuralNetwork", "RunRecords", "Resources", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Basics", "Experiments", "Training", "Datasets", "NeuralNetwork", "RunRecords", "Resources",
        "TestSupport",
      ],
      resources: [.copy("Fixtures/Tables"), .copy("Fixtures/Arrays")], swiftSettings: settings),
    .testTarget(
      name: "BenchmarksTests", dependencies: ["Benchmarks", "NeuralNetwork"],
      swiftSettings: settings),
    .testTarget(
      name: "TerminalUITests", dependencies: ["TerminalUI", "PlainText", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Dashboard", "RunHistory", "RunIndex", "TerminalUI", "RunRecords", "Comparisons",
        "PlainText", "TestSupport",
      ],
      resources: [.copy("Pictures")], swiftSettings: settings),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "maxnorm", "Comparisons", "Dashboard", "Experiments", "Training", "RunRecords",
        "RunHistory", "Terminal", "TerminalUI", "NeuralNetwork", "Basics", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Fixtures/pytorch_trajectories.py", "Fixtures/keras_maxnorm.py"],
      resources: [.copy("Fixtures/Trajectories")], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
