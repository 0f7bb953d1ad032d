// What an entry of an event file says: scalars, histograms, texts, hyperparameters of a run.

/// Takes messages of the type Event apart.
struct EventReader {
  private let prefix: String
  /// Whether the file begins with the run rather than anew.
  private let isPart: Bool
  /// What the first entry of a tag says of all of them.
  private var plugins: [String: String] = [:]

  init(prefix: String, isPart: Bool) {
    (self.prefix, self.isPart) = (prefix, isPart)
  }

  mutating func take(_ entry: ArraySlice<UInt8>, _ run: inout ForeignRun) {
    var (time, step) = (Double.nan, 0)
    var summaries: [ArraySlice<UInt8>] = []
    var starts = false
    var event = ProtobufReader(entry)
    while let (number, value) = event.next() {
      switch number {
      case 1: time = value.number ?? .nan
      case 2: step = value.integer ?? 0
      case 5: summaries.append(value.bytes)
      case 7:
        var session = ProtobufReader(value.bytes)
        while let (number, value) = session.next() {
          if number == 1 { starts = value.integer == 1 }
        }
      default: break
      }
    }
    if starts, !isPart { run.restart(at: step) }
    for summary in summaries {
      var reader = ProtobufReader(summary)
      while let (number, value) = reader.next() {
        if number == 1 { take(value: value.bytes, step: step, time: time, &run) }
      }
    }
  }

  private mutating func take(
    value bytes: ArraySlice<UInt8>, step: Int, time: Double, _ run: inout ForeignRun
  ) {
    var tag = ""
    var scalar: Double?
    var (histogram, tensor, metadata) = (
      ArraySlice<UInt8>?.none, ArraySlice<UInt8>?.none, [UInt8]()[...]
    )
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 1: tag = value.text
      case 2: scalar = value.number
      case 5: histogram = value.bytes
      case 8: tensor = value.bytes
      case 9: metadata = value.bytes
      default: break
      }
    }
    let (plugin, content) = Self.plugin(metadata)
    if let plugin { plugins[tag] = plugin }
    let kind = plugins[tag]
    if kind == "hparams" { return Hyperparameters.read(content, into: &run) }
    if let scalar {
      run.add(prefix + tag, scalar, step: step, time: time)
    } else if let histogram {
      add(HistogramNorms(message: histogram), tag, step, &run)
    } else if let tensor {
      let tensor = EventTensor(tensor)
      switch kind {
      case "scalars":
        if let value = tensor.numbers.first { run.add(prefix + tag, value, step: step, time: time) }
      case "histograms": add(HistogramNorms(rows: tensor.numbers), tag, step, &run)
      case "text":
        let text = tensor.texts.joined(separator: "\n")
        if !text.isEmpty { run.add(text: text, title: prefix + tag, step: step) }
      default: break
      }
    }
  }

  private func add(
    _ histogram: HistogramNorms?, _ tag: String, _ step: Int, _ run: inout ForeignRun
  ) {
    if let name = HistogramNorms.weights(of: tag), let weights = histogram?.weights {
      return run.add(NormsRecord.Histogram(name: name, histogram: weights), step: step)
    }
    guard let layer = HistogramNorms.layer(of: tag), let norms = histogram?.norms else { return }
    run.note("norms are read from histograms: how many are how large, not which unit has which")
    run.add(NormsRecord.Layer(name: layer, norms: norms), step: step)
  }

  /// The plugin that a tag is for, and what it keeps there.
  private static func plugin(
    _ metadata: ArraySlice<UInt8>
  ) -> (name: String?, content: ArraySlice<UInt8>) {
    var reader = ProtobufReader(metadata)
    while let (number, value) = reader.next() {
      guard number == 1 else { continue }
      var (name, content) = (String?.none, [UInt8]()[...])
      var data = ProtobufReader(value.bytes)
      while let (number, value) = data.next() {
        if number == 1 { name = value.text }
        if number == 2 { content = value.bytes }
      }
      return (name, content)
    }
    return (nil, [])
  }
}

/// The values of a message of the type TensorProto, as far as scalars, histograms and texts need them.
private struct EventTensor {
  private(set) var numbers: [Double] = []
  private(set) var texts: [String] = []

  init(_ bytes: ArraySlice<UInt8>) {
    var type = 0
    var content: ArraySlice<UInt8>?
    var reader = ProtobufReader(bytes)
    while let (number, value) = reader.next() {
      switch number {
      case 1: type = value.integer ?? 0
      case 4: content = value.bytes
      case 5: numbers += value.floats.map(Double.init)
      case 6: numbers += value.doubles
      case 7, 10:
        if let integer = value.integer { numbers.append(Double(integer)) }
      case 8: texts.append(value.text)
      default: break
      }
    }
    guard let content, numbers.isEmpty else { return }
    switch type {
    // DT_FLOAT, DT_DOUBLE; others are no figures.
    case 1: numbers = ProtobufReader.Value.bytes(content).floats.map(Double.init)
    case 2: numbers = ProtobufReader.Value.bytes(content).doubles
    default: break
    }
  }
}
