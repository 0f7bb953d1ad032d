// Descriptors 0, 1 and 2, which a caller may have closed.

import Glibc

package enum StandardDescriptors {
  /// Opens /dev/null on those that are closed; to be called before anything opens a file.
  ///
  /// Else the first files that are opened would become standard output and error: a log would get
  /// every record twice.
  package static func openClosed() {
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is this one, since those below it are open.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
