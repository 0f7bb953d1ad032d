// The dictionary in front of an array's values in an NPY file, and the kinds of values.
import Basics
import Resources

/// The kinds of numbers that are read, of either byte order.
package enum NPYElement: String, Sendable, CaseIterable {
  case boolean = "b1"
  case int8 = "i1"
  case int16 = "i2"
  case int32 = "i4"
  case int64 = "i8"
  case uint8 = "u1"
  case uint16 = "u2"
  case uint32 = "u4"
  case uint64 = "u8"
  case float16 = "f2"
  case float32 = "f4"
  case float64 = "f8"

  /// Whole numbers, or true and false.
  package var isInteger: Bool {
    switch self {
    case .float16, .float32, .float64: false
    case .boolean, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    }
  }

  /// A Float does not hold all of them.
  var isWide: Bool {
    switch self {
    case .int32, .int64, .uint32, .uint64, .float64: true
    case .boolean, .int8, .int16, .uint8, .uint16, .float16, .float32: false
    }
  }

  /// Bytes.
  var size: Int { rawValue.last?.wholeNumberValue ?? 1 }
}

/// What the values of an array are.
enum NPYType: Equatable {
  case numbers(NPYElement)
  /// Texts of at most this many code points, four bytes each.
  case text(Int)
  /// Texts of at most this many bytes.
  case bytes(Int)

  /// Bytes of a value.
  var size: Int {
    switch self {
    case .numbers(let element): element.size
    case .text(let length): 4 * length
    case .bytes(let length): length
    }
  }

  /// As NumPy calls it: "float32".
  var name: String {
    switch self {
    case .numbers(let element): element == .boolean ? "bool" : "\(element)"
    case .text: "text (str)"
    case .bytes: "text (bytes)"
    }
  }
}

/// The header of an NPY file, NumPy's format of one array, versions 1 to 3.
struct NPYHeader {
  let type: NPYType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the values start.
  let end: Int

  /// - Throws: `ProgramError` if the bytes are not such a file, or hold an unsupported type of
  ///   values, which is named with what converts it.
  init(_ bytes: [UInt8], name: String) throws(ProgramError) {
    func bad(_ problem: String) -> ProgramError {
      .bad(place: name, problem: problem, hint: "give a file that numpy.save wrote")
    }
    let isShort = bytes.count > 6 && bytes[6] == 1
    let start = isShort ? 10 : 12
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= start else {
      throw bad("expected an NPY header, found \(FileFormat(bytes)?.name ?? "other bytes")")
    }
    guard 1...3 ~= bytes[6] else {
      throw bad("expected version 1 to 3, found version \(bytes[6])")
    }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    let limit = 1 << 16
    guard length <= min(limit, bytes.count - start) else {
      throw bad(
        "expected a header of at most \(min(limit, bytes.count - start)) bytes, found \(length)")
    }
    end = start + length
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    guard
      let order = text.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.1,
      let sizes = text.firstMatch(of: /'shape'\s*:\s*\(([0-9,\sL]*)\)/)?.1
    else {
      throw bad("expected descr, fortran_order and shape in the header, found '\(text.prefix(80))'")
    }
    let numbers = sizes.split(separator: ",").map { $0.filter(\.isNumber) }.filter { !$0.isEmpty }
    let shape = numbers.compactMap { Int($0) }
    guard shape.count == numbers.count, shape.count <= 32 else {
      throw bad("expected a shape that fits memory, found (\(sizes))")
    }
    guard let descr = text.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.1 else {
      guard text.contains(/'descr'\s*:\s*\[/) else {
        throw bad("expected descr in the header, found '\(text.prefix(80))'")
      }
      let fields = text.matches(of: /\('([^']*)'\s*,\s*['\[]/).map { "'\($0.1)'" }
      throw .bad(
        place: name,
        problem: "expected numbers, found records with the fields "
          + fields.prefix(6).joined(separator: ", ") + (fields.count > 6 ? " and more" : ""),
        hint:
          "save it with numpy.save(file, numpy.lib.recfunctions.structured_to_unstructured(array))"
      )
    }
    type = try Self.type(String(descr), name: name)
    isBigEndian = descr.hasPrefix(">")
    isFortranOrder = order == "True"
    self.shape = shape
  }

  private static func type(_ descr: String, name: String) throws(ProgramError) -> NPYType {
    let code = String(descr.drop { "<>=|".contains($0) })
    if let element = NPYElement(rawValue: code) { return .numbers(element) }
    let length = Int(code.dropFirst().prefix(while: \.isNumber))
    let limit = 1 << 20
    switch (code.first, length) {
    case ("U", let length?) where length <= limit: return .text(length)
    case ("S", let length?) where length <= limit: return .bytes(length)
    default: break
    }
    let (found, hint) =
      switch code.first {
      case "O":
        (
          "Python objects (a pickle)",
          "save it with numpy.save(file, array.astype('float32')), or 'int64' or 'str' for classes"
        )
      case "c":
        ("complex numbers", "save numpy.stack([array.real, array.imag], -1).astype('float32')")
      case "M":
        ("dates", "save array.astype('int64'), or what matters in them: month, weekday, hour")
      case "m": ("time spans", "save array.astype('int64')")
      case "f": ("floats of \(code.dropFirst()) bytes", "save array.astype('float64')")
      case "V": ("bytes without a meaning", "save array.astype('float32')")
      default: ("other values", "save array.astype('float32'), or 'int64' for classes")
      }
    throw .bad(
      place: name, problem: "expected numbers, found \(found), '\(descr)'", hint: hint)
  }
}
