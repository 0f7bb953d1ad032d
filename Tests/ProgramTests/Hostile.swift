// Texts that try to command the terminal, and the files that carry them.
import Foundation

enum Hostile {
  /// Everything a terminal could obey, in one text; what is left of it after filtering is readable.
  static let text =
    "\u{1B}]52;c;QUJD\u{7}\u{1B}P+q544e\u{1B}\\\u{1B}[5i\u{1B}[6n\u{1B}c\u{1B}kx\u{1B}\\\u{9B}31m\u{9D}52;c;QQ\u{9C}"
    + "\u{90}q\u{202E}evil\u{2066}\u{200F}\u{E0041}\u{1B}]0;open"

  /// The same as a YAML or JSON string.
  static let quoted =
    "\""
    + text.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x22, 0x5C: "\\" + String(scalar)
      case 0x20..<0x7F: String(scalar)
      case 0x10000...:
        // As JSON has it, in two halves.
        String(scalar).utf16.map { "\\u" + String($0, radix: 16) }.joined()
      default:
        "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
      }
    }.joined() + "\""

  /// YAML knows no halves.
  static let yaml = quoted.replacing("\\udb40\\udc41", with: "")

  static let experiment = """
    name: mine
    title: \(yaml)
    data: {csv: table.csv, target: \(yaml), task: classification}
    model:
      - dense: {units: 8}
      - relu
      - dense: {units: 2}
    loss: cross_entropy
    constraint: {max_norm: 0.5}
    batch: 8
    epochs: 100000
    pace: 100
    """

  /// A table whose columns and classes are hostile.
  static var table: Data {
    let name = text.replacing("\u{E0041}", with: "")
    let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\"class \($0 % 2) \(name)\"" }
    return Data((["\"x \(name)\",y,\"\(name)\""] + rows).map { $0 + "\n" }.joined().utf8)
  }

  /// A recorded run that is hostile in every text.
  static var log: String {
    let t = quoted
    let layer =
      "{\"name\":\(t),\"max_norm\":1.0,\"norm_min\":0.2,\"norm_p25\":0.4,\"norm_median\":0.5,"
      + "\"norm_p75\":0.7,\"norm_max\":1.0,\"at_ceiling\":1,\"exceeded\":1,\"clipped\":1,"
      + "\"clipped_total\":5,\"shrink_mean\":0.9,\"update_ratio\":0.01}"
    let samples = [
      "\"kind\":\"table\",\"title\":\(t),\"columns\":[\(t),\"b\"],\"rows\":[[\(t),1],[2,\(t)]]",
      "\"kind\":\"text\",\"title\":\(t),\"text\":\(t)",
      "\"kind\":\"series\",\"title\":\(t),\"unit\":\(t),\"truth\":[1,2,3],\"prediction\":[1,2,4]",
      "\"kind\":\"image\",\"title\":\(t),\"width\":2,\"height\":1,\"classes\":[\(t),\"b\"],\"planes\":{\"truth\":[0,1],\"prediction\":[1,1]},\"boxes\":{\(t):[0,0,1,1]}",
      "\"kind\":\"confusion\",\"title\":\(t),\"classes\":[\(t),\"b\"],\"counts\":[[3,1],[0,4]]",
    ].map { "{\"type\":\"sample\",\"step\":20,\($0)}" }
    let lines =
      [
        "{\"type\":\"header\",\"version\":1,\"program\":\(t),\"name\":\(t),\"title\":\(t),\"seed\":1,\"threads\":1,\"build\":\(t),\"parameters\":9,\"train_examples\":9,\"validation_examples\":9,\"batch\":3,\"steps_per_epoch\":3,\"total_steps\":20,\"metric\":\(t),\"goal\":\"maximize\",\"experiment\":{\"name\":\(t)},\"layers\":[{\"name\":\(t),\"kind\":\(t),\"tensor\":\(t),\"shape\":[2,2],\"units\":2,\"axis\":\(t),\"max_norm\":1.0}]}"
      ]
      + [10, 20].map { step in
        "{\"type\":\"step\",\"step\":\(step),\"epoch\":1,\"steps\":10,\"loss\":0.4,\"loss_min\":0.3,\"loss_max\":0.5,\"learning_rate\":0.1,\"gradient_norm\":1,\"gradient_norm_max\":2,\"constraint\":{\"enabled\":true,\"max_norm\":1.0},\"layers\":[\(layer)],\"examples_per_second\":100,\"elapsed\":0.1}"
      }
      + [
        "{\"type\":\"evaluation\",\"step\":20,\"epoch\":1,\"train_loss\":0.4,\"validation_loss\":0.5,\"metrics\":{\(t):0.5}}",
        "{\"type\":\"norms\",\"step\":20,\"layers\":{\(t):[0.5,1.0]}}",
        "{\"type\":\"event\",\"step\":20,\"action\":\"max_norm\",\"layer\":\(t),\"from\":1.0,\"value\":0.9,\"clipped\":1}",
      ] + samples
    return lines.joined(separator: "\n") + "\n"
  }

  static let theme =
    "name: \(yaml)\nauthor: \(yaml)\n"
    + (0..<16).map { "base0\(String($0, radix: 16)): \"\($0 == 0 ? "101010" : "c0d0e0")\"" }
    .joined(separator: "\n")

  /// Whether a text holds what a terminal would obey; line breaks do not count.
  static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0A: true
      case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
      default: true
      }
    }
  }
}
