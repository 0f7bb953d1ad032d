// Pictures that do not all fit at once, and the keys that turn the pages.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Pages of pictures")
struct PicturePageTests {
  private func model(_ columns: Int = 80, _ rows: Int = 24) -> DashboardModel {
    var model = Tasks.model(.segmentation)
    model.resize(columns, rows)
    model.press("6")
    return model
  }

  private func text(_ model: DashboardModel) -> String {
    Pictures.screen(model, model.size.columns, model.size.rows).text
  }

  @Test
  func `a page is as full as can be, and says which pictures it holds`() {
    #expect(ListWindow(from: 4, room: 4, of: 6).shown == 2..<6)
    #expect(ListWindow(from: 0, room: 9, of: 6).isWhole)
    #expect(ListWindow(from: 3, room: 0, of: 0).shown.isEmpty)
    let ordinals = [0, 1, 2, 3, 10, 11, 12, 20, 21].map {
      String(ListWindow(from: $0, room: 1, of: 30).pictureLabel.prefix { $0 != " " })
    }
    #expect(ordinals == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd"])
    #expect(ListWindow(from: 2, room: 3, of: 6).pictureLabel == "3-5 of 6")
  }

  @Test
  func `with the pictures in focus, arrows and letters turn pages and leave the layers alone`() {
    var model = model()
    #expect(model.focus == .images && text(model).contains("1st of 6 shown"))
    #expect(
      model.footer.contains(FooterItem(keys: [.up, .down], label: "pictures", isEssential: false)))
    var seen: Set<String> = []
    for (key, label) in [
      (Key.right, "2nd of 6"), (.down, "3rd of 6"), (.character("j"), "4th of 6"),
      (.character("l"), "5th of 6"), (.end, "6th of 6"), (.right, "6th of 6"), (.left, "5th of 6"),
      (.character("k"), "4th of 6"), (.character("h"), "3rd of 6"), (.home, "1st of 6"),
      (.up, "1st of 6"),
    ] {
      model.press(key)
      let screen = text(model)
      #expect(screen.contains(label), "\(label)")
      seen.insert(screen)
    }
    #expect(seen.count == 6 && model.selectedLayer == 0 && model.refused == nil)
  }

  @Test
  func `several at once are turned by the page, and elsewhere the keys select layers`() {
    var model = Tasks.model(.classification)
    model.resize(80, 24)
    model.press("6")
    #expect(text(model).contains("1-3 of 8 shown"))
    model.press(.right)
    #expect(text(model).contains("4-6 of 8 shown"))
    model.press(.right)
    #expect(text(model).contains("6-8 of 8 shown"))
    // A screen with room for more shows them from there on.
    model.resize(200, 60)
    #expect(text(model).contains("3-8 of 8 shown"))
    model.press("1")
    #expect(!model.footer.contains { $0.label == "pictures" })
    model.press(.down)
    #expect(model.selectedLayer == 1 && text(model).contains("3-8 of 8 shown"))
    model.press("6")
    model.press(.enter)
    model.press(.up)
    #expect(model.topLayer == .detail && model.selectedLayer == 0)
    model.press(.escape)
    model.feed([.header(Fixture.header())])
    #expect(model.firstPicture == 0)
  }

  @Test
  func `no size of the screen, however small, loses a picture or turns too far`() {
    for (columns, rows) in [(1, 1), (40, 12), (60, 20), (70, 17), (100, 30), (160, 34), (300, 90)] {
      var model = model(columns, rows)
      for key in [Key.end, .right, .down, .left] { model.press(key) }
      #expect((0..<6).contains(model.firstPicture))
      if let page = model.picturePage {
        #expect(page.shown.upperBound <= 6 && text(model).contains(page.pictureLabel), "\(columns)")
      }
    }
  }
}
