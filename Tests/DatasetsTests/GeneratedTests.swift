// Data that is drawn from a seed: pictures with their answers, dates, sums, points.
import Basics
import Foundation
import Testing

@testable import Datasets

@Suite struct GeneratedTests {
  @Test func `a mask, its boxes and the picture agree`() throws {
    var random = RandomSource(seed: 7)
    var kinds = Set<Int>()
    for _ in 0..<60 {
      let scene = ShapeScene(size: 32, most: 4, random: &random)
      #expect(1...4 ~= scene.shapes.count)
      #expect(scene.canvas.pixels.allSatisfy { 0...1 ~= $0 })
      for shape in scene.shapes {
        kinds.insert(shape.kind)
        let box = shape.box
        #expect(box.x0 >= 0 && box.y0 >= 0 && box.x1 <= 32 && box.y1 <= 32 && !box.isEmpty)
        // Each edge of the box touches the shape.
        let columns = (box.y0..<box.y1).map { scene.mask[$0 * 32 + box.x0] }
        let rows = (box.x0..<box.x1).map { scene.mask[(box.y1 - 1) * 32 + $0] }
        #expect(columns.contains(Int32(shape.kind)) && rows.contains(Int32(shape.kind)))
      }
      for pixel in scene.mask.indices where scene.mask[pixel] != 0 {
        let (x, y) = (pixel % 32, pixel / 32)
        #expect(
          scene.shapes.contains { shape in
            shape.kind == Int(scene.mask[pixel]) && shape.box.x0..<shape.box.x1 ~= x
              && shape.box.y0..<shape.box.y1 ~= y
          })
      }
      let (inside, outside) = (mean(scene) { $0 != 0 }, mean(scene) { $0 == 0 })
      #expect(inside > outside + 0.1)
    }
    #expect(kinds == [1, 2, 3])
  }

  private func mean(_ scene: ShapeScene, where belongs: (Int32) -> Bool) -> Float {
    let values = zip(scene.canvas.pixels, scene.mask).filter { belongs($0.1) }.map(\.0)
    return values.reduce(0, +) / Float(values.count)
  }

  @Test(arguments: [(1, Double.pi), (2, 2), (3, 1.299)])
  func `a shape covers its area`(kind: Int, area: Double) {
    let outline = ShapeOutline(kind: kind, x: 20.3, y: 17.8, radius: 9, angle: 0.4)
    var samples = 0
    outline.visit { samples += $2 }
    #expect(abs(Double(samples) / 16 - area * 81) < 2)
    let place = outline.place(size: 40)
    #expect(place.shareInside == 1 && place.box.x0 >= 11 && place.box.x1 <= 30)
    #expect(
      ShapeOutline(kind: 1, x: 0, y: 20, radius: 9, angle: 0).place(size: 40).shareInside < 0.6)
  }

  @Test func `overlap is intersection over union`() {
    let box = PixelBox(x0: 0, y0: 0, x1: 4, y1: 2)
    #expect(box.overlap(PixelBox(x0: 2, y0: 0, x1: 6, y1: 2)) == 4.0 / 12)
    #expect(box.overlap(box) == 1)
    #expect(box.overlap(PixelBox(x0: 4, y0: 0, x1: 6, y1: 2)) == 0)
  }

  @Test(arguments: ShapesOptions.Task.allCases)
  func `pictures follow their seed, and the parts differ`(task: ShapesOptions.Task) {
    let options = ShapesOptions(task: task, size: 24, train: 12, validation: 12)
    let data = Dataset.shapes(options, seed: 1)
    #expect(data == Dataset.shapes(options, seed: 1))
    #expect(data.train.inputs != Dataset.shapes(options, seed: 2).train.inputs)
    #expect(data.train.inputs != data.validation.inputs)
    #expect(data.inputShape == [1, 24, 24] && data.train.inputs.count == 12 * 576)
    switch data.train.targets {
    case .classes(let labels, classes: 4, positions: 576):
      #expect(task == .segmentation && labels.count == 12 * 576)
      #expect(data.task == .segmentation && data.classNames.count == 4)
    case .classesAndBoxes(let labels, let boxes, classes: 3):
      #expect(task == .detection && labels.allSatisfy { 0..<3 ~= $0 })
      #expect(data.task == .detection && data.classNames.count == 3)
      #expect(boxes.count == 48 && boxes.allSatisfy { 0...1 ~= $0 })
      for box in stride(from: 0, to: 48, by: 4) {
        #expect(boxes[box] < boxes[box + 2] && boxes[box + 1] < boxes[box + 3])
      }
    default: Issue.record("unexpected targets \(data.train.targets)")
    }
  }

  @Test func `the smallest pictures always have their one shape`() {
    var random = RandomSource(seed: 1)
    for _ in 0..<300 {
      #expect(ShapeScene(size: 24, most: 1, random: &random).shapes.count == 1)
    }
  }

  @Test func `a digit lies in its box on the canvas`() throws {
    let data = try Dataset.canvasDigits(size: 64, train: 20, validation: 10, seed: 3)
    guard case .classesAndBoxes(_, let boxes, classes: 10) = data.train.targets else {
      Issue.record("expected boxes")
      return
    }
    #expect(data.task == .detection && data.inputShape == [1, 64, 64])
    for row in 0..<20 {
      let box = boxes[(4 * row)..<(4 * row + 4)].map { Int($0 * 64) }
      #expect(8...38 ~= box[3] - box[1])
      var (inside, outside) = ([Float](), [Float]())
      for pixel in 0..<4096 {
        let isInside = box[0]..<box[2] ~= pixel % 64 && box[1]..<box[3] ~= pixel / 64
        let value = data.train.inputs[row * 4096 + pixel]
        if isInside { inside.append(value) } else { outside.append(value) }
      }
      #expect(inside.reduce(0, +) / Float(inside.count) > 0.15)
      #expect(outside.reduce(0, +) / Float(outside.count) < 0.08)
    }
  }

  @Test(arguments: [
    (0, "1900-01-01", 0), (59, "1900-03-01", 3), (36_583, "2000-02-29", 1),
    (73_048, "2099-12-31", 3), (28_976, "1979-05-03", 3),
  ])
  func `a day has its date and weekday`(number: Int, iso: String, weekday: Int) {
    let date = CalendarDate(number: number)
    #expect(date.iso == iso && date.weekday == weekday)
  }

  @Test
  func `a date is written in twelve forms, with a short year only where that leaves no doubt`() {
    let date = CalendarDate(number: 28_976)
    #expect(
      (0..<CalendarDate.forms).map(date.text(form:)) == [
        "3 May 1979", "May 3, 1979", "May 3rd, 1979", "3rd of May 1979",
        "Thursday, 3rd of May 1979", "Thursday, May 3, 1979", "3-May-1979", "May 3, 1979",
        "05/03/79 (US)", "03/05/1979 (UK)", "03.05.1979", "1979/05/03",
      ])
    #expect(CalendarDate(number: 0).text(form: 8) == "01/01/1900 (US)")
    #expect(CalendarDate(number: 73_048).text(form: 8) == "12/31/2099 (US)")
  }

  @Test func `rows of dates read back to what they translate, no date is in both parts`() throws {
    let data = Dataset.dates(train: 400, validation: 100, seed: 1)
    guard case .translation(let translation) = data.task,
      case .classes(let labels, let classes, positions: 10) = data.train.targets
    else {
      Issue.record("expected a translation")
      return
    }
    #expect(classes == 12 && data.decoderLength == 10)
    #expect(data.inputShape == [33] && data.inputSize == 43)
    #expect(data.train.inputs.count == 400 * 43)
    var isos = Set<String>()
    for row in 0..<400 {
      let tokens = data.train.inputs[(row * 43)..<(row * 43 + 43)]
      let answer = Array(labels[(row * 10)..<(row * 10 + 10)])
      let (text, iso) = (translation.sourceText(row: tokens), translation.targetText(answer))
      isos.insert(iso)
      #expect(text.contains(iso.suffix(2).drop { $0 == "0" }), "\(text) \(iso)")
      #expect(text.count >= 10 && iso.wholeMatch(of: /[12]\d{3}-[01]\d-[0-3]\d/) != nil)
      // The decoder reads the start token and all but the last of what it answers.
      #expect(tokens.suffix(10).map { Int32($0) } == [translation.start] + answer.dropLast())
    }
    #expect(isos.count == 400)
    for row in 0..<100 {
      let iso = translation.targetText(data.validation.labels[(row * 10)..<(row * 10 + 10)])
      #expect(!isos.contains(iso))
    }
  }

  @Test func `every form of every month fits the row, and every character has a token`() {
    let data = Dataset.dates(train: 1, validation: 1, seed: 1)
    guard case .translation(let translation) = data.task else { return }
    for number in stride(from: 0, to: CalendarDate.count, by: 17) {
      for form in 0..<CalendarDate.forms {
        let text = CalendarDate(number: number).text(form: form)
        #expect(text.count <= translation.sourceLength)
        #expect(translation.source.decode(translation.source.encode(text)) == text)
      }
    }
  }

  @Test func `a sum is that of the two marked numbers, one in each half`() {
    let data = Dataset.delayedSum(length: 9, train: 200, validation: 10, seed: 1)
    #expect(data.inputShape == [9, 2])
    for row in 0..<200 {
      let steps = (0..<9).filter { data.train.inputs[row * 18 + 2 * $0 + 1] == 1 }
      #expect(steps.count == 2 && steps[0] < 4 && steps[1] >= 4)
      let sum = steps.reduce(0) { $0 + data.train.inputs[row * 18 + 2 * $1] }
      #expect(sum == data.train.values[row])
    }
    let large = Dataset.delayedSum(length: 2, train: 4000, validation: 4000, seed: 1)
    guard case .regression(let scale) = large.task else { return }
    #expect(abs(scale.baselineRMSE - (1.0 / 6).squareRoot()) < 0.01)
  }

  @Test(arguments: PointSet.allCases)
  func `points lie on two curves that noise spreads`(set: PointSet) {
    let clean = Dataset.points(set, noise: 0, train: 500, validation: 10, seed: 2)
    #expect(clean.train.labels.count { $0 == 1 } == 250)
    for row in 0..<500 {
      let (x, y) = (Double(clean.train.inputs[2 * row]), Double(clean.train.inputs[2 * row + 1]))
      let label = clean.train.labels[row]
      switch set {
      case .moons:
        let (dx, dy) = label == 0 ? (x, y) : (1 - x, 0.5 - y)
        #expect(abs(dx * dx + dy * dy - 1) < 1e-5 && dy > -1e-6)
      case .spirals:
        let radius = (x * x + y * y).squareRoot()
        let angle = 3 * .pi * radius + (label == 0 ? 0 : .pi)
        #expect(abs(radius * cos(angle) - x) < 1e-4 && abs(radius * sin(angle) - y) < 1e-4)
      }
    }
    let noisy = Dataset.points(set, noise: 0.5, train: 500, validation: 10, seed: 2)
    #expect(noisy.train.labels == clean.train.labels && noisy.train.inputs != clean.train.inputs)
  }
}
