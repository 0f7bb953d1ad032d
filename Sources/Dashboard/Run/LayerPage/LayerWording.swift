// What the vectors of a layer are, in words: units, filters, gate rows, embedding vectors.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The words for a weight tensor and the vectors whose norms are taken.
struct LayerWording {
  let layer: RunHeader.Layer

  private enum Family {
    case dense, convolution, transposedConvolution, recurrentInput, recurrentState, embedding, other
  }

  private var family: Family {
    switch layer.kind {
    case "dense": .dense
    case "conv2d": .convolution
    case "conv_transpose2d": .transposedConvolution
    case "embedding": .embedding
    case "rnn", "lstm", "gru":
      layer.tensor.contains("weight_hh") ? .recurrentState : .recurrentInput
    default: .other
    }
  }

  /// What one of the vectors is called: "unit", "filter", "row".
  var noun: String {
    switch (layer.axis, family) {
    case ("tensor", _): "tensor"
    case ("incoming", .convolution): "filter"
    case ("incoming", .transposedConvolution): "channel"
    case ("incoming", .recurrentInput), ("incoming", .recurrentState): "row"
    case ("incoming", .embedding): "vector"
    case ("outgoing", .recurrentInput), ("outgoing", .recurrentState), ("outgoing", .embedding):
      "column"
    case ("outgoing", .convolution), ("outgoing", .transposedConvolution): "line"
    default: "unit"
    }
  }

  /// So many of them: "1 filter", "64 filters".
  func count(_ count: Int) -> String {
    count == 1 ? "1 \(noun)" : "\(NumberText.grouped(count)) \(noun)s"
  }

  /// What the norms are of, the longest wording first.
  var axis: [String] {
    let weights = family == .recurrentState ? "recurrent weights" : "input weights"
    switch (layer.axis, family) {
    // Logs of other writers need not say along what.
    case ("", _): return ["L2 of each unit's weights", "L2 of each unit"]
    case ("tensor", _): return ["L2 of the whole weight tensor", "L2 of the whole tensor"]
    case ("incoming", .convolution): return ["L2 of each filter's weights", "L2 of each filter"]
    case ("incoming", .transposedConvolution):
      return ["L2 of each output channel's weights", "L2 of output channels"]
    case ("incoming", .recurrentInput), ("incoming", .recurrentState):
      let short = family == .recurrentState ? "L2 of recurrent rows" : "L2 of input rows"
      return ["L2 of each row of the \(weights)", short]
    case ("incoming", .embedding): return ["L2 of each embedding vector", "L2 of each vector"]
    case ("incoming", _): return ["L2 of each unit's incoming weights", "L2 of incoming weights"]
    case ("outgoing", .convolution):
      return ["L2 across the filters at each place", "L2 across filters"]
    case ("outgoing", .transposedConvolution):
      return ["L2 across the input channels", "L2 across inputs"]
    case ("outgoing", .recurrentInput), ("outgoing", .recurrentState):
      return ["L2 of each column of the \(weights)", "L2 of each column"]
    case ("outgoing", .embedding): return ["L2 of each embedding column", "L2 of each column"]
    case ("outgoing", _):
      return [
        "L2 of each input's outgoing weights (over dimension 0)",
        "L2 of each input's outgoing weights", "L2 of outgoing weights",
      ]
    default: return ["L2 along \(ScreenText.printable(layer.axis))"]
    }
  }

  /// What the vectors and their norm are, for who wants to know exactly.
  var sentence: String {
    let shape = layer.shape
    let all = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard let units = layer.units, !shape.isEmpty else {
      return "The log does not tell the tensor's shape."
    }
    let weights = units > 0 ? all / units : 0
    let size = shape.map(String.init).joined(separator: " x ")
    let tensor = "The tensor is \(size) as PyTorch lays it out; "
    let of = NumberText.grouped(weights) + (weights == 1 ? " weight" : " weights")
    switch layer.axis {
    case "tensor": return tensor + "its norm is one, over all \(of)."
    case "outgoing":
      return tensor + "the norm is taken over dimension 0: each of the \(count(units))"
        + " has \(of)."
    default:
      let dimension =
        family == .transposedConvolution ? "over all dimensions but 1" : "over all but dimension 0"
      return tensor + "the norm is taken \(dimension): each of the \(count(units))"
        + " has \(of)."
    }
  }

