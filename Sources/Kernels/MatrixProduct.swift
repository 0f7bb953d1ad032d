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
/// `dnnl_sgemm` chooses its instructions at run time and uses the calling thread's OpenMP count
/// (`setThreadCount`). Sizes may be zero; with k = 0 the product is zero.
package func matrixProduct(
  _ form: MatrixForm, rows m: Int, columns n: Int, inner k: Int,
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
  accumulate: Bool = false
) {
  guard m > 0, n > 0 else { return }
  guard k > 0 else {
    if !accumulate { c.update(repeating: 0, count: m * n) }
    return
  }
  let asIs = CChar(UInt8(ascii: "N"))
  let transposed = CChar(UInt8(ascii: "T"))
  let status = dnnl_sgemm(
    form == .firstTransposed ? transposed : asIs, form == .secondTransposed ? transposed : asIs,
    dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k),
    1, a, dnnl_dim_t(form == .firstTransposed ? m : k),
    b, dnnl_dim_t(form == .secondTransposed ? k : n),
    accumulate ? 1 : 0, c, dnnl_dim_t(n))
  precondition(status == dnnl_success, "dnnl_sgemm m \(m), n \(n), k \(k): \(status)")
}
