// What is read off the lines of a log without building records.
import Foundation
import Testing

@testable import RunRecords

@Suite struct FigureScannerTests {
  private func scan(_ line: String) -> (
    kind: FigureScanner.Kind, step: Int?, figures: [String: Double]
  )? {
    var scanner = FigureScanner()
    guard scanner.scan(ArraySlice(line.utf8)) else { return nil }
    let figures = scanner.line.figures.map { (scanner.names[$0.name], $0.value) }
    return (scanner.line.kind, scanner.line.step, Dictionary(figures) { $1 })
  }

  @Test
  func `a step gives its losses, its metrics, its largest norm and the sum of what was clipped`()
    throws
  {
    let record = StepRecord(20) {
      $0.epoch = 2
      $0.loss = 0.25
      $0.lossMin = 0.1
      $0.learningRate = 0.1
      $0.layers = [
        .init("a") { ($0.normMax, $0.clipped) = (1.5, 3) },
        .init("b") { ($0.normMax, $0.clipped) = (2.5, 4) },
      ]
      $0.metrics = [Metric(name: "bleu", value: 31)]
    }
    let line = try #require(scan(String(decoding: Record.step(record).line, as: UTF8.self)))
    #expect(line.kind == .step && line.step == 20)
    #expect(
      line.figures == [
        "loss": 0.25, "learning_rate": Double(Float(0.1).description) ?? 0, "largest_norm": 2.5,
        "clipped": 7, "bleu": 31,
      ])
  }

  @Test func `numbers are what the standard library reads, those that are not finite too`() throws {
    let texts = [
      "0", "-0.0", "1", "0.1", "1e-5", "123456789.125", "3.4028235e38", "-2.5E+3", "5e-324",
      "0.30000000000000004", "12345678901234567890123", "1e400",
    ]
    for text in texts {
      let value = try #require(scan(#"{"step":1,"x":\#(text)}"#)?.figures["x"])
      #expect(value == Double(text), "\(text)")
    }
    for text in ["NaN", "\"NaN\""] {
      #expect(scan(#"{"step":1,"x":\#(text)}"#)?.figures["x"]?.isNaN == true)
    }
    #expect(scan(#"{"x":"-Infinity"}"#)?.figures["x"] == -.infinity)
    #expect(scan(#"{"x":"high","y":null,"z":[1,2]}"#)?.figures == [:])
  }

  @Test func `objects of other programs give names with a stroke, and escapes in names are undone`()
  {
    #expect(
      scan(#"{"step":3,"train":{"loss":0.5,"sub":{"f1":1}},"a\"b":2,"text":"x"}"#)?.figures
        == ["step": 3, "train/loss": 0.5, "train/sub/f1": 1, "a\"b": 2])
  }

  @Test func `types stand anywhere in a line, and a twin is told from its run`() {
    #expect(scan(#"{"loss":1,"step":2,"type":"evaluation"}"#)?.kind == .evaluation)
    var scanner = FigureScanner()
    let isRecord = scanner.scan(ArraySlice(#"{"type":"step","run":"twin","step":1}"#.utf8))
    #expect(isRecord && scanner.line.isOfOther)
  }

  @Test func `no text makes the scanner trap, however it is cut`() {
    let line =
      #"{"type":"step","step":12,"loss":-1.5e-3,"metrics":{"a":"NaN"},"layers":[{"x":[1]}]}"#
    let bytes = Array(line.utf8)
    var scanner = FigureScanner()
    for end in bytes.indices {
      _ = scanner.scan(bytes[..<end])
      for byte: UInt8 in [0, 0x22, 0x5c, 0x7b, 0x5d, 0xff] {
        var damaged = bytes
        damaged[end] = byte
        _ = scanner.scan(damaged[...])
      }
    }
    let isNested = scanner.scan(ArraySlice(String(repeating: "[", count: 100_000).utf8))
    let isWhole = scanner.scan(bytes[...])
    #expect(!isNested && isWhole)
  }
}
