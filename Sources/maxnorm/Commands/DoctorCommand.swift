// `maxnorm doctor`: what is right on this machine, and the cure for what is not.
import ArgumentParser
import Basics
import Foundation
import PlainText

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks terminal, machine and files, and names the cure.",
    discussion: """
      Exit status: 0 where everything works, 1 where something does not.

      Examples:
        maxnorm doctor
        maxnorm doctor | grep -A 1 wrong
      """)

  func run() throws {
    let findings = Examination().findings
    let lines = findings.flatMap(\.lines).map { ScreenText.printable($0) + "\n" }
    try writeToStandardOutput(lines.joined())
    if findings.contains(where: { $0.mark == .wrong }) {
      throw ExitCode(ProgramError.Status.failure)
    }
  }
}
