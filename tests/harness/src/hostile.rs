//! Strings that break software, made by fixed rules. Stands alone, so that the core's own tests use it too.

use std::collections::BTreeSet;

/// A generator whose numbers are the same each time (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 on, below this.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }
}

const WORDS: &[&str] = &[
    "",
    "undefined",
    "null",
    "NULL",
    "(null)",
    "nil",
    "None",
    "true",
    "False",
    "then",
    "constructor",
    "__proto__",
    "hasOwnProperty",
    "toString",
    "NaN",
    "Infinity",
    "-Infinity",
    "CON",
    "PRN",
    "AUX",
    "NUL",
    "COM1",
    "LPT1",
    "N/A",
    "inf",
    "Null Island",
    "Scunthorpe",
    "if (true) { return; }",
    "DROP TABLE",
    "select",
    "/* off */",
    "admin",
    "root",
    "localhost",
];
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "+0",
    "00",
    "1",
    "-1",
    "1.00",
    "1/2",
    "1E2",
    "1e400",
    "-1E-400",
    "1/0",
    "0/0",
    "0x0",
    "0xffffffff",
    "0b2",
    "0o8",
    "1_000",
    "1,000.00",
    "1 000,00",
    "1'000.00",
    ".5",
    "5.",
    "..",
    ".",
    ",",
    "--1",
    "-.",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "2147483648",
    "-2147483649",
    "2.2250738585072011e-308",
    "123456789012345678901234567890123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "१२३",
    "Ⅳ",
    "½",
    "²",
    "１２３",
    "1#QNAN",
];
/// Pieces of languages that a text may slip into.
const SCRIPTS: &[&str] = &[
    "alert(1)",
    "alert&lpar;1&rpar;",
    "eval('1')",
    "prompt`1`",
    "top['al'+'ert'](1)",
    "\\u0061lert(1)",
    "x=>x",
];
const FRAMES: &[&str] = &[
    "<script>{}</script>",
    "<SCRIPT >{}</SCRIPT\n>",
    "<script src=data:,{}>",
    "<img src=x onerror={}>",
    "<img/src=x/onerror=\"{}\">",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<a href=\"javascript:{}\">x</a>",
    "<a href='java\tscript:{}'>x</a>",
    "<a href=&#106;avascript:{}>x</a>",
    "<iframe srcdoc='<script>{}</script>'>",
    "<body onload={}>",
    "<input autofocus onfocus={}>",
    "<details open ontoggle={}>",
    "<math><mtext><style><img src onerror={}></style></mtext></math>",
    "\"><b onclick={}>",
    "'-{}-'",
    "\\\";{}//",
    "</textarea><script>{}</script>",
    "<!--><img onerror={} src>-->",
    "<style>@import'javascript:{}'</style>",
    "<div style=\"width:expression({})\">",
    "<object data='javascript:{}'>",
    "<embed src=javascript:{}>",
    "<meta http-equiv=refresh content='0;javascript:{}'>",
    "<form action=javascript:{}><button>",
    "<video><source onerror={}>",
    "<x onpointerenter={}>x",
    "<plaintext onclick={}>",
    "${{}}",
    "{{{}}}",
    "#{{}}",
    "<%= {} %>",
    "$({})",
    "`{}`",
    "; {}",
    "| {}",
    "&& {}",
    "'; {} --",
    "\" or 1=1; {} --",
    "') union select {} --",
];
const ALONE: &[&str] = &[
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\\\",
    "\\'",
    "%",
    "%s%s%s",
    "%n",
    "%00",
    "%0d%0aSet-Cookie:x=y",
    "\r\nBcc: x@y.test",
    "\r\n\r\n<b>",
    "$",
    "$1",
    "$$",
    "$body$",
    "{}",
    "{0}",
    "{{",
    "}}",
    "{{7*7}}",
    "[",
    "]",
    "(",
    ")",
    "(((((((((",
    "*",
    "+",
    "?",
    "^",
    "|",
    "~",
    "!",
    "@",
    "@x",
    "#",
    "&",
    "&amp;",
    "&#0;",
    "&#x1F525;",
    "&nosuch;",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "/dev/null",
    "C:\\x",
    "\\\\server\\x",
    "file:///etc/passwd",
    "http://a/%%30%30",
    "http://[::1]/",
    "http://user:pass@x.test:99999/",
    "mailto:x?bcc=y",
    "data:text/html,x",
    "<",
    ">",
    "<>",
    "</",
    "<!",
    "<?",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///x\">]>",
    "<br",
    "<p",
    "a<b>c",
    ",./;'[]\\-=",
    "<>?:\"{}|_+",
    "!@#$%^&*()`~",
    "():;<>@[]",
    "not and or",
    "-",
    "--",
    "-- x",
    "/*",
    "#!/bin/sh",
    ":(){ :|:& };:",
    "touch /tmp/x",
    "System.exit(0)",
    "import os",
    "\u{1b}[31m",
    "\u{1b}]0;x\u{7}",
    "\\x00",
    "\\0",
    "\\n",
    "\\u0000",
    "\\ud800",
    "x\\",
    "a\tb\nc\rd",
];
/// Words of the world, with what some programs do not expect of letters.
const LETTERS: &[&str] = &[
    "äöüßÄÖÜ",
    "œÆØåÅ",
    "İıIi",
    "ﬁﬂ",
    "Ǆǅǆ",
    "ẞ",
    "ΑΩς",
    "Привет",
    "שָׁלוֹם",
    "مرحبا بالعالم",
    "سلام\u{200c}ها",
    "हिन्दी",
    "ไทยไม่มีช่องว่าง",
    "日本語の文",
    "社會科學院",
    "찦차를 타고",
    "한글",
    "ﾊﾝｶｸ",
    "ＦＵＬＬ",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "𝒳𝓎",
    "🅰🅱",
    "ʇxǝʇ",
    "Ｔｅｘｔ",
    "e\u{301}",
    "n\u{303}o",
    "A\u{30a}",
    "Z\u{351}\u{36b}a\u{343}\u{36a}l\u{302}\u{343}g\u{30a}\u{357}o\u{341}",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "🇩🇪🇫🇷🇯",
    "👍🏽",
    "❤\u{fe0f}",
    "1\u{fe0f}\u{20e3}",
    "(╯°□°）╯︵ ┻━┻",
    "ヽ༼ຈل͜ຈ༽ﾉ",
    "¯\\_(ツ)_/¯",
    "田中さんにあげて下さい",
    "表ポあA鷗ŒéＢ",
    "𠜎𠜱𠝹",
    "𐐀𐐨",
    "ꙮ",
    "﷽",
    "…",
    "“quoted”",
    "‘x’",
    "„x“",
    "«x»",
    "—–‐",
    "№",
    "℀",
    "∀∂∈ℝ∧∪≡∞",
];