  /// The name, and shorter ones for `lstm.weight_hh_l0_reverse`: "lstm.hh_l0_rev", "lstm.hh0r".
  var names: [String] {
    guard isRecurrent else { return [layer.name] }
    let short = layer.name.replacing(".weight_", with: ".").replacing("_reverse", with: "_rev")
    let shortest = short.replacing("_l", with: "").replacing("_rev", with: "r")
    return [layer.name, short, shortest]
  }

  /// The tensors of a recurrent layer differ only at the ends of their names.
  var isRecurrent: Bool { family == .recurrentInput || family == .recurrentState }
}

extension LayerState {
  var wording: LayerWording { LayerWording(layer: header) }
}

extension Appearance {
  /// A layer's name in at most `columns` columns: without what all have in front, by its short name, or cut in
  /// the middle; below its block by the name it has there.
  func name(
    of layer: LayerState, to columns: Int, as form: LayerNameForm = .own
  ) -> String {
    if form != .own, let block = layer.block {
      let indent = String(repeating: " ", count: min(columns, LayerRows.indent))
      let name = form == .short ? block.shortName : block.name
      return indent + shortened(name, to: columns - indent.count)
    }
    let names =
      (layer.shownName == layer.name ? layer.wording.names : [layer.shownName])
      + layer.shorterNames
    if let fitting = names.first(where: { DisplayWidth.of($0) <= columns }) {
      return shortened(fitting, to: columns)
    }
    let last = ScreenText.printable(names.last ?? "")
    if !layer.wording.isRecurrent, let numbered = numbered(last, to: columns) { return numbered }
    guard layer.wording.isRecurrent, columns > 4 else { return shortened(last, to: columns) }
    // Layer and tensor both distinguish names: as much of the layer as leaves the tensor whole.
    let dot = last.lastIndex(of: ".") ?? last.startIndex
    var tail = last[dot...].drop { $0 == "." }
    let room = columns - 1 - DisplayWidth.of(String(tail))
    let head = room > 0 ? NumberText.prefix(String(last[..<dot]), columns: room) : ""
    while DisplayWidth.of(String(tail)) > columns - 1 { tail.removeFirst() }
    return head + ellipsis + tail
  }

  /// A block's name in at most `columns` columns, behind the mark that says whether it is open.
  func name(of block: LayerBlock, isOpen: Bool, to columns: Int) -> String {
    let name = shortened(block.name, to: columns - LayerRows.markColumns)
    return NumberText.prefix((isOpen ? "- " : "+ ") + name, columns: columns)
  }

  /// A path that begins with the number of its block, cut behind it; nil for what does not, or where
  /// there is no room for more than the number.
  private func numbered(_ name: String, to columns: Int) -> String? {
    guard let dot = name.firstIndex(of: "."), Int(name[..<dot]) != nil else { return nil }
    let head = String(name[...dot])
    let room = columns - DisplayWidth.of(head)
    return room >= 5 ? head + shortened(String(name[name.index(after: dot)...]), to: room) : nil
  }
}

/// Which of its names a layer has in a list.
enum LayerNameForm {
  /// The one it has by itself.
  case own
  /// The one it has in its block, and a shorter one where not all of these fit.
  case inBlock, short

  /// The form for a list whose longest name has `names` columns, of which `columns` are there.
  init(isFolded: Bool, names: Int, columns: Int) {
    self = isFolded ? names <= columns ? .inBlock : .short : .own
  }
}
