// Colours in a space where distances are differences seen, for mixing and for nearest matches.
import PlainText

/// A colour in Björn Ottosson's OKLab (2020): equal distances look equally different.
package struct PerceptualColor: Hashable, Sendable {
  package var lightness: Double
  package var greenRed: Double
  package var blueYellow: Double

  package init(lightness: Double, greenRed: Double, blueYellow: Double) {
    self.lightness = lightness
    self.greenRed = greenRed
    self.blueYellow = blueYellow
  }

  package init?(_ color: Color) {
    guard let components = color.components else { return nil }
    self.init(red: components.red, green: components.green, blue: components.blue)
  }

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    let red = Self.linear(red)
    let green = Self.linear(green)
    let blue = Self.linear(blue)
    let long = Self.cubeRoot(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let medium = Self.cubeRoot(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let short = Self.cubeRoot(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    greenRed = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blueYellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
  }

  /// Distance from grey, about 0 to 0.32.
  package var chroma: Double {
    (greenRed * greenRed + blueYellow * blueYellow).squareRoot()
  }

  package func distance(to other: PerceptualColor) -> Double {
    let lightness = lightness - other.lightness
    let greenRed = greenRed - other.greenRed
    let blueYellow = blueYellow - other.blueYellow
    return (lightness * lightness + greenRed * greenRed + blueYellow * blueYellow).squareRoot()
  }

  package func mixed(with other: PerceptualColor, _ share: Double) -> PerceptualColor {
    PerceptualColor(
      lightness: lightness + (other.lightness - lightness) * share,
      greenRed: greenRed + (other.greenRed - greenRed) * share,
      blueYellow: blueYellow + (other.blueYellow - blueYellow) * share)
  }

  /// The nearest colour a screen has, by cutting off what lies outside.
  package var color: Color {
    let long = lightness + 0.3963377774 * greenRed + 0.2158037573 * blueYellow
    let medium = lightness - 0.1055613458 * greenRed - 0.0638541728 * blueYellow
    let short = lightness - 0.0894841775 * greenRed - 1.2914855480 * blueYellow
    let (l, m, s) = (long * long * long, medium * medium * medium, short * short * short)
    return .rgb(
      Self.gammaCoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      Self.gammaCoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      Self.gammaCoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s))
  }

  /// The sRGB transfer function, from the coded byte to linear light 0…1.
  static func linear(_ byte: UInt8) -> Double {
    linearTable[Int(byte)]
  }

  private static let linearTable: [Double] = (0...255).map { byte in
    let coded = Double(byte) / 255
    return coded <= 0.04045 ? coded / 12.92 : power((coded + 0.055) / 1.055, 2.4)
  }

  private static func gammaCoded(_ linear: Double) -> UInt8 {
    let linear = min(1, max(0, linear))
    let coded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * power(linear, 1 / 2.4) - 0.055
    return UInt8((coded * 255).rounded())
  }

  private static func cubeRoot(_ value: Double) -> Double {
    value <= 0 ? 0 : power(value, 1.0 / 3)
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    Mathematics.power(base, exponent)
  }
}
