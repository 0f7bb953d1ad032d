// The keys of a layer in an experiment, as plain data: what may stand there, and which setting it is.
import PlainText

/// A key of a layer; experiments are read and written by it.
package struct LayerKey<Settings>: Sendable {
  package typealias Path<Value> = any WritableKeyPath<Settings, Value> & Sendable

  /// What holds where a key is missing.
  package enum Missing<Value>: Sendable {
    /// Nothing: the key must be there.
    case isAnError
    /// The value of a setting: its own default, or another setting that was read before it.
    case takes(any KeyPath<Settings, Value> & Sendable)
  }

  /// What may stand behind a key.
  package enum Value: Sendable {
    /// The layer's name, or nothing: then it is called by its kind and ordinal.
    case name(Path<String?>)
    case text(Path<String>)
    case flag(Path<Bool>)
    /// The first word is false, the second true.
    case word(Path<Bool>, String, String)
    case integer(Path<Int>, atLeast: Int, missing: Missing<Int>)
    /// A number of tokens, or nothing: then the data say.
    case vocabulary(Path<Int?>)
    case number(Path<Float>, within: NumberRange, missing: Missing<Float>)
    case padding(Path<Padding>)
    /// A ceiling of the layer's own, `none`, or nothing: then it is the global one.
    case maxNorm(Path<MaxNormOverride>)
    /// What a unit is, or nothing: then it is what the constraint says for all.
    case axes(Path<UnitAxes?>)
  }

  /// As it is written in an experiment.
  package let name: String
  package let value: Value
  /// The value may stand in the place of all keys: `dropout: 0.5`.
  package let standsAlone: Bool
  /// What other frameworks call it, word beside word.
  package let elsewhere: String

  init(_ name: String, _ value: Value, standsAlone: Bool = false, elsewhere: String = "") {
    self.name = name
    self.value = value
    self.standsAlone = standsAlone
    self.elsewhere = elsewhere
  }
}

extension LayerKey {
  static func name(_ path: Path<String?>) -> LayerKey { LayerKey("name", .name(path)) }

  static func maxNorm(_ path: Path<MaxNormOverride>, elsewhere: String = "") -> LayerKey {
    LayerKey(
      "max_norm", .maxNorm(path),
      elsewhere: "max_value r c maxnorm constraint kernel_constraint weight_constraint "
        + "max_norm_value " + elsewhere)
  }

  static func axis(_ path: Path<UnitAxes?>) -> LayerKey { LayerKey("axis", .axes(path)) }

  static func epsilon(_ path: Path<Float>) -> LayerKey {
    LayerKey(
      "epsilon", .number(path, within: .aboveZero, missing: .takes(path)),
      elsewhere: "eps")
  }

  /// How many units, filters or values of a state there are, or of a vector.
  static func size(_ name: String, _ path: Path<Int>, elsewhere: String = "") -> LayerKey {
    LayerKey(
      name, .integer(path, atLeast: 1, missing: .isAnError),
      elsewhere: "units num_units n_units hidden hidden_size hidden_dim hidden_units num_hidden "
        + "neurons nodes dim features out_features output_dim output_size out_dim width channels "
        + "out_channels filters num_filters n_filters size embedding_dim embed_dim " + elsewhere)
  }
}
