// Foreign text in Markdown: nothing in it is markup, and plain names stay as they are.
import Testing

@testable import PlainText

@Suite struct MarkdownTests {
  @Test(arguments: [
    "fc1.norm_max", "validation_accuracy", "lstm.weight_hh_l0_reverse", "a__b", "max_norm=0.5",
    "C:/runs/x.jsonl", "~/runs/x.jsonl", "p < 0.05", "3 > 2", "R&D", "C#.", "layer #3 of 5",
    "-0.5", "+11.2 ± 4.4 %", "−3", "–", "1.5", "(a)", "time: 12:30", "größe_in_mm", "データ_1",
    "what's new?", "50 %", "wow.txt", "!", "price ($)", "u@v",
  ])
  func `ordinary names are as they are`(name: String) {
    #expect(Markdown.escaped(name) == name)
  }

  @Test(arguments: [
    // Links, pictures, definitions, addresses.
    ("[l](javascript:alert(1))", #"\[l\](javascript:alert(1))"#),
    ("![i](http://a.b/c.png)", #"!\[i\](http&#58;//a.b/c.png)"#),
    ("[x]: http://a.b 'c'", #"\[x\]: http&#58;//a.b 'c'"#), ("[x][y] [^1]", #"\[x\]\[y\] \[^1\]"#),
    ("<javascript:alert(1)>", "&lt;javascript:alert(1)>"), ("https://a.b", "https&#58;//a.b"),
    ("see www.a.b", #"see www\.a.b"#), ("WWW.a.b", #"WWW\.a.b"#),
    // An accent behind the bracket is part of the same character.
    ("[\u{301}l](javascript:x)", "\\[\u{301}l\\](javascript:x)"),
    ("<\u{301}b <b", "&lt;\u{301}b &lt;b"),
    // HTML and entities.
    ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"),
    ("<!-- a", "&lt;!-- a"), ("a <", "a &lt;"), ("&lt;b&gt; &#60;", "&amp;lt;b&amp;gt; &amp;#60;"),
    // Code, emphasis, struck out.
    ("`a` ``b", #"\`a\` \`\`b"#), (#"\`a"#, #"\\\`a"#), ("a\\", #"a\\"#),
    ("*a* **b", #"\*a\* \*\*b"#), ("_a_ __b__", #"\_a\_ \_\_b\_\_"#), ("a_ _b", #"a\_ \_b"#),
    ("~~a~~ ~b", "&#126;&#126;a&#126;&#126; &#126;b"), ("~~~", "&#126;&#126;&#126;"),
    // Tables.
    ("a|b", #"a\|b"#), (#"a\|b"#, #"a\\\|b"#),
    // What a line begins or ends with.
    ("# a", "\\# a"), ("#", "\\#"), ("a ##", "a \\#\\#"), ("- a", #"\- a"#), ("-", #"\-"#),
    ("---", #"\---"#), ("+ a", #"\+ a"#), ("* a", #"\* a"#), ("1. a", #"1\. a"#), ("1.", #"1\."#),
    ("12) a", #"12\) a"#),
    ("> a", "&gt; a"), ("    a", "a"), ("\ta  ", "a"), (" \n ", ""), ("", ""),
    // Lines and controls.
    ("a\n\n# b", "a  # b"), ("a\r\nb\u{2028}c\u{85}d", "a  b c d"),
    ("\u{0}a\u{1B}[2J\u{9B}", #"a\[2J"#),
  ])
  func `markup is text`(text: String, expected: String) {
    #expect(Markdown.escaped(text) == expected)
  }

  @Test func `tables and lists keep their form whatever their cells hold`() {
    #expect(
      Markdown.table(["a|b", "- c"], [["x\ny", "[l](j)"]])
        == "| a\\|b | \\- c |\n| --- | --- |\n| x y | \\[l\\](j) |\n")
    #expect(Markdown.list(["- a\n- b", "max_norm"]) == "- \\- a - b\n- max_norm\n")
  }
}

@Suite struct ControlCharacterTests {
  @Test func `what turns text around vanishes from Markdown as controls do`() {
    #expect(Markdown.escaped("a\u{202E}b\u{200F}c\u{1B}[2J\u{9B}d") == "abc\\[2Jd")
    #expect(Markdown.escaped("a\tb\u{2028}c\nd") == "a b c d")
  }

  @Test func `controls are those of C0, DEL and C1`() {
    let controls = (0...0x2FF).compactMap(Unicode.Scalar.init).filter(\.isControl).map(\.value)
    #expect(controls == Array(0..<0x20) + Array(0x7F..<0xA0))
  }
}

@Suite struct NumberNameTests {
  @Test func `a number's name reads back to it, and those that are not finite have names`() {
    #expect(NumberName.of(Float(0.1)) == "0.1" && NumberName.of(1e-300) == "1e-300")
    #expect(NumberName.of(Float.nan) == "NaN" && NumberName.of(-Double.infinity) == "-Infinity")
  }
}
