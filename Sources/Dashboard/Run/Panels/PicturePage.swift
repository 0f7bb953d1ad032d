// Pages of pictures that do not all fit at once.
import TerminalUI

extension ListWindow {
  /// Which pictures are shown: "1-3 of 6", "2nd of 6".
  var pictureLabel: String {
    let number = shown.lowerBound + 1
    if shown.count > 1 { return "\(number)-\(shown.upperBound) of \(count)" }
    let isTeen = (11...13).contains(number % 100)
    let ending = isTeen ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
    return "\(number)\(ending) of \(count)"
  }
}

extension DashboardModel {
  /// What the panel in focus shows of its pictures; nil if keys have none to turn to.
  var picturePage: ListWindow? { focus == .images ? pictures : nil }

  /// What is shown of the pictures if not all fit; nil elsewhere.
  var pictures: ListWindow? {
    guard topLayer == .main, let body else { return nil }
    let places = PanelLayout(model: self).places(in: body)
    guard let place = places.first(where: { $0.panel == .images }) else { return nil }
    let page = ImagePanel(model: self).page(in: place.rect)
    return page.isWhole || page.shown.isEmpty ? nil : page
  }

  /// Turns to the pictures before or after those in sight.
  mutating func turn(_ page: ListWindow, _ action: KeyAction) {
    let end = page.count - page.shown.count
    let wanted =
      switch action {
      case .up: page.shown.lowerBound - page.shown.count
      case .down: page.shown.lowerBound + page.shown.count
      case .last: end
      default: 0
      }
    firstPicture = min(end, max(0, wanted))
  }
}
