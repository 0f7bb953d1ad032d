// Constraints as experiments write them: by the keys that each rule has, whichever rule it is.
import Basics
import NeuralNetwork
import RunRecords

extension ConstraintSettings {
  init(_ document: JSONValue?, experiment: String) throws(ProgramError) {
    let document = document.flatMap { $0.isNone ? nil : $0 }
    func reader(_ keys: [String]) throws(ProgramError) -> FieldReader {
      try FieldReader(
        document, experiment: experiment, path: "constraint",
        keys: ["kind"] + keys + ["axis", "enabled"], place: .constraint)
    }
    let any = try reader(Constraint.Name.allKeys)
    let text = try any.choice(
      "kind", Constraint.Name.allCases.map(\.rawValue),
      default: Constraint.Name.maxNorm.rawValue, place: .constraintKind)
    let name = Constraint.Name(rawValue: text) ?? .maxNorm
    var kind = Constraint(name)
    try Self.refuseCeiling(any, of: kind)
    let ceilingKey = kind.ceilingKey
    // A key of another rule would do nothing: that is an error too.
    let fields = try reader(
      (ceilingKey.map { [$0] } ?? []) + (any.has("max_norm") ? ["max_norm"] : [])
        + kind.rule.settings.map(\.name))
    for setting in kind.rule.settings { kind.rule.apply(try fields.value(of: setting)) }
    if let conflict = kind.rule.conflict {
      throw fields.error(conflict.key, conflict.problem, conflict.hint)
    }
    let axes = [ConstraintAxis.incoming, .outgoing, .tensor]
    let axisName = try fields.choice(
      "axis", axes.map(\.rawValue),
      default: (type(of: kind.rule).hasAxis ? ConstraintAxis.incoming : .tensor).rawValue,
      place: .axis)
    if !type(of: kind.rule).hasAxis, axisName != ConstraintAxis.tensor.rawValue {
      throw fields.error(
        "axis", "expected none with \(text), whose unit is the whole tensor; found \(axisName)",
        "remove it")
    }
    let ceiling = try ceilingKey.flatMap { key throws(ProgramError) -> Float? in
      guard let value = fields[key], !value.isNone else { return nil }
      return Float(try fields.number(key, above: 0))
    }
    self.init(
      kind, maxNorm: ceiling, axis: axes.first { $0.rawValue == axisName } ?? .incoming,
      enabled: try fields.flag("enabled", default: true))
    if let maxNorm, let conflict = kind.rule.conflict(with: maxNorm) {
      throw fields.error(conflict.key, conflict.problem, conflict.hint)
    }
  }

  /// r under a key where the rule has it under another, or has none.
  private static func refuseCeiling(_ fields: FieldReader, of kind: Constraint)
    throws(ProgramError)
  {
    guard let value = fields["max_norm"], !value.isNone, kind.ceilingKey != "max_norm" else {
      return
    }
    let name = kind.name.rawValue
    let cure = "remove it, as --set 'constraint={kind: \(name)}' does"
    switch type(of: kind.rule).ceiling {
    case .key(let key, _):
      throw fields.error(
        "max_norm", "expected \(key) with \(name), found max_norm", "set constraint.\(key)")
    case .fixed(let ceiling):
      throw fields.error(
        "max_norm",
        "expected none with \(name), whose r is always \(Int(ceiling)); found "
          + value.kindAndText, cure)
    case .none:
      throw fields.error(
        "max_norm", "expected none with \(name), which has no r; found \(value.kindAndText)",
        cure)
    }
  }

  /// Whether the layers' own ceilings and axes go with the rule.
  func check(_ layers: [LayerDescription], _ top: FieldReader) throws(ProgramError) {
    if !type(of: kind.rule).hasAxis, layers.contains(where: \.hasOwnAxis) {
      throw top.error(
        "constraint.kind",
        "expected a rule with an axis for a layer's own axis, found \(kind.name.rawValue), whose unit "
          + "is the whole tensor", "remove the layer's axis")
    }
    for case .value(let ceiling) in layers.flatMap(\.maxNorms) {
      let (text, name) = (JSONValue(ceiling).json, kind.name.rawValue)
      guard kind.ceilingKey != nil else {
        throw top.error(
          "constraint.kind",
          "expected a rule with an r for a layer's max_norm of \(text), found \(name)",
          "layers with \(name) take max_norm: none alone, which frees them")
      }
      if let conflict = kind.rule.conflict(with: ceiling) {
        throw top.error("constraint.\(conflict.key)", conflict.problem, conflict.hint)
      }
    }
  }

  /// Every key with its value; max-norm goes without its name, as before there were others.
  var document: JSONValue {
    let rule = kind.rule
    var fields: [JSONValue.Field] = []
    if kind.name != .maxNorm { fields.append(.init("kind", .text(kind.name.rawValue))) }
    if let key = kind.ceilingKey {
      fields.append(.init(key, maxNorm.map { JSONValue($0) } ?? .text("none")))
    }
    fields += rule.settings.map(\.field)
    if type(of: rule).hasAxis { fields.append(.init("axis", .text(axis.rawValue))) }
    return .fields(fields + [.init("enabled", .flag(enabled))])
  }
}

extension Constraint {
  /// The key of r in an experiment; nil if nobody can give one.
  package var ceilingKey: String? {
    guard case .key(let key, _) = type(of: rule).ceiling else { return nil }
    return key
  }
}

extension Constraint.Name {
  /// The keys of all rules, each once, beside those that all have.
  static var allKeys: [String] {
    var keys: [String] = []
    for name in allCases {
      let kind = Constraint(name)
      for key in (kind.ceilingKey.map { [$0] } ?? []) + kind.rule.settings.map(\.name)
      where !keys.contains(key) {
        keys.append(key)
      }
    }
    return keys
  }
}