/// More than five hundred strings that known programs stumbled over, the empty one and NUL among them.
pub fn strings() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for list in [WORDS, NUMBERS, ALONE, LETTERS] {
        all.extend(list.iter().map(|text| (*text).to_owned()));
    }
    for frame in FRAMES {
        for script in SCRIPTS {
            all.insert(frame.replacen("{}", script, 1));
        }
    }
    // Each character that is seen nowhere, alone, inside of a word, and at its end.
    let unseen = (0..0x20)
        .chain(0x7f..0xa1)
        .chain([0xad, 0x34f, 0x61c, 0x1160, 0x1680, 0x180e])
        .chain(0x2000..0x2010)
        .chain(0x2028..0x2030)
        .chain(0x205f..0x2070)
        .chain([
            0x3000, 0x3164, 0xfeff, 0xfff9, 0xfffc, 0xfffd, 0xfffe, 0xffff, 0xe000, 0xe0001,
            0x10_ffff,
        ]);
    for letter in unseen.filter_map(char::from_u32) {
        all.insert(format!("in{letter}side{letter}"));
    }
    all.insert("\0".to_owned());
    all.extend(
        [
            "\u{202e}txt.exe",
            "\u{2066}a\u{2069}b\u{200f}",
            " ",
            "\u{a0}\u{2003}",
            "\t\n",
        ]
        .map(str::to_owned),
    );
    // Long and deep ones.
    all.extend(
        [
            ("a", 10_000),
            ("ä", 5_000),
            ("a\u{301}", 2_000),
            ("<b>", 200),
            ("(", 1_000),
            ("\\", 1_000),
            ("x ", 2_000),
        ]
        .map(|(piece, times)| piece.repeat(times)),
    );
    // Letters of every block of the basic plane, by the same dice each time.
    let mut dice = Dice::new(515);
    for _ in 0..60 {
        let length = 1 + dice.below(24);
        let letters = (0..length).filter_map(|_| {
            let code = u32::try_from(dice.below(0x2_ffff)).unwrap_or_default();
            char::from_u32(code)
        });
        all.insert(letters.collect());
    }
    all
}
