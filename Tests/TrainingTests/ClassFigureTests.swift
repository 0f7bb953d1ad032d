// Recalls, balanced accuracy and what needs no training, among the figures of a classification.
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct ClassFigureTests {
  private func figures(_ counts: [[Int]], _ names: [String]) -> [String: Float] {
    var report = TaskReport()
    report.addRecalls(counts, names)
    return Dictionary(uniqueKeysWithValues: report.metrics.map { ($0.name, $0.value) })
  }

  @Test func `they are scikit-learn's figures`() {
    // sklearn.metrics of y = [0]*90 + [1]*8 + [2]*2 as [0]*85+[1]*5, [0]*4+[1]*4, [1, 2]:
    // recall_score(average=None) = 0.944444, 0.5, 0.5; balanced_accuracy_score = 0.648148.
    let figures = figures([[85, 5, 0], [4, 4, 0], [0, 1, 1]], ["a", "b", "c"])
    #expect(abs((figures["validation_balanced_accuracy"] ?? 0) - 0.648148) < 1e-6)
    #expect(abs((figures["validation_recall_a"] ?? 0) - 0.944444) < 1e-6)
    #expect(figures["validation_recall_b"] == 0.5 && figures["validation_recall_c"] == 0.5)
    #expect(figures["largest_class_accuracy"] == 0.9)
  }

  @Test func `a class that the part does not hold has no recall and stands in no mean`() {
    let figures = figures([[3, 1], [0, 0]], ["a", "b"])
    #expect(figures["validation_balanced_accuracy"] == 0.75)
    #expect(figures["validation_recall_b"] == nil && figures["largest_class_accuracy"] == 1)
  }

  @Test func `names of classes become parts of names, each its own`() {
    var report = TaskReport()
    report.addRecalls(
      [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], ["hot, dry", "hot. dry", "Süß", ""])
    #expect(
      report.metrics.map(\.name) == [
        "largest_class_accuracy", "validation_balanced_accuracy", "validation_recall_Süß",
        "validation_recall__", "validation_recall_hot__dry", "validation_recall_hot__dry_2",
      ])
  }

  @Test func `of more than twenty classes only the mean is recorded`() {
    let counts = (0..<21).map { row in (0..<21).map { $0 == row ? 2 : 0 } }
    let figures = figures(counts, counts.indices.map(String.init))
    #expect(figures.keys.sorted() == ["largest_class_accuracy", "validation_balanced_accuracy"])
  }

  @Test func `every evaluation of a classification has them, and the confusions agree`() throws {
    let records = try RunFixture.log(try RunFixture.experiment(["epochs=2"]))
    let evaluation = try #require(records.compactMap(\.evaluation).last)
    let accuracy = try #require(evaluation.validationAccuracy)
    #expect(evaluation.metrics.count == 12)
    let balanced = try #require(evaluation.value(of: "validation_balanced_accuracy"))
    #expect(abs(balanced - accuracy) < 0.1 && balanced > 0)
    let recalls = (0..<10).compactMap { evaluation.value(of: "validation_recall_\($0)") }
    #expect(abs(recalls.reduce(0, +) / 10 - balanced) < 1e-5)
    let regression = try RunFixture.log(
      try RunFixture.experiment(["data={source: diabetes}", "loss=mse", "model.fc2.units=1"]))
    let names = regression.compactMap(\.evaluation).last?.metrics.map(\.name) ?? []
    #expect(names.contains("baseline_rmse") && !names.contains { $0.contains("recall") })
  }

  // MARK: What needs no training

  private func evaluation(
    accuracy: Float? = nil, _ metrics: [String: Float]
  ) -> EvaluationRecord {
    EvaluationRecord(1) { record in
      (record.epoch, record.trainLoss, record.validationLoss) = (1, 1, 1)
      (record.trainAccuracy, record.validationAccuracy) = (accuracy, accuracy)
      record.metrics = metrics.map { Metric(name: $0.key, value: $0.value) }
    }
  }

  @Test
  func `a run no better than the largest class, the mean or the last value gets a note`() throws {
    func sentence(_ record: EvaluationRecord) -> String? {
      TrivialBaseline(unbeatenIn: record)?.sentence
    }
    #expect(
      sentence(evaluation(accuracy: 0.125, ["largest_class_accuracy": 0.4]))
        == "no better than always answering the largest class: validation accuracy 12.5 %, that 40.0 %"
    )
    #expect(sentence(evaluation(accuracy: 0.4, ["largest_class_accuracy": 0.4])) != nil)
    #expect(sentence(evaluation(accuracy: 0.41, ["largest_class_accuracy": 0.4])) == nil)
    #expect(
      sentence(evaluation(["validation_rmse": 80.25, "baseline_rmse": 77.5]))
        == "no better than always answering the mean: validation rmse 80.25, that 77.5")
    #expect(
      sentence(
        evaluation(["validation_rmse": 1.3, "last_value_rmse": 1.25, "seasonal_rmse": 1.1]))
        == "no better than answering the value a season ago: validation rmse 1.3, that 1.1")
    #expect(
      sentence(evaluation(["validation_rmse": 1.2, "last_value_rmse": 1.25, "seasonal_rmse": 1.5]))
        == nil)
    #expect(sentence(evaluation(accuracy: 0.1, [:])) == nil)
  }
}
