// Samples as lines: the order of keys and planes, and what a damaged or hostile log may hold.
import Testing

@testable import RunRecords

@Suite struct SampleRecordTests {
  private func text(_ title: String, _ content: SampleRecord.Content) -> String {
    let record = Record.sample(SampleRecord(step: 130, title: title, content: content))
    return String(decoding: record.line.dropLast(), as: UTF8.self)
  }

  private func content(_ fields: String) throws -> SampleRecord.Content? {
    let line = #"{"type":"sample","step":1,"title":"t",\#(fields)}"#
    guard case .sample(let sample)? = try RecordLineReader(.strict).record(on: Array(line.utf8))
    else {
      return nil
    }
    return sample.content
  }

  @Test func `a text and a series have their keys in the order of the format`() {
    #expect(
      text("generated", .text("a\nb"))
        == #"{"type":"sample","step":130,"kind":"text","title":"generated","text":"a\nb"}"#)
    #expect(
      text("next", .series(truth: [1, 2], prediction: [1.5, 2], baseline: [0, 1], unit: "ppm"))
        == """
        {"type":"sample","step":130,"kind":"series","title":"next","truth":[1.0,2.0],\
        "prediction":[1.5,2.0],"baseline":[0.0,1.0],"unit":"ppm"}
        """)
  }

  @Test func `a picture and confusions have their keys in the order of the format`() {
    let image = SampleImage(
      width: 2, height: 1, planes: [.init("input", [0, 1]), .init("truth", [0, 1])],
      truthBox: .init(left: 0, top: 0, right: 1, bottom: 1), classes: ["background", "disc"],
      label: .init(truth: "disc", prediction: "square"))
    #expect(
      text("one", .image(image)) == """
        {"type":"sample","step":130,"kind":"image","title":"one","width":2,"height":1,\
        "planes":{"input":[0.0,1.0],"truth":[0.0,1.0]},"boxes":{"truth":[0.0,0.0,1.0,1.0]},\
        "classes":["background","disc"],"label":{"truth":"disc","prediction":"square"}}
        """)
    #expect(
      text("validation", .confusion(classes: ["a", "b"], counts: [[1, 2], [3, 4]])) == """
        {"type":"sample","step":130,"kind":"confusion","title":"validation",\
        "classes":["a","b"],"counts":[[1,2],[3,4]]}
        """)
  }

  @Test func `planes come in the order in which they are shown, whatever the order in the log`()
    throws
  {
    let image = try content(
      #""kind":"image","width":1,"height":1,"planes":{"zeta":[0],"prediction":[1],"blue":[2],"#
        + #""alpha":[3],"truth":[4],"red":[5],"green":[6]}"#)
    guard case .image(let image)? = image else {
      Issue.record("expected a picture")
      return
    }
    #expect(
      image.planes.map(\.name) == ["red", "green", "blue", "truth", "prediction", "alpha", "zeta"])
    #expect(image.plane("green") == [6] && image.plane("input") == nil)
    #expect(image.truthBox == nil && image.classes.isEmpty && image.label == nil)
  }

  @Test func `numbers in samples that are not finite are words`() throws {
    let line = text("t", .series(truth: [.nan, .infinity], prediction: [-.infinity, 0]))
    #expect(line.contains(#""truth":["NaN","Infinity"],"prediction":["-Infinity",0.0]"#))
    guard
      case .series(let truth, let prediction, nil, nil)? = try content(
        #""kind":"series","truth":["NaN","Infinity"],"prediction":["-Infinity",0.0]"#)
    else {
      Issue.record("expected a series")
      return
    }
    #expect(truth[0].isNaN && truth[1] == .infinity && prediction == [-.infinity, 0])
  }

  @Test(arguments: [
    #""kind":"series","truth":[1,2],"prediction":[1]"#,
    #""kind":"series","truth":[1],"prediction":[1],"baseline":[]"#,
    #""kind":"image","width":2,"height":2,"planes":{"input":[0,0,0]}"#,
    #""kind":"image","width":-2,"height":-2,"planes":{"input":[0,0,0,0]}"#,
    #""kind":"image","width":4294967296,"height":4294967296,"planes":{"input":[]}"#,
    #""kind":"image","width":9223372036854775807,"height":2,"planes":{}"#,
    #""kind":"image","width":1,"height":1,"planes":{},"boxes":{"truth":[0,0,1]}"#,
    #""kind":"image","width":1,"height":1,"planes":{},"boxes":{"truth":[0,0,1,1,1]}"#,
    #""kind":"image","width":1,"height":1,"planes":{},"boxes":7"#,
    #""kind":"image","width":1,"height":1,"planes":{},"label":{"truth":"disc"}"#,
    #""kind":"confusion","classes":["a","b"],"counts":[[1,2]]"#,
    #""kind":"confusion","classes":["a","b"],"counts":[[1,2],[3]]"#,
    #""kind":"confusion","classes":["a"],"counts":[[1.5]]"#,
    #""kind":"text","text":7"#,
  ])
  func `a sample whose parts do not fit is an error and no trap`(fields: String) {
    #expect(throws: DecodingError.self) { try content(fields) }
  }

  @Test func `a kind of a later version is skipped, whatever else it holds`() throws {
    for line in [
      #"{"type":"sample","kind":"smell"}"#, #"{"type":"sample","step":"x","kind":"","title":[]}"#,
    ] {
      #expect(try RecordLineReader(.strict).record(on: Array(line.utf8)) == nil)
    }
  }

  @Test func `unknown keys and boxes of a picture are skipped`() throws {
    let image = try content(
      #""kind":"image","width":1,"height":1,"planes":{},"boxes":{"third":[1]},"depth":{"a":1}"#)
    #expect(image == .image(SampleImage(width: 1, height: 1, planes: [])))
  }

  /// A damaged byte anywhere gives an error, a skipped record or another record, never a trap.
  @Test func `a line with a damaged byte never traps`() {
    let reader = RecordLineReader(.strict)
    var state: UInt32 = 1
    for content in RecordExamples.samples {
      let line = Record.sample(SampleRecord(step: 1, title: "t", content: content)).line
      for position in line.indices.dropLast() {
        state = state &* 1_664_525 &+ 1_013_904_223
        var damaged = line
        damaged[position] = UInt8(state >> 24)
        _ = try? reader.record(on: damaged)
      }
      #expect((try? reader.record(on: line)) != nil)
    }
  }
}
