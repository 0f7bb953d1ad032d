// The rows of the lists of layers: blocks that are closed have one, open ones one for each layer too.
import RunHistory
import TerminalUI

/// A row in a list of layers.
package enum LayerRow: Sendable, Equatable {
  /// By its index in the segment.
  case layer(Int)
  /// A block of layers, by its index in the segment.
  case block(Int)
}

/// What the lists of layers show, made anew only when layers, filter or blocks change: there may be a
/// thousand of them.
package struct LayerRows: Sendable, Equatable {
  package fileprivate(set) var rows: [LayerRow] = []
  /// The columns of the longest name.
  fileprivate(set) var nameColumns = 0
  /// The names of the blocks that are open; they outlive a restart.
  package fileprivate(set) var open: Set<String> = []
  /// Whether the row of the selected layer's block is chosen, and not its own.
  package fileprivate(set) var isOnBlock = false

  /// The columns that a block's mark takes, and by which its layers' names are indented.
  static let markColumns = 2
  static let indent = 3

  /// The columns that names have on a narrow screen, if they need them: a block's tell its number.
  static func leastNameColumns(_ isFolded: Bool) -> Int { isFolded ? 11 : 8 }
}

extension DashboardModel {
  /// The block that keys act on: that of the selected layer.
  var selectedBlock: Int? { layer?.block?.index }

  /// The row that keys move from.
  var selectedRow: Int {
    let rows = layerRows.rows
    if !layerRows.isOnBlock, let place = rows.firstIndex(of: .layer(selectedLayer)) { return place }
    return selectedBlock.flatMap { rows.firstIndex(of: .block($0)) } ?? 0
  }

  /// Whether the chosen row is that of a block.
  var isOnBlock: Bool {
    let rows = layerRows.rows
    guard rows.indices.contains(selectedRow), case .block = rows[selectedRow] else { return false }
    return true
  }

  func isOpen(_ block: Int) -> Bool {
    guard let segment, segment.blocks.indices.contains(block) else { return false }
    return layerRows.open.contains(segment.blocks[block].name)
  }

  /// Whether the lists fold: a filter shows what it lets through.
  var foldsLayers: Bool { filter.text.isEmpty && segment?.blocks.isEmpty == false }

  /// Makes the rows anew.
  mutating func listLayers() {
    layerRows.rows = foldsLayers ? foldedRows : shownLayers.map(LayerRow.layer)
    if !foldsLayers { layerRows.isOnBlock = false }
    var columns = 0
    for row in layerRows.rows {
      switch row {
      case .layer(let index): columns = max(columns, DisplayWidth.of(name(ofLayer: index)))
      case .block(let index):
        let name = segment?.blocks[index].name ?? ""
        columns = max(columns, DisplayWidth.of(name) + LayerRows.markColumns)
      }
    }
    layerRows.nameColumns = columns
  }

  /// As it stands in a list, below its block or by itself.
  private func name(ofLayer index: Int) -> String {
    guard let segment, segment.layers.indices.contains(index) else { return "" }
    let layer = segment.layers[index]
    guard foldsLayers, let block = layer.block else { return layer.shownName }
    return String(repeating: " ", count: LayerRows.indent) + block.name
  }

  private var foldedRows: [LayerRow] {
    guard let segment else { return [] }
    var rows: [LayerRow] = []
    var told: Set<Int> = []
    for index in segment.layers.indices {
      guard let block = segment.layers[index].block?.index else {
        rows.append(.layer(index))
        continue
      }
      guard told.insert(block).inserted else { continue }
      rows.append(.block(block))
      if isOpen(block) { rows += segment.blocks[block].layers.map(LayerRow.layer) }
    }
    return rows
  }

  /// The rows that panels leave room for: while a filter is on, as many as without it; nil before the
  /// first header.
  var listedRows: Int? { segment.map { foldsLayers ? layerRows.rows.count : $0.layers.count } }

  /// The digits of the largest number of units in the lists.
  var unitDigits: Int? {
    guard let segment, let first = shownLayers.first else { return nil }
    var (least, most) = (segment.layers[first].units, segment.layers[first].units)
    for index in shownLayers {
      let units = segment.layers[index].units
      (least, most) = (min(least, units), max(most, units))
    }
    return max(String(least).utf8.count, String(most).utf8.count)
  }

  // MARK: Moving and folding

  /// Chooses a row: a layer, or a block, whose first layer the other panels show then.
  mutating func choose(_ row: LayerRow) {
    switch row {
    case .layer(let index):
      (selectedLayer, layerRows.isOnBlock) = (index, false)
    case .block(let index):
      guard let first = segment?.blocks[index].layers.first else { return }
      (selectedLayer, layerRows.isOnBlock) = (first, true)
    }
  }

  /// Moves over the rows; on a layer's page, over the layers.
  mutating func chooseLayer(_ action: KeyAction) {
    let rows = isDetailOpen ? shownLayers.map(LayerRow.layer) : layerRows.rows
    guard !rows.isEmpty else { return }
    let place = isDetailOpen ? rows.firstIndex(of: .layer(selectedLayer)) ?? 0 : selectedRow
    choose(rows[ListWindow.place(after: action, from: place, of: rows.count)])
  }

  /// Opens or closes the selected layer's block, or all of them.
  mutating func fold(_ action: KeyAction) {
    guard let segment, let selectedBlock else { return foldAll() }
    guard action == .block else { return foldAll() }
    let name = segment.blocks[selectedBlock].name
    if layerRows.open.remove(name) == nil { layerRows.open.insert(name) }
    layerRows.isOnBlock = true
    listLayers()
  }

  private mutating func foldAll() {
    let names = (segment?.blocks ?? []).map(\.name)
    let opens = layerRows.open.isDisjoint(with: names)
    layerRows.open = opens ? Set(names) : []
    layerRows.isOnBlock = selectedBlock != nil && !opens
    listLayers()
    say(opens ? "all blocks open" : "all blocks closed")
  }

  /// Why there is nothing to fold; nil if there is.
  func refusalToFold(_ action: KeyAction) -> String? {
    guard let segment else { return "no run yet: no layers" }
    guard !segment.blocks.isEmpty else {
      return "no blocks: layers fold by the numbers in their names, where there are many"
    }
    if !filter.text.isEmpty { return "a filter shows all it lets through: esc shows blocks again" }
    return action == .block && selectedBlock == nil ? "this layer is in no block" : nil
  }
}

extension LayerRow {
  /// What a click on it means.
  func target(in panel: DashboardModel.PanelKind) -> Target {
    switch self {
    case .layer(let index): .layer(index, in: panel)
    case .block(let index): .block(index, in: panel)
    }
  }
}
