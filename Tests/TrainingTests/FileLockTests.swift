// What keeps two runs from one file, and temporary files that others sweep away.
import Foundation
import Testing

@testable import Training

@Suite struct FileLockTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `a lock is one whatever the file is called, and leaves nothing behind`() throws {
    try inFolder { folder in
      let lock = try FileLock(of: folder + "/a")
      for name in [folder + "/a", folder + "/./a", folder + "//a"] {
        #expect(throws: FileLock.Taken.self, "\(name)") { try FileLock(of: name) }
      }
      let other = try FileLock(of: folder + "/b")
      // The file may come and go meanwhile.
      try Data().write(to: URL(fileURLWithPath: folder + "/a"))
      symlink(folder + "/a", folder + "/link")
      #expect(throws: FileLock.Taken.self) { try FileLock(of: folder + "/link") }
      lock.release()
      let again = try FileLock(of: folder + "/a")
      // A second time is nobody's.
      lock.release()
      #expect(throws: FileLock.Taken.self) { try FileLock(of: folder + "/a") }
      again.release()
      other.release()
      #expect(try names(folder) == ["a", "link"])
    }
  }

  @Test func `of many who want a lock at once each has it alone`() async throws {
    let folder = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            guard let lock = try? FileLock(of: folder + "/a") else { continue }
            let inside = open(folder + "/inside", O_CREAT | O_EXCL | O_WRONLY, 0o600)
            #expect(inside >= 0)
            close(inside)
            unlink(folder + "/inside")
            lock.release()
          }
        }
      }
    }
    #expect(try names(folder) == [])
  }

  @Test func `files that several write at once are not swept away under each other's hands`()
    async throws
  {
    let folder = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<100).count { number in
            do {
              var file = try FileReplacement(of: folder + "/a")
              try file.append([number])
              try file.commit()
              return false
            } catch {
              return true
            }
          }
        }
      }
      for await failures in group { #expect(failures == 0) }
    }
    #expect(try names(folder) == ["a"])
  }
}
