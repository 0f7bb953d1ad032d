// Matrix products, row-major and dense, through oneDNN's sgemm.
import COneDNN

/// Which factor of a product is read transposed.
package enum MatrixForm: Sendable {
  /// C = A·B with A `[m, k]` and B `[k, n]`.
  case plain
  /// C = A·Bᵀ with A `[m, k]` and B `[n, k]`: a dense layer's forward pass.
  case secondTransposed
  /// C = Aᵀ·B with A `[k, m]` and B `[k, n]`: a dense layer's weight gradient.
  case firstTransposed
}

/// C `[m, n]` = the product of A and B (their shapes: `MatrixForm`), or C += it.
///
/// A stride is the distance from one row of the stored matrix to the next, nil if the rows lie
/// side by side: so the rows `[N, K]` at one time of an array `[N, T, K]` are used in place.
/// `dnnl_sgemm` chooses its instructions at run time and uses the calling thread's OpenMP count
/// (`setThreadCount`). Sizes may be zero; with k = 0 the product is zero.
package func matrixProduct(
  _ form: MatrixForm, rows m: Int, columns n: Int, inner k: Int,
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
  accumulate: Bool = false, aStride: Int? = nil, bStride: Int? = nil, cStride: Int? = nil
) {
  guard m > 0, n > 0 else { return }
  let cStride = cStride ?? n
  guard k > 0 else {
    if !accumulate {
      for row in 0..<m { (c + row * cStride).update(repeating: 0, count: n) }
    }
    return
  }
  let asIs = CChar(UInt8(ascii: "N"))
  let transposed = CChar(UInt8(ascii: "T"))
  let status = dnnl_sgemm(
    form == .firstTransposed ? transposed : asIs, form == .secondTransposed ? transposed : asIs,
    dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k),
    1, a, dnnl_dim_t(aStride ?? (form == .firstTransposed ? m : k)),
    b, dnnl_dim_t(bStride ?? (form == .secondTransposed ? k : n)),
    accumulate ? 1 : 0, c, dnnl_dim_t(cStride))
  precondition(status == dnnl_success, "dnnl_sgemm m \(m), n \(n), k \(k): \(status)")
}
