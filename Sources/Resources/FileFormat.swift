// What kind of file some bytes are the start of, by the marks that formats begin with.

/// A format of files that people have data or weights in, known by its first bytes.
package enum FileFormat: Sendable, Equatable, CaseIterable {
  case parquet, arrow, orc, avro, hdf5, matlab, stata, spss, r, sqlite, numpy
  case excel, excel97, openDocument
  /// Archives whose content decides: PyTorch's, Keras', several NumPy arrays, or any other.
  case torchArchive, kerasArchive, numpyArchive, zip
  case pickle, gguf
  case gzip, bzip2, xz, zstandard, sevenZip
  case gitLFSPointer, html, pdf, picture
  /// Text in two bytes a character.
  case utf16

  /// The format of these bytes; nil if they begin like none of them.
  ///
  /// Of an archive the start and the end are searched, where its files' names are.
  package init?(_ bytes: [UInt8]) {
    func begins(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    // A table may begin with a column called PAR1: a mark of letters counts where not all is text.
    let isText = !(bytes.prefix(Self.reach) + bytes.suffix(Self.reach)).contains { $0 < 9 }
    for (format, mark) in Self.marks
    where bytes.starts(with: mark) && !(isText && mark.allSatisfy { 0x20..<0x7f ~= $0 }) {
      self = format
      return
    }
    if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") {
      self = Self.archive(bytes)
    } else if begins("version https://git-lfs") {
      self = .gitLFSPointer
    } else if bytes.count > 2, bytes[0] == 0x80, 2...5 ~= bytes[1] {
      self = .pickle
    } else if ["<!doctype html", "<html"].contains(where: {
      bytes.prefix($0.utf8.count).map { $0 | 0x20 }.elementsEqual($0.utf8.map { $0 | 0x20 })
    }) {
      self = .html
    } else {
      return nil
    }
  }

  /// Bytes at both ends that are examined.
  private static let reach = 1 << 12

  private static let marks: [(FileFormat, [UInt8])] = [
    (.parquet, Array("PAR1".utf8)), (.arrow, Array("ARROW1".utf8)), (.arrow, Array("FEA1".utf8)),
    (.orc, Array("ORC".utf8)), (.avro, Array("Obj\u{1}".utf8)),
    (.hdf5, [0x89] + Array("HDF\r\n".utf8)), (.matlab, Array("MATLAB 5.0 MAT".utf8)),
    (.stata, Array("<stata_dta>".utf8)), (.spss, Array("$FL2".utf8)), (.r, Array("RDX".utf8)),
    (.r, Array("X\n\0\0".utf8)), (.sqlite, Array("SQLite format 3\0".utf8)),
    (.numpy, [0x93] + Array("NUMPY".utf8)),
    (.excel97, [0xd0, 0xcf, 0x11, 0xe0]), (.gguf, Array("GGUF".utf8)),
    (.gzip, [0x1f, 0x8b]), (.bzip2, Array("BZh".utf8)), (.xz, [0xfd] + Array("7zXZ\0".utf8)),
    (.zstandard, [0x28, 0xb5, 0x2f, 0xfd]), (.sevenZip, [0x37, 0x7a, 0xbc, 0xaf]),
    (.pdf, Array("%PDF-".utf8)), (.picture, [0x89] + Array("PNG".utf8)),
    (.picture, [0xff, 0xd8, 0xff]), (.picture, Array("GIF8".utf8)),
    (.utf16, [0xff, 0xfe]), (.utf16, [0xfe, 0xff]),
  ]

  /// What an archive is by the names of its files.
  private static func archive(_ bytes: [UInt8]) -> FileFormat {
    let places = [bytes.prefix(reach), bytes.suffix(4 * reach)]
    func holds(_ text: String) -> Bool {
      let wanted = Array(text.utf8)
      return places.contains { place in
        place.indices.dropLast(wanted.count - 1).contains { place[$0...].starts(with: wanted) }
      }
    }
    if holds("xl/workbook") || holds("xl/worksheets") { return .excel }
    if holds("opendocument.spreadsheet") { return .openDocument }
    if holds("data.pkl") { return .torchArchive }
    if holds("model.weights.h5") { return .kerasArchive }
    if holds(".npy") { return .numpyArchive }
    return .zip
  }

  /// As a message names it, behind "found".
  package var name: String {
    switch self {
    case .parquet: "a Parquet file"
    case .arrow: "an Arrow or Feather file"
    case .orc: "an ORC file"
    case .avro: "an Avro file"
    case .hdf5: "an HDF5 file"
    case .matlab: "a MATLAB file"
    case .stata: "a Stata file"
    case .spss: "an SPSS file"
    case .r: "a file of R's"
    case .sqlite: "an SQLite database"
    case .numpy: "a NumPy array (.npy)"
    case .excel: "an Excel workbook (.xlsx)"
    case .excel97: "an old Excel workbook (.xls)"
    case .openDocument: "an OpenDocument spreadsheet (.ods)"
    case .torchArchive: "a file of torch.save"
    case .kerasArchive: "a Keras model"
    case .numpyArchive: "NumPy arrays (.npz)"
    case .zip: "a zip archive"
    case .pickle: "a Python pickle"
    case .gguf: "a GGUF file"
    case .gzip: "a gzip file"
    case .bzip2: "a bzip2 file"
    case .xz: "an xz file"
    case .zstandard: "a Zstandard file"
    case .sevenZip: "a 7z archive"
    case .gitLFSPointer: "a Git LFS pointer, not the file itself"
    case .html: "a web page"
    case .pdf: "a PDF document"
    case .picture: "a picture"
    case .utf16: "UTF-16 text"
    }
  }
}
