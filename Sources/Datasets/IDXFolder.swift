// Finds the IDX files of a data set in a folder, under the names that MNIST, EMNIST and QMNIST have.
import Basics
import Foundation

/// The files of one data set: `train-images…` with `train-labels…` or `train-masks…`, and those with
/// `t10k`, `test`, `val` or `validation`.
struct IDXFolder {
  /// A part's files.
  struct Part: Equatable {
    var images: URL
    var labels: URL
    var isMask: Bool
  }

  let folder: URL
  /// What stands in front of all names: "emnist-letters", "qmnist"; empty for MNIST.
  let set: String
  let train: Part
  let test: Part?
  let notes: [String]

  /// Looks in a folder, then in those below it, for the one that has such files.
  ///
  /// `wanted` chooses among several sets that lie together, by its name or the end of it.
  ///
  /// - Throws: `ProgramError` that lists what lies there.
  init(_ root: URL, set wanted: String? = nil) throws(ProgramError) {
    let listing = try FolderListing(root)
    var files = IDXFiles(listing)
    var notes: [String] = []
    if !files.hasImages {
      let below = Self.foldersBelow(root).filter { !$0.names.isEmpty }.map(IDXFiles.init)
        .filter(\.hasImages)
      let names = below.map { $0.listing.folder.path.dropFirst(root.path.count + 1) }
      guard let only = below.first else { throw Self.nothing(in: listing) }
      guard below.count == 1 else {
        throw .bad(
          place: root.path,
          problem: "expected one folder of IDX files, found "
            + names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and more" : ""),
          hint: "name one of them")
      }
      files = only
      notes.append("images read from \(names[0])")
    }
    folder = files.listing.folder
    let sets = files.sets
    let chosen = sets.filter { wanted == nil || $0 == wanted || $0.hasSuffix("-\(wanted ?? "")") }
    guard chosen.count == 1 else {
      let shown = sets.map { $0.isEmpty ? "one without a name" : $0 }
      throw .bad(
        place: folder.path,
        problem: "expected \(wanted.map { "a set '\($0)'" } ?? "one data set"), found "
          + shown.joined(separator: ", "), hint: "choose one with data.set")
    }
    set = chosen[0]
    guard let train = try files.part(["train"], of: set) else { throw Self.nothing(in: listing) }
    self.train = train
    test = try files.part(["t10k", "test", "val", "valid", "validation"], of: set)
    self.notes = notes
  }

  private static func nothing(in listing: FolderListing) -> ProgramError {
    .unreadable(
      path: listing.folder.path,
      reason: "no train-images… with train-labels… as IDX files in it, but \(listing.content)",
      hint: listing.names.contains { $0.hasSuffix(".zip") }
        ? "unpack the archive" : "give the folder that holds them")
  }

  /// Folders below a folder, near ones first; a few levels and no more than a thousand entries.
  private static func foldersBelow(_ root: URL) -> [FolderListing] {
    var found: [FolderListing] = []
    var level = [root]
    var entries = 0
    for _ in 0..<4 {
      let listings = level.compactMap { try? FolderListing($0) }
      level = []
      for listing in listings where entries < 1000 {
        entries += listing.names.count
        if listing.folder != root { found.append(listing) }
        level += listing.folders
      }
    }
    return found + level.compactMap { try? FolderListing($0) }
  }
}

/// The files of a folder whose names say what they hold.
private struct IDXFiles {
  /// A file's name, taken apart.
  private struct File {
    var name, set, part, kind: String
    /// Named as an IDX file, not merely with the same start.
    var isPlain: Bool
  }

  let listing: FolderListing
  private let files: [File]

  init(_ listing: FolderListing) {
    self.listing = listing
    files = listing.names.compactMap(Self.file)
  }

  private static func file(_ name: String) -> File? {
    let pattern =
      /^(?:(.+?)[-_.])?(train|t10k|test|validation|valid|val)[-_.](images|labels|masks)(.*)$/
    guard let match = name.firstMatch(of: pattern.ignoresCase()) else { return nil }
    return File(
      name: name, set: match.1.map { $0.lowercased() } ?? "", part: match.2.lowercased(),
      kind: match.3.lowercased(),
      isPlain: match.4.wholeMatch(of: /([-._]idx\d([-._]\w+)?)?(\.gz)?/.ignoresCase()) != nil)
  }

  var hasImages: Bool { files.contains { $0.part == "train" && $0.kind == "images" } }

  /// The sets that have something to train on.
  var sets: [String] {
    Set(files.filter { $0.part == "train" && $0.kind == "images" }.map(\.set)).sorted()
  }

  /// The files of a part under one of its names; nil without images.
  func part(_ names: [String], of set: String) throws(ProgramError) -> IDXFolder.Part? {
    guard
      let name = names.first(where: { name in find(name, "images", of: set) != nil }),
      let images = find(name, "images", of: set)
    else { return nil }
    if let masks = find(name, "masks", of: set) {
      return IDXFolder.Part(images: images, labels: masks, isMask: true)
    }
    guard let labels = find(name, "labels", of: set) else {
      throw .unreadable(
        path: listing.folder.path,
        reason: "no \(set.isEmpty ? "" : set + "-")\(name)-labels… beside "
          + "\(images.lastPathComponent), but \(listing.content)",
        hint: "get the labels that belong to the images")
    }
    return IDXFolder.Part(images: images, labels: labels, isMask: false)
  }

  private func find(_ part: String, _ kind: String, of set: String) -> URL? {
    let candidates = files.filter { $0.set == set && $0.part == part && $0.kind == kind }
    let ordered = candidates.filter(\.isPlain) + candidates.filter { !$0.isPlain }
    let urls = ordered.map { listing.url($0.name) }
    // Some archives unpack into a folder for each file, of the file's own name.
    return urls.lazy.compactMap { url in
      guard listing.folders.contains(url) else { return url }
      return try? FolderListing(url).names.compactMap(Self.file)
        .first { $0.part == part && $0.kind == kind }.map { url.appendingPathComponent($0.name) }
    }.first
  }
}
