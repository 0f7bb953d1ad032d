// Pictures in other sizes: means of brightness, majorities of classes, repeated pixels.

/// Brings row-by-row values to another size.
///
/// At most a few hundred values count for each pixel, so that a picture of any size costs what it
/// takes to draw it.
package enum Resampling {
  private static let mostSteps = 16

  /// The mean of the finite values that fall on each pixel; NaN if none do.
  package static func mean(
    _ values: [Float], width: Int, height: Int, to size: (width: Int, height: Int)
  ) -> [Float] {
    resampled(values, width, height, size, outside: .nan) { values, places in
      var sum: Float = 0
      var count: Float = 0
      places.forEach { place in
        // Halved often enough that no sum of huge values is infinite.
        guard values[place].isFinite else { return }
        sum += values[place] / 1024
        count += 1.0 / 1024
      }
      return count > 0 ? sum / count : .nan
    }
  }

  /// The class that most values of each pixel name, the lowest among equals; nil if most values are
  /// not a class 0..<`classes`.
  package static func majority(
    _ values: [Float], classes: Int, width: Int, height: Int, to size: (width: Int, height: Int)
  ) -> [Int?] {
    // The last place is for values that are not classes.
    var counts = [Int](repeating: 0, count: max(0, classes) + 1)
    let index = { (value: Float) -> Int in
      guard value > -0.5, value < Float(classes) - 0.5 else { return classes }
      return Int(value.rounded())
    }
    return resampled(values, width, height, size, outside: nil) { values, places in
      var best = classes
      places.forEach { place in
        counts[index(values[place])] += 1
      }
      var most = 0
      places.forEach { place in
        let index = index(values[place])
        if counts[index] > most || (counts[index] == most && index < best) {
          (most, best) = (counts[index], index)
        }
      }
      places.forEach { place in
        counts[index(values[place])] = 0
      }
      return best < classes ? best : nil
    }
  }

  /// The places in a picture's values that fall on one pixel of the new size.
  private struct Places {
    let columns, rows: StrideTo<Int>
    let width: Int

    func forEach(_ body: (Int) -> Void) {
      for row in rows { for column in columns { body(row * width + column) } }
    }
  }

  private static func resampled<Value>(
    _ values: [Float], _ width: Int, _ height: Int, _ size: (width: Int, height: Int),
    outside: Value, _ value: ([Float], Places) -> Value
  ) -> [Value] {
    guard size.width > 0, size.height > 0 else { return [] }
    var result: [Value] = []
    result.reserveCapacity(size.width * size.height)
    guard width > 0, height > 0, values.count >= width * height else {
      return Array(repeating: outside, count: size.width * size.height)
    }
    for row in 0..<size.height {
      for column in 0..<size.width {
        let places = Places(
          columns: span(column, of: size.width, over: width),
          rows: span(row, of: size.height, over: height), width: width)
        result.append(value(values, places))
      }
    }
    return result
  }

  /// The old places that fall on a new one, thinned out where there are many.
  private static func span(_ index: Int, of count: Int, over length: Int) -> StrideTo<Int> {
    let (whole, rest) = length.quotientAndRemainder(dividingBy: count)
    // index · length / count without a product that may overflow.
    let start = index * whole + index * rest / count
    let next = (index + 1) * whole + (index + 1) * rest / count
    let end = max(start + 1, next)
    return stride(from: start, to: end, by: max(1, (end - start) / mostSteps))
  }
}
