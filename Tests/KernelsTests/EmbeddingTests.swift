// Embeddings, their gradients and gathered columns against their definitions.
import Kernels
import Testing

@Suite struct EmbeddingTests {
  @Test(arguments: [1, 3, 7, 8, 9, 17], [0, 1, 5, 40])
  func `tokens look up their rows and add up their gradients`(_ size: Int, _ count: Int) {
    let vocabulary = 6
    let table = random(vocabulary * size, seed: 1)
    // The last token never comes.
    let tokens = (0..<count).map { Float($0 * $0 % (vocabulary - 1)) }
    let y = reading(tokens) { tokens in
      reading(table) { table in
        written(count * size) { embed(tokens, table: table, count: count, size: size, into: $0) }
      }
    }
    #expect(y == tokens.flatMap { table[Int($0) * size..<(Int($0) + 1) * size] })
    let dy = random(count * size, seed: 2)
    var expected = [Double](repeating: 0, count: vocabulary * size)
    for index in dy.indices {
      expected[Int(tokens[index / size]) * size + index % size] += Double(dy[index])
    }
    let gradient = reading(tokens) { tokens in
      reading(dy) { dy in
        written(vocabulary * size) {
          embedBackward(
            tokens, outputGradient: dy, count: count, size: size, vocabulary: vocabulary,
            into: $0)
        }
      }
    }
    #expect(close(gradient, expected))
  }

  @Test(arguments: [(0, 7), (0, 3), (2, 3), (4, 3), (6, 1), (3, 0)])
  func `gathering copies a range of columns`(_ range: (offset: Int, copied: Int)) {
    let matrix = random(5 * 7, seed: 3)
    let indices: [Int32] = [4, 0, 4, 2]
    reading(matrix) { matrix in
      reading(indices) { pointer in
        let rows = written(4 * range.copied) {
          gatherRows(
            matrix, rows: 5, columns: 7, columnOffset: range.offset, copied: range.copied,
            indices: pointer, count: 4, into: $0)
        }
        let expected = indices.flatMap { row in
          (0..<range.copied).map { matrix[Int(row) * 7 + range.offset + $0] }
        }
        #expect(rows == expected)
        let rest = written(4 * (7 - range.offset)) {
          gatherRows(
            matrix, rows: 5, columns: 7, columnOffset: range.offset, indices: pointer, count: 4,
            into: $0)
        }
        #expect(rest[0] == matrix[28 + range.offset])
        #expect(rest[rest.count - 1] == matrix[2 * 7 + 6])
      }
    }
  }
}
