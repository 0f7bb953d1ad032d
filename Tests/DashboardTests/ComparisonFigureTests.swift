// Figures one below the other, scales of intervals and of values, curves that are thinned out, sentences.
import Comparisons
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Figures of comparisons")
struct ComparisonFigureTests {
  @Test
  func `points stand in one column, and so do spreads`() {
    #expect(
      FigureColumn.aligned(["78.5 ± 4.1", "+102.75 ± 12.25", "–", "9"]) == [
        "  78.5  ±  4.1 ", "+102.75 ± 12.25", "   –           ", "   9           ",
      ])
    #expect(FigureColumn.aligned(["1.5", "10.25"]) == [" 1.5 ", "10.25"])
  }

  @Test
  func `a wide interval leaves the means distinguishable`() {
    let narrow = ComparisonFigures.Difference(
      mean: 0.02, interval: 0.01...0.03, isCertain: true, isBetter: true)
    let wide = ComparisonFigures.Difference(
      mean: 0.03, interval: -5...5.06, isCertain: false, isBetter: true)
    let scale = DifferencesPanel.scale([narrow, narrow, wide])
    #expect(scale.map { $0.upperBound < 0.1 && $0.lowerBound > -0.1 } == true)
    #expect(scale.map { $0.contains(0) } == true)
    #expect(DifferencesPanel.scale([]) == nil)
  }

  @Test
  func `values that are even in their ratios have a logarithmic axis`() {
    #expect(SweepChart.isLogarithmic([0.5, 1, 2, 4, 8]))
    #expect(SweepChart.isLogarithmic(Versus.ceilings))
    #expect(!SweepChart.isLogarithmic([1, 2, 3, 4, 5]))
    #expect(!SweepChart.isLogarithmic([0, 1, 2]))
    #expect(!SweepChart.isLogarithmic([1, 8]))
  }

  @Test
  func `curves of any length are bounded, and no spike is lost`() {
    var points = (0..<4096).map { LinePoint(x: Double($0), value: 1) }
    points[777] = LinePoint(x: 777, value: 50)
    let thinned = ComparisonFigures.thinned(points)
    #expect(thinned.count <= 600)
    #expect(thinned.map(\.maximum).max() == 50)
    #expect(thinned.last?.x == 4095)
  }

  @Test
  func `curves and table follow a changing state`() {
    var figures = ComparisonFigures()
    figures.update(Versus.state())
    #expect(figures.table == nil && figures.curves.count == 4)
    figures.update(Versus.state(over: 3))
    let before = figures.curves[3].metric.count
    figures.update(Versus.state(over: 4))
    #expect(figures.table?["max-norm"]?.runs == 1)
    #expect(figures.curves[3].metric.count > before)
    figures.update(Versus.state())
    #expect(figures.table == nil && figures.curves[3].metric.isEmpty)
  }

  @Test
  func `each end is reported once, and the table at the end`() {
    var narrator = ComparisonNarrator()
    #expect(narrator.narrate(Versus.state()).count == 1)
    let told = narrator.narrate(Versus.state(over: 2))
    #expect(told.count == 2)
    #expect(told.first?.hasPrefix("None seed 1: validation accuracy") == true)
    #expect(told.first?.hasSuffix("2 of 12.") == true)
    #expect(narrator.narrate(Versus.state(over: 2)).isEmpty)
    #expect(narrator.narrate(Versus.troubled).contains { $0.contains("failed: log") })
    let verdict = ComparisonNarrator.verdict(Versus.state(over: 12))
    #expect(verdict.contains { $0.hasPrefix("Max-norm: +") && $0.contains("plus or minus") })
  }
}
