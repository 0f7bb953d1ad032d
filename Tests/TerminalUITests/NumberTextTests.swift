// Numbers on the screen.

import PlainText
import Testing

@testable import TerminalUI

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.1812, "0.181"), (1.774, "1.77"), (12.34, "12.3"), (0.000_012, "1.2e-5"), (0, "0.000"),
    (0.999_9, "1.00"), (9.996, "10.0"), (99.96, "100"), (1234, "1234"), (-0.5, "-0.500"),
    (1e300, "1.0e300"), (.leastNonzeroMagnitude, "4.9e-324"), (9.96e-5, "1.0e-4"), (.nan, "NaN"),
    (-.infinity, "-inf"), (-0.000_000_1, "-1.0e-7"), (0.000_999_6, "0.001"),
  ])
  func `a loss has three digits`(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (512, "512"), (999.6, "1.00k"), (51_234, "51.2k"), (2_500_000, "2.50M"),
    (0.5, "0.500"), (1e30, "1.0e30"), (-51_234, "-51.2k"),
  ])
  func `large numbers have prefixes`(value: Double, text: String) {
    #expect(NumberText.prefixed(value) == text)
  }

  @Test func `counts, shares and times read as people write them`() {
    #expect(NumberText.grouped(78_210) == "78 210")
    #expect(NumberText.grouped(-1_234_567) == "-1 234 567")
    #expect(NumberText.grouped(.min) == "-9 223 372 036 854 775 808")
    #expect(NumberText.percent(0.32) == "32.0 %")
    #expect(NumberText.duration(14.9) == "0:14")
    #expect(NumberText.duration(7391) == "2:03:11")
    #expect(NumberText.duration(.infinity) == "-")
    #expect(NumberText.duration(1e300) == "11574074074 d")
    #expect(NumberText.padded("1.5", to: 6) == "   1.5")
  }

  @Test func `ticks are round and within the range`() {
    #expect(
      AxisScale(0, 2.5).ticks(atMost: 6).map(\.label) == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"])
    #expect(
      AxisScale(0, 4.4).ticks(atMost: 2).map(\.label) == ["0", "4"])
    #expect(AxisScale(0, 0.7).ticks(atMost: 2).map(\.label) == ["0.0", "0.5"])
    #expect(
      AxisScale(0, 2500).ticks(atMost: 6).map(\.label) == [
        "0", "500", "1.0k", "1.5k", "2.0k", "2.5k",
      ])
    #expect(
      AxisScale(1e-3, 10, isLogarithmic: true).ticks(atMost: 5).map(\.label) == [
        "0.001", "0.01", "0.1", "1", "10",
      ])
    #expect(
      AxisUnit.seconds.ticks(on: AxisScale(0, 125), atMost: 5).map(\.label) == [
        "0:00", "0:30", "1:00", "1:30", "2:00",
      ])
  }

  @Test func `scales survive any range`() {
    let odd: [Double] = [
      0, -0.0, 1, -1, .leastNonzeroMagnitude, 1e-300 * 1e-20, 1e308, -1e308, .infinity, -.infinity,
      .nan, 1 + 1e-15, 1e17,
    ]
    for first in odd {
      for second in odd {
        for isLogarithmic in [false, true] {
          let scale = AxisScale(first, second, isLogarithmic: isLogarithmic)
          #expect(scale.lower < scale.upper)
          for count in [0, 1, 2, 7] {
            #expect(scale.ticks(atMost: count).count <= count)
            #expect(AxisUnit.seconds.ticks(on: scale, atMost: count).count <= count + 1)
          }
          for value in odd {
            let step = scale.step(value, of: 40)
            #expect(value.isNaN ? step == nil : (0..<40).contains(step ?? -1))
          }
        }
      }
    }
  }
}
