// How long threads wait for each other in a loop before they sleep.
import Foundation

/// Starts the program again with a short wait, where several threads will compute and nothing else
/// was asked for; returns where that is not needed or not possible.
///
/// libgomp's threads wait in a loop, by default for milliseconds. Where another program takes a core,
/// every wait then lasts until that one is done: a step of W3 took 204 ms on two threads of a busy
/// machine and one of W6 two seconds, where one thread takes 6.4 and 4.8 ms. With a short wait they
/// take 9 and 20 ms, and 2 to 4 % more than before where nothing else runs. libgomp reads the setting
/// while the program is loaded, before any code of ours.
func shortenThreadWaits(threads: Int) {
  #if os(Linux)
    let environment = ProcessInfo.processInfo.environment
    guard threads > 1, environment["GOMP_SPINCOUNT"] == nil, environment["OMP_WAIT_POLICY"] == nil
    else { return }
    // By its path: else ps would call it "exe".
    guard
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    setenv("GOMP_SPINCOUNT", "1000", 1)
    execv(program, CommandLine.unsafeArgv)
  #endif
}
