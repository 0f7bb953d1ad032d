// What the program takes of the machine.
import PlainText
import TerminalUI

/// As the operating system counts it.
package struct ProcessUsage: Sendable, Equatable {
  /// Processor time by time passed: 1 is one core.
  package var processors: Double
  /// The memory in use, in bytes.
  package var memory: Double

  package init(processors: Double, memory: Double) {
    self.processors = processors
    self.memory = memory
  }

  /// Like 97 %.
  var processorText: String {
    NumberText.padded(NumberText.percent(processors, decimals: 0), to: 5)
  }

  /// Like 33 MB.
  var memoryText: String {
    memory < 999.5e6
      ? NumberText.fixed(memory / 1e6, decimals: 0) + " MB"
      : NumberText.fixed(memory / 1e9, decimals: 1) + " GB"
  }
}
