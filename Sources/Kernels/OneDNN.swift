// Which oneDNN computes, and on what.
import COneDNN

/// oneDNN's version, "2.6.3".
package var oneDNNVersion: String {
  guard let version = dnnl_version()?.pointee else { return "unknown" }
  return "\(version.major).\(version.minor).\(version.patch)"
}

/// The kind of processor it computes on, "x86-64 with AVX2".
package var processorKind: String {
  #if arch(x86_64)
    let architecture = "x86-64"
  #elseif arch(arm64)
    let architecture = "arm64"
  #else
    let architecture = "this processor"
  #endif
  let vectors = String(cString: maxnorm_instructions())
  return vectors.isEmpty ? architecture : "\(architecture) with \(vectors)"
}
