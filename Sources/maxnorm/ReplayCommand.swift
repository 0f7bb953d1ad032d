import ArgumentParser
struct ReplayCommand: ParsableCommand { func run() throws {} }
import Training
enum DashboardRunner {
  static func run(_ e: Experiment, options: RunOptions, screen: ScreenOptions) throws {}
}
