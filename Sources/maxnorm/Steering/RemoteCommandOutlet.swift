// Commands on their way to a run on another host.
import Basics

/// A run's file of commands on another host.
final class RemoteCommandOutlet: CommandOutlet {
  private let address: RemoteAddress
  /// What appends to the file.
  var session: PipedProcess? { didSet { isHeardThere = nil } }
  /// Whether the run listened once: then it is asked again after a connection is made anew.
  var isWanted = false
  /// Nil as long as nothing is known.
  private(set) var isHeardThere: Bool?

  init(_ address: RemoteAddress) { self.address = address }

  var isHeard: Bool { isHeardThere ?? isWanted }

  func advance() {
    for line in session?.takeLines() ?? [] {
      if line.elementsEqual("open".utf8) { isHeardThere = true }
      if line.elementsEqual("none".utf8) { isHeardThere = false }
    }
  }

  func write(_ line: [UInt8]) throws(ProgramError) {
    guard let session, !session.isOver, session.send(line) else {
      throw ProgramError(
        .none, .temporary, address.host, "expected a connection, found none",
        "the command was not sent: give it again")
    }
  }
}
