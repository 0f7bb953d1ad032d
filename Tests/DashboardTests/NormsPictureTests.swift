// Pictures of norms: the layer's page, its panels, the list of layers, filters and words.
import RunRecords
import Testing
import TerminalUI

@testable import Dashboard

@Suite("Pictures of norms")
struct NormsPictureTests {
  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `a layer that the ceiling holds nearly whole is still readable`(columns: Int, rows: Int)
    throws
  {
    var model = NormsFixture.model([NormsFixture.held])
    model.press(.enter)
    try Pictures.compare(model, columns, rows, .body, with: "held")
  }

  @Test
  func `held units in ASCII`() throws {
    var model = NormsFixture.model([NormsFixture.held])
    model.press(.enter)
    try Pictures.compare(model, 120, 36, .body, with: "held-ascii", glyphs: .ascii)
  }

  @Test(arguments: [(80, 24)])
  func `norms that rise: when they will reach r, which units do not move`(columns: Int, rows: Int)
    throws
  {
    var model = NormsFixture.model([NormsFixture.rising])
    model.press(.enter)
    try Pictures.compare(model, columns, rows, .body, with: "rising")
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `a recurrent layer by gate`(columns: Int, rows: Int) throws {
    var model = NormsFixture.model([NormsFixture.lstm()])
    model.press(.enter)
    try Pictures.compare(model, columns, rows, .body, with: "gates")
  }

  @Test(arguments: PagePanel.allCases)
  func `each panel of the page has its place at 80x24`(panel: PagePanel) throws {
    var model = NormsFixture.model([NormsFixture.lstm()], histograms: panel == .weights)
    model.press(.enter)
    for _ in 0..<PagePanel.allCases.count where model.pageFocus != panel { model.press(.tab) }
    #expect(model.pageFocus == panel)
    guard ![.overTime, .gates].contains(panel) else { return }
    try Pictures.compare(model, 80, 24, .pageFocus, with: "page-\(panel)")
    let buffer = Pictures.screen(model, 120, 36, glyphs: .ascii)
    #expect(buffer.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test
  func `weights that spread over time, on a large page among the others`() throws {
    var model = NormsFixture.model([NormsFixture.held], histograms: true)
    model.press(.enter)
    try Pictures.compare(model, 200, 60, .body, with: "weights")
    while model.pageFocus != .weights { model.press(.tab) }
    model.press("l")
    try Pictures.compare(model, 120, 36, .pageFocus, with: "weights-cursor", glyphs: .ascii)
  }

  @Test
  func `a layer's page with NaN norms, before the first norms, and with one point`() throws {
    var model = Story.model(to: 300)
    model.press(.enter)
    var record = Fixture.step(310, layers: ["fc1", "fc2", "out"])
    for index in record.layers.indices {
      record.layers[index].normMax = .nan
      record.layers[index].shrinkMean = .nan
      record.layers[index].updateRatio = .infinity
    }
    var norms = Story.norms(310, layer: 0)
    norms[7] = .nan
    norms[9] = .infinity
    model.feed([
      .step(record), .norms(NormsRecord(step: 310, layers: [.init(name: "fc1", norms: norms)])),
    ])
    try Pictures.compare(model, 200, 60, .body, with: "page-nan")
    var empty = Fixture.model(.empty)
    empty.feed([.header(Story.header())])
    empty.press(.enter)
    try Pictures.compare(empty, 200, 60, .body, with: "page-empty")
    var one = Fixture.model(.training)
    one.press(.enter)
    try Pictures.compare(one, 200, 60, .body, with: "page-one")
  }

  @Test(arguments: [(80, 24), (200, 60)])
  func `sixty layers in norms and clipping`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 300, names: (1...60).map { "encoder_block\($0)" })
    model.press("2")
    for _ in 0..<45 { model.press(.down) }
    try Pictures.compare(model, columns, rows, .panels(.norms, .clipping), with: "sixty")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `a filter while it is typed, and kept`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 300, names: (1...60).map { "encoder_block\($0)" })
    model.press("2")
    for key in "/block5" { model.press(key) }
    try Pictures.compare(
      model, columns, rows, .panels(.norms, .clipping), .status, .footer, with: "filter")
    model.press(.enter)
    for key in "/ zz" { model.press(key) }
    model.press(.enter)
    try Pictures.compare(
      model, columns, rows, .panels(.norms, .clipping), .status, .footer, with: "filter-none")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `a page under a long and a wide name`(columns: Int, rows: Int) throws {
    var layer = NormsFixture.lstm()
    layer.name = "エンコーダー\u{1B}[31m層.weight_hh_l0_reverse_with_a_very_long_end"
    var model = NormsFixture.model([layer])
    model.press(.enter)
    try Pictures.compare(model, columns, rows, .body, with: "page-names")
  }

  @Test(arguments: [(120, 36)])
  func `4,096 units`(columns: Int, rows: Int) throws {
    let layer = NormsFixture.Layer(name: "wide", shape: [4096, 1024], units: 4096) { step, unit in
      0.6 + Float(unit) / 4096 + Float(step) / 1000 * (0.5 + NormsFixture.noise(unit))
    }
    var model = NormsFixture.model([layer], to: 300)
    model.press(.enter)
    try Pictures.compare(model, columns, rows, .body, with: "units")
  }

  @Test
  func `the help of a layer's page explains the panel in focus first`() throws {
    var model = NormsFixture.model([NormsFixture.rising])
    model.press(.enter)
    model.press("?")
    try Pictures.compare(model, 80, 24, .help, with: "page-help")
  }

  @Test
  func `in the first seconds a hint says what to try`() throws {
    var model = Story.model(to: 60)
    try Pictures.compare(model, 80, 24, .status, with: "hint")
    model.press("2")
    #expect(Pictures.screen(model, 80, 24).text.contains("first time?") == false)
  }
}
