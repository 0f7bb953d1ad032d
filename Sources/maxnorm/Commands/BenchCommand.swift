// `maxnorm bench`: how long a training step takes here, as a table or as JSON lines.
import ArgumentParser
import Benchmarks
import Experiments
import Foundation
import PlainText
import TerminalUI
import Training

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures training steps on this machine.",
    discussion: """
      Each number is the median of at least 5 repetitions of many steps, after a warm-up; a step is \
      forward, backward, update and projection. Machines that others use too change by tens of per \
      cent from minute to minute: compare what was measured together.

      The bound is what the step's multiplications would take at the rate of this machine's fastest \
      matrix product and convolution, measured first, and one pass over its weights, gradients and \
      the optimizer's states. Activations, losses and small layers come on top of it.

      Examples:
        maxnorm bench W1 W2
        maxnorm bench --threads 2 --json > speed.json
      """)

  @Argument(help: "W1 to W7, W7r or W8, all of them if none is named; or scaling: growing sizes.")
  var workloads: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads of matrix products and convolutions.", valueName: "n"))
  var threads = 1

  @Flag(help: "One JSON object a line instead of a table.")
  var json = false

  func validate() throws {
    guard 1...1024 ~= threads else {
      throw ValidationError("--threads: expected 1 to 1024, found \(threads)")
    }
    for name in workloads where !Benchmark.named.contains(where: { $0.name == name }) {
      let names = Benchmark.named.map(\.name)
      let near = nearest(name, among: names).map { ": did you mean \($0)?" } ?? ""
      throw ValidationError(
        "workload: expected one of \(names.joined(separator: ", ")); found '\(name)'\(near)")
    }
  }

  func run() throws {
    shortenThreadWaits(threads: threads)
    if buildConfiguration == "debug" {
      report(
        "this is an unoptimized build: its times say nothing of 'swift run -c release maxnorm'")
    }
    let chosen =
      workloads.isEmpty ? Benchmark.all : Benchmark.named.filter { workloads.contains($0.name) }
    var rows: [[String]] = []
    showProgress("the machine's rates")
    let rates = MachineRates.measure(threads: threads)
    for benchmark in chosen {
      let results = try benchmark.run(rates: rates) { showProgress($0) }
      showProgress(nil)
      for result in results {
        if json {
          // Nobody reads on: the rest would be measured for nobody.
          guard try writeToStandardOutput(result.json(threads: threads, rates) + "\n") else {
            return
          }
        } else {
          rows.append(result.row)
        }
      }
    }
    guard !json else { return }
    try printTable(
      [
        "", "workload", "ms a step", "fastest to slowest", "bound", "of it", "per second",
        "max-norm",
      ],
      rows)
    try writeToStandardOutput(
      "\(threads) thread\(threads == 1 ? "" : "s"), \(buildConfiguration) build; at its best this "
        + "machine does \(NumberText.significant(rates.products * 2e-9)) GFLOP/s in products, "
        + "\(NumberText.significant(rates.convolutions * 2e-9)) in convolutions\n")
  }

  /// One line on standard error that is written over and over; nil wipes it.
  private func showProgress(_ text: String?) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    writeToStandardError("\r\u{1B}[K" + (text.map { "measuring \($0)" } ?? ""))
  }
}

extension BenchmarkResult {
  fileprivate var row: [String] {
    [
      name, summary, Self.time(timing.median),
      "\(Self.time(timing.fastest)) to \(Self.time(timing.slowest))",
      Self.time(bound), String(format: "%.0f %%", shareOfBound * 100),
      examplesPerSecond.map { "\(NumberText.significant($0)) examples" }
        ?? bandwidth.map { "\(String(format: "%.1f", $0)) GB" } ?? "",
      constraintShare.map { String(format: "%.1f %%", $0 * 100) } ?? "",
    ]
  }

  /// Milliseconds with three digits that say something.
  private static func time(_ milliseconds: Double) -> String {
    String(format: milliseconds < 0.1 ? "%.4f" : milliseconds < 10 ? "%.3f" : "%.1f", milliseconds)
  }

  fileprivate func json(threads: Int, _ rates: MachineRates) -> String {
    var fields = [
      "\"workload\":\"\(name)\"", "\"summary\":\"\(summary)\"", "\"threads\":\(threads)",
      "\"build\":\"\(buildConfiguration)\"", "\"median_ms\":\(timing.median)",
      "\"min_ms\":\(timing.fastest)", "\"max_ms\":\(timing.slowest)",
      "\"repetitions\":\(timing.milliseconds.count)", "\"steps_per_repetition\":\(timing.calls)",
      "\"bound_ms\":\(bound)", "\"product_gflops\":\(rates.products * 2e-9)",
      "\"convolution_gflops\":\(rates.convolutions * 2e-9)",
    ]
    if let examplesPerSecond { fields.append("\"examples_per_second\":\(examplesPerSecond)") }
    if let constraintShare { fields.append("\"constraint_share\":\(constraintShare)") }
    if let bandwidth { fields.append("\"gigabytes_per_second\":\(bandwidth)") }
    return "{\(fields.joined(separator: ","))}"
  }
}
