// The pictures of an image sample: what goes in, what was to be found, what was found.
import RunRecords
import TerminalUI

/// The planes of an image sample as pictures to be drawn.
struct SamplePictures {
  let image: SampleImage
  let letters: ClassLetters

  static let truthRole = Role.good
  static let predictionRole = Role.validation

  init(_ image: SampleImage) {
    self.image = image
    letters = ClassLetters(image.classes)
  }

  /// The names of the pictures, in their order; colours are one picture, the input.
  var names: [String] {
    let colors = ["red", "green", "blue"]
    var names = image.planes.map(\.name)
    if names.contains(where: colors.contains) {
      names.removeAll { colors.contains($0) }
      names.removeAll { $0 == "input" }
      names.insert("input", at: 0)
    }
    return names
  }

  /// A picture of the given size in pixels.
  func picture(_ name: String, width: Int, height: Int) -> PixelPicture {
    let size = (width: width, height: height)
    var picture: PixelPicture
    if !image.classes.isEmpty, name == "truth" || name == "prediction",
      let plane = image.plane(name)
    {
      let classes = Resampling.majority(
        plane, classes: image.classes.count, width: image.width, height: image.height, to: size)
      picture = PixelPicture(
        width: width, height: height,
        pixels: classes.map { index in
          index.map { .mark(ClassLetters.role($0), letters[$0]) } ?? .broken
        })
    } else if name == "input", image.plane("input") == nil {
      picture = PixelPicture(width: width, height: height, pixels: colors(size))
    } else {
      picture = PixelPicture(
        width: width, height: height, brightness: resampled(image.plane(name) ?? [], size))
    }
    if name == names.first { drawBoxes(into: &picture) }
    return picture
  }

  private func resampled(_ plane: [Float], _ size: (width: Int, height: Int)) -> [Float] {
    Resampling.mean(plane, width: image.width, height: image.height, to: size)
  }

  private func colors(_ size: (width: Int, height: Int)) -> [PixelPicture.Pixel] {
    let parts = ["red", "green", "blue"].map { name in
      image.plane(name).map { resampled($0, size) }
    }
    return (0..<size.width * size.height).map { index in
      let values = parts.map { $0?[index] ?? 0 }
      if values.contains(where: \.isNaN) { return .broken }
      return .tone(values[0], values[1], values[2])
    }
  }

  private func drawBoxes(into picture: inout PixelPicture) {
    let boxes = [
      (image.truthBox, false, Self.truthRole, "t" as Unicode.Scalar),
      (image.predictionBox, true, Self.predictionRole, "p"),
    ]
    let (columns, rows) = (picture.width, picture.height)
    for case (let box?, let isDashed, let role, let letter) in boxes {
      let across = { (value: Float) in Self.place(value, of: image.width, on: columns) }
      let down = { (value: Float) in Self.place(value, of: image.height, on: rows) }
      guard let left = across(box.left), let right = across(box.right), let top = down(box.top),
        let bottom = down(box.bottom)
      else { continue }
      // The right and the bottom edge lie behind the last pixel of the box.
      picture.boxes.append(
        PixelBox(
          left: left, top: top, right: max(left, right - 1), bottom: max(top, bottom - 1),
          isDashed: isDashed, role: role, letter: letter))
    }
  }

  /// A place of the picture in the pixels that are drawn; nil if it is NaN.
  private static func place(_ value: Float, of length: Int, on count: Int) -> Int? {
    guard value.isFinite, length > 0 else { return nil }
    let place = (Double(value) * Double(count) / Double(length)).rounded()
    return Int(min(1e6, max(-1e6, place)))
  }
}

/// A letter for each class, so that classes are not distinguished by colour alone.
struct ClassLetters: Equatable {
  let names: [String]
  private let letters: [Unicode.Scalar]

  /// More classes than letters share a question mark.
  init(_ names: [String]) {
    self.names = names
    var letters: [Unicode.Scalar] = []
    let others = Array("abcdefghijklmnopqrstuvwxyz0123456789".unicodeScalars)
    for (index, name) in names.prefix(64).enumerated() {
      if index == 0 {
        letters.append(".")
        continue
      }
      let own = name.lowercased().unicodeScalars.filter(others.contains)
      letters.append((own + others).first { !letters.contains($0) } ?? "?")
    }
    self.letters = letters
  }

  subscript(index: Int) -> Unicode.Scalar {
    letters.indices.contains(index) ? letters[index] : "?"
  }

  /// The first class is the ground on which the others lie.
  static func role(_ index: Int) -> Role {
    guard index > 0 else { return .selection }
    let roles: [Role] = [.train, .validation, .good, .accent, .observed, .ceiling]
    return roles[(index - 1) % roles.count]
  }
}
