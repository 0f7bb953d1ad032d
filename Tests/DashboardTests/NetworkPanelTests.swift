// The drawing of the network: which layers share a box, which boxes are in sight, what a click chooses.
import RunRecords
import TerminalUI
import Testing
import TestSupport

@testable import Dashboard

@Suite("Network")
struct NetworkPanelTests {
  /// A convolutional net whose layers with weights are c1, c2 and out.
  static let layers: [RunHeader.NetworkLayer] = [
    .init("input", output: [1, 28, 28]), .init("conv2d", name: "c1", output: [8, 28, 28]),
    .init("batch_norm", name: "bn1", output: [8, 28, 28]), .init("relu", output: [8, 28, 28]),
    .init("keep", name: "skip", output: [8, 28, 28]), .init("max_pool", output: [8, 14, 14]),
    .init("conv2d", name: "c2", output: [16, 14, 14]), .init("relu", output: [16, 14, 14]),
    .init("flatten", output: [3136]), .init("dropout", output: [3136]),
    .init("dense", name: "out", output: [10]),
  ]

  static func model(_ network: [RunHeader.NetworkLayer] = layers) -> DashboardModel {
    var model = DashboardModel(source: .live, pace: 200, themeNames: ["dark"])
    model.resize(120, 36)
    var header = Story.header()
    header.network = network
    header.layers = [
      .sample("c1", "conv2d", shape: [8, 1, 3, 3], ceiling: 1.5),
      .sample("c2", "conv2d", shape: [16, 8, 3, 3], ceiling: 1.5),
      .sample("out", shape: [10, 3136]),
    ]
    model.feed([.header(header), .step(Fixture.step(100, layers: ["c1", "c2", "out"]))])
    return model
  }

  @Test func `layers that keep the shape share a box with the one before`() throws {
    let segment = try #require(Self.model().segment)
    let boxes = NetworkBox.boxes(of: segment)
    #expect(
      boxes.map(\.kinds) == [
        ["input"], ["conv2d", "batch_norm", "relu", "keep skip"], ["max_pool"],
        ["conv2d", "relu"], ["flatten", "dropout"], ["dense"],
      ])
    #expect(boxes.map(\.layers) == [[], [0], [], [1], [], [2]])
    #expect(
      boxes.map(\.shape) == [
        "1 x 28 x 28", "8 x 28 x 28", "8 x 14 x 14", "16 x 14 x 14", "3136", "10",
      ])
  }

  @Test func `two dense layers of one width are two boxes`() throws {
    var model = Fixture.model(.empty)
    var header = Story.header(names: ["fc1", "fc2"])
    header.network = [
      .init("input", output: [64]), .init("dense", name: "fc1", output: [64]),
      .init("relu", output: [64]), .init("dense", name: "fc2", output: [64]),
    ]
    model.feed([.header(header)])
    #expect(NetworkBox.boxes(of: try #require(model.segment)).map(\.name) == ["", "fc1", "fc2"])
  }

  @Test func `a run whose header tells of no network has no such panel`() {
    #expect(Self.model().panels.last == .network)
    #expect(!Story.model(to: 100).panels.contains(.network))
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `the drawing has the whole screen on z, the chosen layer in sight`(
    columns: Int, rows: Int
  ) throws {
    var model = Self.model()
    model.focus = .network
    model.press("z")
    try Pictures.compare(model, columns, rows, .focus, with: "network")
    model.press(.end)
    try Pictures.compare(model, columns, rows, .focus, with: "network-end", glyphs: .ascii)
  }

  @Test func `where three boxes do not fit they are lines`() throws {
    var model = Self.model()
    model.focus = .network
    model.press("z")
    let text = Pictures.screen(model, 80, 12).text
    #expect(text.contains("c2  conv2d, relu → 16 x 14 x 14"))
  }

  @Test func `a click on a box chooses its layer, one on a box without weights the panel`() throws {
    var model = Self.model()
    model.focus = .network
    model.press("z")
    let buffer = Pictures.screen(model, 120, 36)
    let row = try #require(buffer.lines.firstIndex { $0.contains("c2  conv2d") })
    #expect(model.target(at: Point(column: 6, row: row)) == .layer(1, in: .network))
    let other = try #require(buffer.lines.firstIndex { $0.contains("max_pool") })
    #expect(model.target(at: Point(column: 6, row: other)) == .panel(.network))
  }

  @Test func `hostile names and shapes leave the frame whole`() {
    var model = Self.model([
      .init("input", output: []),
      .init("conv\u{1B}[2Jカーネル", name: "c1", part: "エンコーダー", output: [1 << 62, 1 << 62, -5]),
      .init(String(repeating: "x", count: 500), output: Array(repeating: 9, count: 200)),
    ])
    model.focus = .network
    for (columns, rows) in LayoutTests.sizes {
      model.resize(columns, rows)
      let buffer = Pictures.screen(model, columns, rows)
      #expect(!buffer.text.contains("\u{1B}"))
    }
  }
}
