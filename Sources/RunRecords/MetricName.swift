// What the name of a figure says of it: its words, and whether it is a share.

/// Names of figures as records have them: `validation_mean_iou`.
package enum MetricName {
  /// The name in words: "validation mean IoU".
  package static func words(_ name: String) -> String {
    name.split(separator: "_").map { acronyms[String($0)] ?? String($0) }.joined(separator: " ")
  }

  /// The figure of the test part that answers to one of the validation part: `test_accuracy`.
  package static func ofTest(_ name: String) -> String {
    "test_" + name.dropFirst(name.hasPrefix("validation_") ? "validation_".count : 0)
  }

  /// Whether the figure is a share of something, 0…1.
  package static func isShare(_ name: String) -> Bool {
    guard let last = name.split(separator: "_").last else { return false }
    return shares.contains(last) || classOfRecall(name) != nil
  }

  /// The class whose recall it is, of which there may be many: "setosa" of `validation_recall_setosa`.
  package static func classOfRecall(_ name: String) -> Substring? {
    let part = ["validation_", "test_"].first { name.hasPrefix($0) }
    let rest = name.dropFirst(part?.count ?? 0)
    return rest.hasPrefix("recall_") ? rest.dropFirst(7) : nil
  }

  private static let shares: Set<Substring> = [
    "accuracy", "iou", "match", "recall", "precision", "f1", "dice", "auc", "share",
  ]

  private static let acronyms = [
    "iou": "IoU", "f1": "F1", "auc": "AUC", "psnr": "PSNR", "ssim": "SSIM", "bleu": "BLEU",
  ]
}
