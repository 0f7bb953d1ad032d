// Names for the layers of large networks, whose paths differ only in the middle or at the end, and the
// blocks that their numbers make.

/// The names of all layers of a run, shorter ones that are still distinct, and their blocks.
struct LayerNames {
  /// By name: shorter ones, the longest first; none for names without a path.
  let shorter: [String: [String]]
  /// By name: without what all names have in front, and without the tensor's name where that is the
  /// same in all; for names without a path the name itself.
  let shown: [String: String]
  /// The blocks in the order of their first layers; empty if there are too few layers to fold.
  let blocks: [LayerBlock]

  /// The fewest layers that fold: fewer are easily listed as they are.
  static let fewestFolded = 16

  /// `model.layers.0.self_attn.q_proj` becomes `layers.0.self_attn.q_proj`, `0.self_attn.q_proj` and
  /// `0.q_proj`, each only where all layers so shortened keep names of their own; numbers stay.
  init(_ names: [String]) {
    let whole = names.map { $0.split(separator: ".", omittingEmptySubsequences: false) }
    // The tensors of our own layers have short names in words of their own.
    guard whole.contains(where: { $0.count > 2 }) else {
      shorter = [:]
      shown = [:]
      blocks = Self.blocks(names, paths: whole.map { $0[...] })
      return
    }
    let dropsTensor = Self.sharesTensor(whole)
    let paths = dropsTensor ? whole.map { Array($0.dropLast()) } : whole
    let shared = Self.sharedCount(paths)
    let shortenings: [(Path) -> Path] = [
      { $0.count > shared ? $0[shared...] : $0 },
      { $0[(Self.block($0) ?? $0.index(before: $0.endIndex))...] },
      { path in
        Self.block(path).map { [path[$0]] + path.suffix(path.count - 1 - $0).suffix(1) }
          ?? path.suffix(1)
      },
    ]
    var shorter: [String: [String]] = [:]
    var shown: [String: String] = [:]
    for (place, shorten) in shortenings.enumerated() {
      let short = paths.map { shorten($0[...]).joined(separator: ".") }
      guard Set(short).count == Set(names).count else { continue }
      for (name, short) in zip(names, short) where short.count < (shorter[name]?.last ?? name).count
      {
        shorter[name, default: []].append(short)
        if place == 0 { shown[name] = short }
      }
    }
    self.shorter = shorter
    self.shown = shown
    blocks = Self.blocks(
      names, paths: paths.map { $0.count > shared ? $0[shared...] : $0[...] })
  }

  private typealias Path = ArraySlice<Substring>

  /// How many leading parts all paths share, of those that have more.
  ///
  /// A name of a single part, as a model's head has, shares nothing. A number says which block it is,
  /// even if it is the only one.
  private static func sharedCount(_ paths: [[Substring]]) -> Int {
    let paths = paths.filter { $0.count > 1 }
    guard paths.count > 1, let first = paths.first else { return 0 }
    return first.indices.prefix { index in
      !isNumbered(first[index])
        && paths.allSatisfy { index < $0.count - 1 && $0[index] == first[index] }
    }.count
  }

  /// Whether all paths end in the same name of a tensor, which says nothing then.
  private static func sharesTensor(_ paths: [[Substring]]) -> Bool {
    guard let last = paths.first?.last, ["weight", "kernel"].contains(last) else { return false }
    return paths.allSatisfy { $0.count > 1 && $0.last == last }
  }

  /// Where the number of a block stands in a path; nil if there is none.
  private static func block(_ path: Path) -> Int? {
    path.dropLast().firstIndex { Int($0) != nil }
  }

  // MARK: Blocks

  /// A number by itself, as PyTorch's lists have it, or behind a name: `layers_7`.
  private static func isNumbered(_ part: Substring) -> Bool {
    let digits = part.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0 else { return false }
    return digits == part.count || part.dropLast(digits).last == "_"
  }

  private static func blocks(_ names: [String], paths: [Path]) -> [LayerBlock] {
    guard names.count >= fewestFolded else { return [] }
    var places: [String: Int] = [:]
    var blocks: [LayerBlock] = []
    for (index, path) in paths.enumerated() {
      guard let end = path.dropLast().firstIndex(where: isNumbered) else { continue }
      let name = path[...end].joined(separator: ".")
      if places[name] == nil {
        places[name] = blocks.count
        blocks.append(LayerBlock(name: name))
      }
      guard let place = places[name] else { continue }
      blocks[place].layers.append(index)
      blocks[place].names.append(path[(end + 1)...].joined(separator: "."))
    }
    // What has one layer has nothing to fold; and a single block would hide all there is.
    blocks.removeAll { $0.layers.count < 2 }
    return blocks.count > 1 ? blocks : []
  }
}
