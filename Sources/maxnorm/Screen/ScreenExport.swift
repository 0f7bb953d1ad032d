// Writes the view to files in the current folder: text, text with colours, SVG.
import Basics
import Foundation
import TerminalUI

/// One view in three forms.
struct ScreenExport {
  var name: String
  var title: String
  /// As the terminal shows it.
  var shown: CellBuffer
  /// In the theme's full colours, for the picture.
  var rich: CellBuffer
  var theme: Theme

  /// Writes the three files and returns their names; existing files are never replaced.
  ///
  /// - Throws: `ProgramError` if one cannot be written; none of the three stays then.
  func write() throws(ProgramError) -> [String] {
    let contents = [
      ("txt", shown.text + "\n"), ("ans", shown.ansi), ("svg", picture),
    ]
    for number in 1...9999 {
      let name = number == 1 ? name : "\(name)-\(number)"
      let files = contents.map { (name: "\(name).\($0.0)", text: $0.1) }
      // A dangling link is in the way too.
      let isTaken = files.contains { file in
        var status = stat()
        return lstat(file.name, &status) == 0
      }
      guard !isTaken else { continue }
      var written: [String] = []
      for file in files {
        guard let reason = Self.create(file.name, file.text) else {
          written.append(file.name)
          continue
        }
        for name in written { unlink(name) }
        throw ProgramError(
          "export: \(file.name): cannot write: \(reason): try another folder",
          status: ProgramError.Status.output)
      }
      return written
    }
    throw ProgramError(
      "export: \(name): expected a free name, found 9999 taken: try another folder",
      status: ProgramError.Status.output)
  }

  private var picture: String {
    let (front, back): (Color, Color) =
      theme.isDark ? (.rgb(229, 229, 229), .rgb(0, 0, 0)) : (.rgb(0, 0, 0), .rgb(255, 255, 255))
    let background = theme.color(.background)
    return rich.svg(
      title: title, foreground: front, background: background == .default ? back : background)
  }

  /// Writes a new file; nil, or why it cannot be.
  private static func create(_ name: String, _ text: String) -> String? {
    let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return systemMessage() }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = systemMessage()
        close(descriptor)
        unlink(name)
        return reason
      }
      done += count
    }
    guard close(descriptor) == 0 else { return systemMessage() }
    return nil
  }
}
