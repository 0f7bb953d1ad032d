// A report as one HTML page that needs nothing else, for light and dark screens and for print.
import Comparisons
import PlainText

extension Report {
  /// A page without scripts and without anything to load.
  package var html: String {
    var markup = Markup()
    markup.append(raw: "<!DOCTYPE html>\n")
    markup.element("html", [("lang", "en")]) { markup in
      markup.element("head") { markup in
        markup.empty("meta", [("charset", "utf-8")])
        markup.empty(
          "meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
        // Nothing on the page may load or run anything, whatever stands in names and titles.
        markup.empty(
          "meta",
          [
            ("http-equiv", "Content-Security-Policy"),
            ("content", "default-src 'none'; style-src 'unsafe-inline'"),
          ])
        markup.empty("meta", [("name", "color-scheme"), ("content", "light dark")])
        markup.element("title", words: title)
        markup.element("style") { $0.append(raw: Self.styleSheet) }
      }
      markup.newLine()
      markup.element("body") { markup in
        markup.element("h1", words: title)
        if !subtitle.isEmpty { markup.element("p", [("class", "subtitle")], words: subtitle) }
        markup.newLine()
        var number = 0
        for section in sections { Self.write(section, &number, into: &markup) }
      }
    }
    markup.newLine()
    return markup.text
  }

  private static func write(_ section: Section, _ number: inout Int, into markup: inout Markup) {
    guard !section.items.isEmpty else { return }
    markup.append(raw: "<section>")
    if !section.heading.isEmpty { markup.element("h2", words: section.heading) }
    var isInGrid = false
    for item in section.items {
      // Figures that follow each other share a grid.
      var isFigure = false
      if case .figure = item { isFigure = true }
      if isFigure != isInGrid {
        markup.append(raw: isFigure ? "<div class=\"figures\">" : "</div>")
      }
      isInGrid = isFigure
      write(item, &number, into: &markup)
      markup.newLine()
    }
    markup.append(raw: isInGrid ? "</div></section>\n" : "</section>\n")
  }

  private static func write(_ item: Item, _ number: inout Int, into markup: inout Markup) {
    switch item {
    case .paragraph(let text): markup.element("p", words: text)
    case .list(let lines):
      guard !lines.isEmpty else { return }
      markup.element("ul") { markup in
        for line in lines { markup.element("li", words: line) }
      }
    case .facts(let facts):
      markup.element("dl") { markup in
        for fact in facts {
          markup.element("div") { markup in
            markup.element("dt", words: fact.name)
            markup.element("dd", words: fact.value)
          }
        }
      }
    case .table(let table): write(table, into: &markup)
    case .figure(let figure):
      number += 1
      markup.element("figure", figure.isWide ? [("class", "wide")] : []) { markup in
        figure.write(into: &markup, identifier: "figure\(number)")
        if !figure.caption.isEmpty { markup.element("figcaption", words: figure.caption) }
      }
    case .text(let name, let text):
      markup.element("p", words: name)
      markup.element("pre", [("class", "wrap")]) { $0.lines(text) }
    case .details(let summary, let text):
      markup.element("details") { markup in
        markup.element("summary", words: summary)
        markup.element("pre") { $0.lines(text) }
      }
    }
  }

  private static func write(_ table: TextTable, into markup: inout Markup) {
    // Columns of figures stand flush right, so that digits of one worth stand below each other.
    let isNumeric = table.header.indices.map { column in
      let cells = table.rows.compactMap { column < $0.count ? $0[column] : nil }
      return cells.contains { $0.contains(where: \.isNumber) }
        && cells.allSatisfy { $0.isEmpty || $0 == "–" || startsAsNumber($0) }
    }
    func attributes(_ column: Int) -> Markup.Attributes {
      column < isNumeric.count && isNumeric[column] ? [("class", "n")] : []
    }
    markup.element("div", [("class", "scroll")]) { markup in
      markup.element("table") { markup in
        markup.element("thead") { markup in
          markup.element("tr") { markup in
            for (column, cell) in table.header.enumerated() {
              markup.element("th", [("scope", "col")] + attributes(column)) { markup in
                write(name: cell, into: &markup)
              }
            }
          }
        }
        markup.newLine()
        markup.element("tbody") { markup in
          for row in table.rows {
            markup.element("tr") { markup in
              for (column, cell) in row.enumerated() {
                markup.element("td", attributes(column), words: cell)
              }
            }
            markup.newLine()
          }
        }
      }
    }
  }

  /// A name that may be broken behind its dots and underscores.
  private static func write(name: String, into markup: inout Markup) {
    var part = ""
    for character in name {
      part.append(character)
      guard character == "." || character == "_" else { continue }
      markup.words(part)
      markup.empty("wbr")
      part = ""
    }
    markup.words(part)
  }

  private static func startsAsNumber(_ cell: String) -> Bool {
    guard let first = cell.first else { return true }
    if first.isNumber || NonFinite.isText(cell) { return true }
    return "+-−".contains(first) && cell.dropFirst().first?.isNumber == true
  }

  private static let styleSheet = """
    :root{--text:#1b1f24;--muted:#5b636d;--line:#d5d9de;--page:#ffffff;--soft:#f5f6f8}
    @media screen and (prefers-color-scheme:dark){
    :root{--text:#e8eaed;--muted:#a0a7b0;--line:#3a4149;--page:#14171a;--soft:#1c2024}
    \(Ink.darkRules)}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1008px;padding:36px 24px 60px;background:var(--page);
    color:var(--text);font:15px/1.5 "Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif}
    h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
    h2{font-size:17px;margin:34px 0 12px;padding-bottom:5px;border-bottom:1px solid var(--line)}
    .subtitle{margin:0 0 20px;color:var(--muted);overflow-wrap:anywhere}
    p,ul{margin:10px 0;max-width:76ch}ul{padding-left:20px}li{margin:3px 0;overflow-wrap:anywhere}
    dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(216px,1fr));gap:10px 20px;margin:14px 0}
    dt{color:var(--muted);font-size:12.5px}dd{margin:0;overflow-wrap:anywhere}
    .scroll{overflow-x:auto;margin:12px 0}
    table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums lining-nums}
    th,td{padding:5px 18px 5px 0;text-align:left;vertical-align:top;white-space:nowrap}
    th{font-weight:600;white-space:normal;vertical-align:bottom;border-bottom:1.5px solid var(--text)}
    td{border-bottom:1px solid var(--line)}.n{text-align:right}
    .figures{display:grid;grid-template-columns:1fr 1fr;gap:26px 28px;margin:14px 0}
    figure{margin:0;min-width:0;break-inside:avoid}figure.wide{grid-column:1/-1}
    figure svg{display:block;width:100%;height:auto}
    figcaption{color:var(--muted);font-size:12.5px;line-height:1.4;margin-top:4px}
    details{margin:14px 0}summary{cursor:pointer;color:var(--muted)}
    pre{background:var(--soft);padding:14px 16px;overflow-x:auto;font:12.5px/1.45 Menlo,Consolas,
    "DejaVu Sans Mono","Liberation Mono",monospace}
    pre.wrap{white-space:pre-wrap;overflow-wrap:anywhere}
    @media(max-width:720px){.figures{grid-template-columns:1fr}}
    @media print{body{max-width:none;padding:0;font-size:11pt}h2{break-after:avoid}
    table{break-inside:avoid}pre{white-space:pre-wrap}}
    """
}
