// Pictures of the task: the input beside the truth and the prediction.
import PlainText
import RunRecords

/// A picture's planes side by side, as squares of colour.
struct ImageChart: Drawing {
  var title: String
  var summary: String
  private let image: SampleImage
  private let panes: [(name: String, colors: [String])]

  static let height = 200.0
  /// Each pixel is a separate shape; more of them would make a heavy page.
  private static let mostPixels = 128 * 128

  /// Nil if there is nothing to draw, or too much.
  init?(title: String, image: SampleImage) {
    let pixels = image.width.multipliedReportingOverflow(by: image.height)
    guard !pixels.overflow, 1...Self.mostPixels ~= pixels.partialValue else { return nil }
    self.image = image
    var panes: [(name: String, colors: [String])] = []
    func values(_ name: String) -> [Float]? { image.planes.first { $0.name == name }?.values }
    if let red = values("red"), let green = values("green"), let blue = values("blue") {
      panes.append(("input", zip(red, zip(green, blue)).map { Self.color($0, $1.0, $1.1) }))
    } else if let input = values("input") {
      panes.append(("input", input.map { Self.color($0, $0, $0) }))
    }
    for name in ["truth", "prediction"] {
      guard let values = values(name) else { continue }
      let colors =
        image.classes.isEmpty
        ? values.map { Self.color($0, $0, $0) } : values.map { Self.color(ofClass: $0) }
      panes.append((name, colors))
    }
    guard !panes.isEmpty else { return nil }
    self.panes = panes
    let label = image.label.map { ": \($0.truth), taken for \($0.prediction)" } ?? ""
    self.title = title + label
    summary = "\(title)\(label): " + panes.map(\.name).joined(separator: ", ") + "."
  }

  /// What classes' colours and the lines of boxes mean; empty if there are neither.
  var key: String {
    var parts: [String] = []
    if !image.classes.isEmpty, panes.contains(where: { $0.name == "truth" }) {
      parts += zip(image.classes, Self.classColors).map { "\($0) \($1.name)" }
    }
    if image.truthBox != nil { parts.append("solid box: truth") }
    if image.predictionBox != nil { parts.append("dashed box: prediction") }
    return parts.isEmpty ? "" : parts.joined(separator: ", ").capitalizedFirst + "."
  }

  private static let classColors = [
    (name: "grey", color: "#e3e6ea"), (name: "blue", color: "#0072b2"),
    (name: "red", color: "#d55e00"), (name: "green", color: "#009e73"),
    (name: "pink", color: "#cc79a7"), (name: "orange", color: "#e69f00"),
    (name: "light blue", color: "#56b4e9"),
  ]

  func draw(_ size: PictureSize, _ identifier: String, into markup: inout Markup) {
    markup.label(
      Lettering.fitted(title, to: size.width, size: 14), 0, 14, size: 14, isBold: true)
    let gap = 10.0
    let width = (size.width - gap * Double(max(3, panes.count) - 1)) / Double(max(3, panes.count))
    let height = size.height - 44
    let scale = min(width / Double(image.width), height / Double(image.height))
    for (index, pane) in panes.enumerated() {
      let left = Double(index) * (width + gap)
      markup.element(
        "g",
        [
          ("transform", "translate(\(Markup.number(left)) 24) scale(\(Self.digits(scale)))"),
          ("shape-rendering", "crispEdges"),
        ]
      ) { markup in
        draw(pane.colors, into: &markup)
        if index == 0 {
          draw(image.truthBox, dash: "", into: &markup)
          draw(image.predictionBox, dash: "2 1", into: &markup)
        }
      }
      markup.label(
        pane.name, left, 24 + Double(image.height) * scale + 15, size: Lettering.small, ink: .muted)
      markup.newLine()
    }
  }

  /// Runs of one colour in a row are one shape; shapes of one colour one path.
  private func draw(_ colors: [String], into markup: inout Markup) {
    var paths: [String: String] = [:]
    for row in 0..<image.height {
      var start = 0
      while start < image.width {
        let color = colors[row * image.width + start]
        var end = start + 1
        while end < image.width, colors[row * image.width + end] == color { end += 1 }
        paths[color, default: ""] += "M\(start) \(row)h\(end - start)v1h\(start - end)z"
        start = end
      }
    }
    for (color, path) in paths.sorted(by: { $0.key < $1.key }) {
      markup.empty("path", [("d", path), ("fill", color)])
    }
  }

  private func draw(_ box: SampleImage.Box?, dash: String, into markup: inout Markup) {
    guard let box else { return }
    var attributes = Chart.box(
      Double(box.left), Double(box.top), Double(box.right), Double(box.bottom))
    attributes += [("fill", "none"), ("stroke", dash.isEmpty ? "#009e73" : "#d55e00")]
    attributes.append(("stroke-width", "0.8"))
    if !dash.isEmpty { attributes.append(("stroke-dasharray", dash)) }
    markup.empty("rect", attributes)
  }

  private static func digits(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }

  /// In 32 shades, so that neighbours run together.
  private static func color(_ red: Float, _ green: Float, _ blue: Float) -> String {
    func channel(_ value: Float) -> String {
      let level = value.isFinite ? min(1, max(0, value)) : 0
      let byte = Int((level * 31).rounded()) * 255 / 31
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "#" + channel(red) + channel(green) + channel(blue)
  }

  /// The first class, which is the background, grey.
  private static func color(ofClass value: Float) -> String {
    guard value.isFinite, value >= 0, value < 1e6 else { return "#000000" }
    return classColors[Int(value) % classColors.count].color
  }
}
