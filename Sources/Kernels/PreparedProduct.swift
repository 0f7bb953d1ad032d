// Matrix products of fixed sizes, prepared once: faster than `matrixProduct` from the second time on.
import COneDNN

/// A product that oneDNN has made code for, at any number of examples.
///
/// Each new number of examples is prepared once, when it first comes, which takes a millisecond. It
/// uses the calling thread's OpenMP count (`setThreadCount`) of then; the same count gives the same
/// bits.
package final class PreparedProduct {
  private let form: MatrixForm
  private let columns: Int
  /// For `firstTransposed` the rows of the result, else the length of the sums.
  private let depth: Int
  private let accumulates: Bool
  private let packs: Bool
  private let hasBias: Bool
  private var latest = Preparation(batch: 0, handle: nil)
  private var others: [Preparation] = []

  /// What oneDNN has made for a number of examples; no handle where there is nothing to compute, or
  /// it has no code for it.
  private struct Preparation {
    var batch: Int
    var handle: OpaquePointer?
  }

  /// Products of fewer multiplications stay on one thread: on two they would take longer.
  private static let leastForThreads = 1 << 19

  /// C = A·B, or C += A·B, with `columns` in C; their shapes: `MatrixForm`.
  ///
  /// The batch is the rows of A and C, with `depth` the inner size; or for `firstTransposed` the rows
  /// of A and B, with `depth` the rows of C. `packs`: B is used many times and brought into a faster
  /// layout by `pack`. `hasBias`: a row is added to every row of the product.
  package init(
    _ form: MatrixForm, columns: Int, depth: Int, accumulates: Bool = false, packs: Bool = false,
    hasBias: Bool = false
  ) {
    self.form = form
    self.columns = columns
    self.depth = depth
    self.accumulates = accumulates
    self.packs = packs
    self.hasBias = hasBias
  }

  deinit {
    maxnorm_product_destroy(latest.handle)
    for other in others { maxnorm_product_destroy(other.handle) }
  }

  /// Prepares B for the products of `batch` examples that follow.
  package func pack(_ b: UnsafePointer<Float>, batch: Int) {
    guard let handle = handle(batch) else { return }
    check(maxnorm_product_pack(handle, UnsafeMutablePointer(mutating: b)), batch)
  }

  /// Computes C from A and B for `batch` examples; `b` must be the matrix that was packed, if one
  /// was.
  package func callAsFunction(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil,
    into c: UnsafeMutablePointer<Float>, batch: Int
  ) {
    precondition((bias != nil) == hasBias, "a bias where none was prepared, or none where one was")
    guard let handle = handle(batch) else {
      let sums = form == .firstTransposed
      let rows = sums ? depth : batch
      matrixProduct(
        form, rows: rows, columns: columns, inner: sums ? batch : depth, a, b, into: c,
        accumulate: accumulates)
      if let bias { addBias(bias, to: c, rows: rows, columns: columns) }
      return
    }
    check(
      maxnorm_product_run(
        handle, UnsafeMutablePointer(mutating: a), UnsafeMutablePointer(mutating: b),
        UnsafeMutablePointer(mutating: bias), c), batch)
  }

  @inline(__always)
  private func handle(_ batch: Int) -> OpaquePointer? {
    if latest.batch == batch { return latest.handle }
    return exchangedHandle(batch)
  }

  @inline(never)
  private func exchangedHandle(_ batch: Int) -> OpaquePointer? {
    if let index = others.firstIndex(where: { $0.batch == batch }) {
      swap(&latest, &others[index])
    } else {
      if latest.batch > 0 { others.append(latest) }
      latest = prepare(batch: batch)
    }
    return latest.handle
  }

  private func prepare(batch: Int) -> Preparation {
    let sums = form == .firstTransposed
    let (rows, inner) = sums ? (depth, batch) : (batch, depth)
    guard rows > 0, columns > 0, inner > 0 else { return Preparation(batch: batch, handle: nil) }
    let isLarge = rows * columns * inner >= Self.leastForThreads
    let shape = maxnorm_product_shape(
      rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), first_transposed: sums,
      second_transposed: form == .secondTransposed, accumulates: accumulates, packs: packs,
      has_bias: hasBias)
    return Preparation(
      batch: batch,
      handle: maxnorm_product_create(shape, isLarge ? omp_get_max_threads() : 1))
  }

  @inline(__always)
  private func check(_ status: Int32, _ batch: Int) {
    precondition(
      status == 0, "oneDNN's status \(status) for \(form) \(batch), \(columns), \(depth)")
  }
}
