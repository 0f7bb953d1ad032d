// Who wrote a run's records: which process, where, since when.

/// What identifies a run, and where it is.
package struct RunOrigin: Sendable, Equatable {
  /// The same in all headers of a run; commands name it.
  package var runID: String
  /// The process, and the host that it is on; nil if they are not recorded.
  package var pid: Int?
  package var host: String?
  package var started: WallTime?
  /// What trains: `maxnorm`, `torch 2.9.1`.
  package var framework: String?

  package init(
    runID: String, pid: Int? = nil, host: String? = nil, started: WallTime? = nil,
    framework: String? = nil
  ) {
    self.runID = runID
    self.pid = pid
    self.host = host
    self.started = started
    self.framework = framework
  }

  /// A name that no other run has: 16 hexadecimal digits, drawn by the system.
  package static func newRunID() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

extension RunOrigin: RecordFields {
  static var blank: RunOrigin { RunOrigin(runID: "") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("run_id", &runID)
    fields.field("pid", &pid, .ifAny)
    fields.field("host", &host, .ifAny)
    fields.field("started", &started, .ifAny)
    fields.field("framework", &framework, .ifAny)
  }
}
