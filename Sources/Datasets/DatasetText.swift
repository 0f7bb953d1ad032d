// The text of a file of data, and what to do where it is another kind of file.
import Basics
import Foundation
import Resources

/// The text of a file in UTF-8, or in UTF-16 where its mark says so, unpacked where it is a gzip file.
///
/// `copies`: how often memory must hold it, with what becomes of it.
///
/// - Throws: `ProgramError`; a file of another known format is named, with what makes a table of it.
func datasetText(at url: URL, hint: String, copies: Int) throws(ProgramError) -> String {
  var bytes = try textBytes(at: url, hint: hint, copies: copies)
  if FileFormat(bytes) == .utf16 { bytes = try TableText.utf8(bytes, name: url.path) }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw .bad(
      place: url.path, problem: "expected UTF-8 text, found other bytes",
      hint: "convert the file to UTF-8")
  }
  return text
}

/// The bytes of a file that should be text, unpacked where they are gzip.
///
/// `readable` is a format that the caller reads itself.
///
/// - Throws: `ProgramError` if it cannot be read, or is neither UTF-8 text nor readable.
func textBytes(
  at url: URL, hint: String, copies: Int, readable: FileFormat? = nil
) throws(ProgramError) -> [UInt8] {
  let bytes = try unpacked(
    try datasetBytes(at: url, hint: hint, copies: copies), name: url.path, copies: copies)
  // UTF-16 is text, which who reads it decodes.
  if let format = FileFormat(bytes), format != .utf16 {
    throw .bad(
      place: url.path, problem: "expected text, found \(format.name)",
      hint: format.cure(file: url.lastPathComponent))
  }
  return bytes
}

/// What a gzip file holds, all its members; other bytes as they are.
func unpacked(_ bytes: [UInt8], name: String, copies: Int) throws(ProgramError) -> [UInt8] {
  guard bytes.starts(with: [0x1f, 0x8b]) else { return bytes }
  let reader = try ByteReader(bytes, name: name)
  let limit = min(ByteReader.limit, MachineMemory.available / copies)
  let content = try reader.read(limit)
  guard content.count < limit else {
    throw .bad(
      place: name, problem: "expected less than \(limit >> 20) MB in the gzip file, found more",
      hint: "give a smaller file")
  }
  return content
}

extension FileFormat {
  /// What makes a file of text of one of this format, for a message.
  fileprivate func cure(file: String) -> String {
    let stem = file.split(separator: ".").first.map(String.init) ?? "table"
    func pandas(_ call: String) -> String {
      "in Python: pandas.\(call).to_csv('\(stem).csv', index=False)"
    }
    return switch self {
    case .parquet: pandas("read_parquet('\(file)')")
    case .arrow: pandas("read_feather('\(file)')")
    case .orc: pandas("read_orc('\(file)')")
    case .hdf5: pandas("read_hdf('\(file)')")
    case .excel, .excel97, .openDocument: pandas("read_excel('\(file)')")
    case .pickle: pandas("read_pickle('\(file)')")
    case .stata: pandas("read_stata('\(file)')")
    case .spss: pandas("read_spss('\(file)')")
    case .sqlite: pandas("read_sql('SELECT * FROM …', sqlite3.connect('\(file)'))")
    case .avro: pandas("DataFrame(fastavro.reader(open('\(file)', 'rb')))")
    case .matlab: pandas("DataFrame(scipy.io.loadmat('\(file)')['…'])")
    case .r: "in R: write.csv(…, '\(stem).csv', row.names = FALSE)"
    case .numpy, .numpyArchive: "give it as data: {npy: {inputs: …, targets: …}}"
    case .zip, .sevenZip: "unpack it and give the file inside"
    case .gzip, .bzip2, .xz, .zstandard: "unpack it"
    case .gitLFSPointer: "get the file itself with 'git lfs pull' in its folder"
    case .html: "download the file itself, not the page that shows it"
    case .utf16: "save it as UTF-8"
    case .torchArchive, .kerasArchive, .gguf: "such files hold weights: give one of text"
    case .pdf, .picture: "give a file of text"
    }
  }
}
