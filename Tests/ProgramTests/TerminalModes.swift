// Small dealings with the system that the pseudo-terminal needs.

import Glibc

/// A system call that failed.
struct SystemFailure: Error {
  var call: String
  var error: Int32
}

/// The modes of a terminal that programs change, comparable.
struct TerminalModes: Equatable {
  var input: tcflag_t
  var output: tcflag_t
  var control: tcflag_t
  var local: tcflag_t

  init(of descriptor: Int32) {
    var modes = termios()
    tcgetattr(descriptor, &modes)
    (input, output, control, local) = (modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag)
  }

  /// Whether typed characters appear by themselves and come in lines, as a shell leaves it.
  var isCooked: Bool { local & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON) }
}

/// Opens the outer end of a new pseudo-terminal, and says where its inner end is.
///
/// Linux' own calls, since the C library hides posix_openpt behind a feature macro.
func openPseudoTerminal() throws -> (master: Int32, path: String) {
  let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
  guard master >= 0 else { throw SystemFailure(call: "open /dev/ptmx", error: errno) }
  let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
  var isLocked: Int32 = 0
  var index: Int32 = 0
  guard ioctl(master, unlock, &isLocked) == 0, ioctl(master, number, &index) == 0 else {
    let error = errno
    close(master)
    throw SystemFailure(call: "ioctl on /dev/ptmx", error: error)
  }
  return (master, "/dev/pts/\(index)")
}

/// POSIX_SPAWN_SETSID, which the C library hides behind a feature macro.
let newSession: Int32 = 0x80

/// The system sends SIGWINCH to the foreground process group.
func setSize(of descriptor: Int32, _ columns: Int, _ rows: Int) {
  var size = winsize(
    ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
  _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
}

/// Calls with a C array of C strings that ends with NULL.
func withArguments<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let copies = texts.map { strdup($0) } + [nil]
  defer { for copy in copies { free(copy) } }
  return copies.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("an array with an element") }
    return body(base)
  }
}

/// The built program, which lies beside the test executable.
func builtProgram(_ name: String = "maxnorm") throws -> String {
  var path = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &path, path.count - 1)
  guard count > 0 else { throw SystemFailure(call: "readlink", error: errno) }
  let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return own[..<(own.lastIndex(of: "/") ?? own.endIndex)] + "/" + name
}
