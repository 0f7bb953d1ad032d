// Reads the keys of data in files of images and arrays.
import Basics
import Datasets
import RunRecords

extension DataDocument {
  func idx() throws(ProgramError) -> DataSettings {
    let fields = try reader(["idx", "set", "validation", "split"] + Self.classKeys)
    return try DataSettings(
      .idx(
        path: try fields.path("idx"), set: fields.has("set") ? try fields.text("set") : nil,
        validation: try fields.number("validation", above: 0, below: 1, default: 0.2),
        split: try fields.split()), fields)
  }

  func cifar(_ set: CIFAR) throws(ProgramError) -> DataSettings {
    let fields = try reader([set.rawValue, "validation"] + Self.classKeys)
    return try DataSettings(.cifar(set, path: try fields.path(set.rawValue)), fields)
  }

  func npy() throws(ProgramError) -> DataSettings {
    let fields = try reader(
      ["npy", "classes", "validation", "split", "layout", "standardize_target"] + Self.classKeys)
    let files = try FieldReader(
      fields["npy"], experiment: experiment, path: "data.npy",
      keys: [
        "inputs", "decoder_inputs", "targets", "validation_inputs", "validation_decoder_inputs",
        "validation_targets", "test_inputs", "test_decoder_inputs", "test_targets",
      ])
    for part in ["validation", "test"] { try files.checkPart(part) }
    func optional(_ key: String) throws(ProgramError) -> String? {
      try files.pathIfAny(key)
    }
    let paths = DataSettings.NPYPaths(
      inputs: try files.path("inputs"), decoderInputs: try optional("decoder_inputs"),
      targets: try files.path("targets"), validationInputs: try optional("validation_inputs"),
      validationDecoderInputs: try optional("validation_decoder_inputs"),
      validationTargets: try optional("validation_targets"),
      testInputs: try optional("test_inputs"),
      testDecoderInputs: try optional("test_decoder_inputs"),
      testTargets: try optional("test_targets"),
      options: NPYOptions(
        classes: try fields.integerIfAny("classes", atLeast: 2),
        validation: try fields.number("validation", atLeast: 0, below: 1, default: 0.2),
        split: try fields.split(), layout: try layout(fields)))
    for key in ["validation", "split"] where paths.validationInputs != nil && fields.has(key) {
      throw fields.error(
        key, "expected no \(key == "split" ? key : "share") beside validation files, found one",
        "remove it")
    }
    if paths.decoderInputs != nil { try refuseStandardization(fields) }
    return try DataSettings(.npy(paths), fields)
  }

  private func layout(_ fields: FieldReader) throws(ProgramError) -> ImageLayout? {
    guard fields.has("layout") else { return nil }
    return ImageLayout(
      rawValue: try fields.choice("layout", ImageLayout.allCases.map(\.rawValue)))
  }
}

extension FieldReader {
  /// Whether the files of a further part of arrays are all there or none.
  fileprivate func checkPart(_ part: String) throws(ProgramError) {
    let decoder = "\(part)_decoder_inputs"
    var needed = ["\(part)_inputs", "\(part)_targets"]
    if has("decoder_inputs") || has(decoder) { needed.append(decoder) }
    let missing = needed.filter { !has($0) }
    if let first = missing.first, missing.count < needed.count {
      throw error(first, "expected all \(part) files or none, found no such key", "add it")
    }
    if has(decoder), !has("decoder_inputs") {
      throw error("decoder_inputs", "expected the training part's too, found no such key")
    }
  }
}
