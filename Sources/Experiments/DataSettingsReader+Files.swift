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
    let fields = try reader([set.rawValue] + Self.classKeys)
    return try DataSettings(.cifar(set, path: try fields.path(set.rawValue)), fields)
  }

  func npy() throws(ProgramError) -> DataSettings {
    let fields = try reader(
      ["npy", "classes", "validation", "split", "layout", "standardize_target"] + Self.classKeys)
    let files = try FieldReader(
      fields["npy"], experiment: experiment, path: "data.npy",
      keys: [
        "inputs", "decoder_inputs", "targets", "validation_inputs", "validation_decoder_inputs",
        "validation_targets",
      ])
    var needed = ["validation_inputs", "validation_targets"]
    if files.has("decoder_inputs") || files.has("validation_decoder_inputs") {
      needed.append("validation_decoder_inputs")
    }
    let missing = needed.filter { !files.has($0) }
    if let first = missing.first, missing.count < needed.count {
      throw files.error(
        first, "expected all validation files or none, found no such key", "add it")
    }
    if files.has("validation_decoder_inputs"), !files.has("decoder_inputs") {
      throw files.error("decoder_inputs", "expected the training part's too, found no such key")
    }
    func optional(_ key: String) throws(ProgramError) -> String? {
      try files.pathIfAny(key)
    }
    let paths = DataSettings.NPYPaths(
      inputs: try files.path("inputs"), decoderInputs: try optional("decoder_inputs"),
      targets: try files.path("targets"), validationInputs: try optional("validation_inputs"),
      validationDecoderInputs: try optional("validation_decoder_inputs"),
      validationTargets: try optional("validation_targets"),
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
