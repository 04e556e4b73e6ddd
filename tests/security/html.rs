//! What comes out of a message is parsed as a browser would, and must hold nothing that runs, whatever went in.

use harness::desk::Desk;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use scraper::{Html, Node};
use serde_json::{Value, json};

const VECTORS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>",
    "<img src='javascript:alert(1)'>",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<a href=\"jav\tascript:alert(1)\">x</a>",
    "<a href=\" &#14; javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=https://x.test style=\"position:fixed;inset:0\">x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1) form=f>x</button>",
    "<base href=javascript:alert(1)//>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<style>@import'javascript:alert(1)';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<p data-mention='\"><script>alert(1)</script>'>x</p>",
    "<p class='quote\" onclick=\"alert(1)'>x</p>",
    "<div id=\"divRplyFwdMsg\" onclick=alert(1)><script>alert(1)</script></div>",
    "<blockquote type=\"cite\" cite=\"javascript:alert(1)\" onclick=alert(1)>x</blockquote>",
    "<blockquote title=' type=\"cite\" onclick=\"alert(1)' type=cite>x</blockquote>",
    "<div title=' id=\"quote-start\"><script>alert(1)</script>' id=appendonsend>x</div>",
    "<table><hr id=divRplyFwdMsg><td><img src=x onerror=alert(1)></table>",
    "\u{0}<scr\u{0}ipt>alert(1)</scr\u{0}ipt>",
    "<a href=\"https://x.test\" target=_blank ping=//evil.test>x</a>",
    "<img srcset=\"javascript:alert(1) 1x\" src=/api/attachments/1/content>",
    "<body onload=alert(1)><html onclick=alert(1)>",
];

const ELEMENTS: &[&str] = &[
    "script", "style", "iframe", "object", "embed", "form", "button", "input", "textarea",
    "select", "svg", "math", "base", "meta", "link", "template", "noscript", "frame", "frameset",
    "applet", "video", "audio", "source", "portal",
];

/// What of this HTML a browser would act on.
fn active(html: &str) -> Option<String> {
    for node in Html::parse_fragment(html).tree.nodes() {
        let Node::Element(element) = node.value() else {
            continue;
        };
        if ELEMENTS.contains(&element.name()) {
            return Some(format!("<{}>", element.name()));
        }
        for (name, value) in element.attrs() {
            // As the URL standard reads an address.
            let scheme: String = value
                .trim_start_matches(|c| c <= ' ')
                .chars()
                .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
                .collect::<String>()
                .to_lowercase();
            let address = matches!(
                name,
                "href" | "src" | "cite" | "action" | "formaction" | "data"
            );
            // What is no scheme by its grammar begins a relative address, which leads to the desk itself.
            let runs = address
                && scheme.split_once(':').is_some_and(|(scheme, _)| {
                    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                        && scheme
                            .chars()
                            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
                        && !matches!(scheme, "http" | "https" | "mailto" | "tel")
                });
            let odd = matches!(
                name,
                "style" | "srcdoc" | "srcset" | "id" | "target" | "ping" | "background"
            );
            let class = name == "class" && value != "quote";
            if name.starts_with("on") || runs || odd || class {
                return Some(format!("{name}={value}"));
            }
        }
    }
    None
}

#[test]
fn the_check_itself_finds_what_runs() {
    assert_eq!(active("<p><a href=\"https://x.test\">x</a></p>"), None);
    for html in [
        "<p onclick=x>",
        "<a href=' javascript:x'>",
        "<b><script></script></b>",
        "<i style=x>",
    ] {
        assert!(active(html).is_some(), "{html}");
    }
}

#[tokio::test]
async fn no_hostile_html_runs_in_a_message_a_draft_or_a_ticket() {
    let desk = Desk::open().await;
    let ada = desk.agent("Ada", "billing").await;
    let naughty = harness::samples::hostile();
    assert!(naughty.len() > 400);
    let mut all: Vec<String> = VECTORS.iter().map(|&v| v.to_owned()).collect();
    all.extend(naughty.iter().cloned());
    let path = format!("/api/tickets/{}", desk.ticket("XSS", "billing").await);
    for hostile in &all {
        // NUL cannot be stored; everything else is.
        let hostile = hostile.replace('\0', "");
        let body = json!({"body_html": format!("<p>before</p>{hostile}<p>after</p>")});
        let sent = ada.post(&format!("{path}/messages"), body).await;
        assert_eq!(sent.status(), 201, "{hostile}");
        let said: Value = sent.json().await.expect("JSON");
        let html = said["body_html"].as_str().expect("HTML");
        assert_eq!(active(html), None, "{hostile}\n{html}");
    }
    // The other doors share the sanitiser: each in one piece.
    let everything = VECTORS.concat().replace('\0', "");
    let draft = ada
        .send(
            reqwest::Method::PUT,
            &format!("{path}/drafts/reply"),
            Some(json!({"body_html": everything})),
            &[],
        )
        .await;
    let draft: Value = draft.json().await.expect("JSON");
    assert_eq!(active(draft["body_html"].as_str().expect("HTML")), None);
    let made: Value = ada
        .post(
            "/api/tickets",
            json!({"subject": "x", "description_html": format!("<p>x</p>{everything}")}),
        )
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        active(made["description_html"].as_str().expect("HTML")),
        None
    );
}

/// Pieces of all of it in any order, through the function that every door uses.
#[tokio::test]
async fn no_mixture_of_hostile_pieces_runs() {
    let desk = Desk::open().await;
    let naughty = harness::samples::hostile();
    let wrappers = [
        "<p>",
        "</p>",
        "<table>",
        "<td>",
        "</table>",
        "<blockquote type=cite>",
        "</blockquote>",
        "<div class=gmail_quote>",
        "</div>",
        "<hr id=divRplyFwdMsg>",
        "\"",
        "'",
        ">",
        "<",
        "<!--",
        "-->",
        "<b title=\"",
        "&lt;",
    ];
    let seed: u64 = rand::rng().random();
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let statement = desk
        .sql()
        .prepare(
            "select autocrm.sanitize_html($1), autocrm.sanitize_html(autocrm.sanitize_html($1))",
        )
        .await
        .expect("prepares");
    for _ in 0..2000 {
        let mut html = String::new();
        for _ in 0..random.random_range(1..8) {
            html += match random.random_range(0..3) {
                0 => VECTORS.choose(&mut random).copied().unwrap_or_default(),
                1 => wrappers.choose(&mut random).copied().unwrap_or_default(),
                _ => naughty
                    .choose(&mut random)
                    .map(String::as_str)
                    .unwrap_or_default(),
            };
        }
        // Cut anywhere, as a mail may be.
        let cut = random.random_range(0..=html.len());
        let html = html[..html.floor_char_boundary(cut)].replace('\0', "");
        let row = desk
            .sql()
            .query_one(&statement, &[&html])
            .await
            .expect("sanitises");
        let (clean, again): (String, String) = (row.get(0), row.get(1));
        assert_eq!(active(&clean), None, "seed {seed}: {html}\n{clean}");
        assert_eq!(active(&again), None, "seed {seed}: {html}\n{again}");
    }
}
