// Deals rows out so that every class has its share in each part.

/// The class of each row.
package struct RowClasses: Sendable, Equatable {
  package var labels: [Int32]
  /// One for each class.
  package var names: [String]

  package init(labels: [Int32], names: [String]) {
    self.labels = labels
    self.names = names
  }
}

/// Examples by their classes.
struct Strata {
  private let labels: [Int32]
  private let names: [String]
  /// Examples of each class.
  private let counts: [Int]

  init(_ classes: RowClasses) {
    (labels, names) = (classes.labels, classes.names)
    var counts = [Int](repeating: 0, count: names.count)
    for label in labels { counts[Int(label)] += 1 }
    self.counts = counts
  }

  /// The first class of two examples or more that one of the parts would be without.
  ///
  /// `order`: nil is the rows' own.
  func missing(from order: [Int]? = nil, trainCount: Int) -> String? {
    var trained = [Int](repeating: 0, count: counts.count)
    for place in 0..<trainCount { trained[Int(labels[order?[place] ?? place])] += 1 }
    let label = counts.indices.first {
      counts[$0] > 1 && (trained[$0] == 0 || trained[$0] == counts[$0])
    }
    return label.map { names[$0] }
  }

  /// The order with the examples to be measured on behind the others, of each class its share.
  func dealt(_ order: [Int], validation: Int) -> [Int] {
    var quotas = quotas(validation)
    var train: [Int] = []
    var measured: [Int] = []
    for index in order {
      let label = Int(labels[index])
      if quotas[label] > 0 {
        quotas[label] -= 1
        measured.append(index)
      } else {
        train.append(index)
      }
    }
    return train + measured
  }

  /// How many of each class are held out: in all as many as asked for, by the largest remainders,
  /// and one of every class that has at least two, as far as they go.
  private func quotas(_ validation: Int) -> [Int] {
    let share = Double(validation) / Double(labels.count)
    var quotas = counts.map { $0 < 2 ? 0 : min($0 - 1, max(1, Int(Double($0) * share))) }
    var rest = validation - quotas.reduce(0, +)
    while rest != 0 {
      // The classes furthest below their share get one more each, or those furthest above one less.
      let step = rest.signum()
      func surplus(_ label: Int) -> Double {
        Double(step) * (Double(quotas[label]) - Double(counts[label]) * share)
      }
      let open = counts.indices.filter {
        step > 0 ? quotas[$0] < counts[$0] : quotas[$0] > 0
      }
      // The last example of a class in a part is given up only where no other is left.
      let spare = open.filter { step > 0 ? quotas[$0] < counts[$0] - 1 : quotas[$0] > 1 }
      let changed = (spare.isEmpty ? open : spare).sorted { surplus($0) < surplus($1) }
        .prefix(abs(rest))
      for label in changed { quotas[label] += step }
      rest -= step * changed.count
    }
    return quotas
  }
}
