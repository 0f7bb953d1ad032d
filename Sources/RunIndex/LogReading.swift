// All of a log, for what only all of it shows: the bests and the curves. It goes on where it was.
import Basics
import Foundation
import RunRecords

enum LogReading {
  /// Lines between two looks at whether anybody still wants it.
  private static let batch = 2000

  static func epoch(_ value: Double) -> Int? {
    value.isFinite && value >= 0 && value < 1e15 ? Int(value) : nil
  }

  /// Reads a log of records from where it was read to before; `isWanted` is asked now and then.
  ///
  /// - Returns: false if it was given up.
  static func read(
    _ run: inout IndexedRun, _ senses: FigureSenses, isWanted: () -> Bool
  ) -> Bool {
    guard let start = LogHead(path: run.path) else { return true }
    guard LogGlance.isRecords(start) else {
      readForeign(&run, senses)
      return true
    }
    do throws(ProgramError) {
      if run.position.offset == 0 { run.figures = RunFigures() }
      var file = try FigureFile(at: run.path, from: run.position)
      // Where each of the file's names stands among the run's figures.
      var places: [Int?] = []
      var count = 0
      while try file.next() {
        count += 1
        if count.isMultiple(of: batch), !isWanted() { return false }
        let line = file.line
        guard !line.isOfOther else { continue }
        switch line.kind {
        case .header:
          guard case .header(let header)? = file.record else { continue }
          run.about = .init(header)
          run.figures = RunFigures()
          run.end = nil
          places = []
        case .end:
          guard case .end(let record)? = file.record else { continue }
          run.end = record.reason?.rawValue ?? ""
          run.figures.reach(record.step, nil, record.elapsed)
        case .step, .evaluation:
          guard let step = line.step else { continue }
          // One that goes on after its end has no end yet.
          if step > run.figures.step { run.end = nil }
          run.figures.reach(step, line.epoch.flatMap(epoch), line.elapsed)
          while places.count < file.names.count {
            places.append(run.figures.place(of: file.names[places.count]))
          }
          for figure in line.figures {
            if let place = places[figure.name] {
              run.figures.add(Float(figure.value), at: step, place: place)
            }
          }
        case .event, .other, .untyped: break
        }
      }
      run.position = file.position
      run.trouble = nil
    } catch {
      run.trouble = error.description
    }
    run.isWhole = true
    return true
  }

  /// Reads all of a log of another format.
  static func readForeign(_ run: inout IndexedRun, _ senses: FigureSenses) {
    run.figures = RunFigures()
    do throws(ProgramError) {
      var file = try RecordFile(at: run.path, .lenient, senses: senses)
      while let record = try file.next() {
        switch record {
        case .header(let header):
          run.about = .init(header)
          run.trouble = header.notes.first
        case .end(let record): run.end = record.reason?.rawValue ?? ""
        case .step, .evaluation, .norms, .sample, .event, .refused, .twin, .rank: break
        }
        run.figures.apply(record)
      }
    } catch {
      run.trouble = error.description
    }
    run.isWhole = true
  }
}
