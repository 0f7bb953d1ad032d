// Short names for the layers of large networks, whose paths differ only in the middle or at the end.

/// The names of all layers of a run, and shorter ones that are still distinct.
struct LayerNames {
  /// By name: shorter ones, the longest first; none for names without a path.
  let shorter: [String: [String]]

  /// `model.layers.0.self_attn.q_proj` becomes `layers.0.self_attn.q_proj`, `0.self_attn.q_proj`
  /// and `0.q_proj`, each only if all layers shortened that far keep distinct names.
  init(_ names: [String]) {
    let paths = names.map { $0.split(separator: ".", omittingEmptySubsequences: false) }
    // The tensors of our own layers have short names already.
    guard paths.contains(where: { $0.count > 2 }) else {
      shorter = [:]
      return
    }
    let shared = Self.sharedCount(paths)
    let shortenings: [(Path) -> Path] = [
      { $0[min(shared, $0.count - 1)...] },
      { $0[(Self.block($0) ?? $0.index(before: $0.endIndex))...] },
      { path in
        Self.block(path).map { [path[$0]] + path.suffix(path.count - 1 - $0).suffix(1) }
          ?? path.suffix(1)
      },
    ]
    var shorter: [String: [String]] = [:]
    for shorten in shortenings {
      let short = paths.map { shorten($0[...]).joined(separator: ".") }
      guard Set(short).count == Set(names).count else { continue }
      for (name, short) in zip(names, short) where short.count < (shorter[name]?.last ?? name).count
      {
        shorter[name, default: []].append(short)
      }
    }
    self.shorter = shorter
  }

  private typealias Path = ArraySlice<Substring>

  /// How many leading parts all paths share, of those that have more.
  private static func sharedCount(_ paths: [[Substring]]) -> Int {
    guard paths.count > 1, let first = paths.first else { return 0 }
    return first.indices.prefix { index in
      paths.allSatisfy { index < $0.count - 1 && $0[index] == first[index] }
    }.count
  }

  /// The position of a block's number in a path; nil if it has none.
  private static func block(_ path: Path) -> Int? {
    path.dropLast().firstIndex { Int($0) != nil }
  }
}
