//! The tests of templates, from text to rendered text.

use super::parse::DEPTH;
use super::*;
use crate::problem::Problem;
use proptest::prelude::*;

const FIXED: [&str; 3] = ["requester.first_name", "ticket.priority", "ticket.subject"];

fn read(text: &str) -> Result<Template, Vec<Problem>> {
    let custom = ["area", "vip", "blank"].map(str::to_owned);
    parse(
        "body",
        text,
        &Variables {
            fixed: &FIXED,
            custom: Some(&custom),
        },
    )
}

fn values(name: &str) -> Option<Found> {
    match name {
        "ticket.custom.area" => Some(Found {
            shown: "Billing & tax".into(),
            raw: Some("billing".into()),
            holds: true,
        }),
        "ticket.custom.vip" => Some(Found {
            shown: "no".into(),
            raw: Some("false".into()),
            holds: false,
        }),
        "requester.first_name" => Some(String::from("Ada").into()),
        "ticket.subject" => {
            Some(String::from("<b>\"Tom\" & 'Jerry'</b> {{ticket.priority}}").into())
        }
        "ticket.custom.blank" => Some(String::from("  ").into()),
        _ => None,
    }
}

fn rendered(text: &str, html: bool) -> String {
    read(text).expect("parses").render(&values, html)
}

#[test]
fn values_fallbacks_and_parts_are_filled_in() {
    for (text, wanted) in [
        ("Hello {{requester.first_name}}!", "Hello Ada!"),
        (
            "{{ticket.priority}}|{{ticket.priority | \"none\"}}",
            "|none",
        ),
        (
            "{{ ticket.custom.blank | \"some }} area\" }}",
            "some }} area",
        ),
        ("{{\"{{\"}}", "{{"),
        ("{{#if ticket.priority}}a{{else}}b{{/if}}", "b"),
        ("{{#if not ticket.priority}}a{{/if}}", "a"),
        ("{{#if requester.first_name == \"ADA\"}}yes{{/if}}", "yes"),
        (
            "{{#if requester.first_name != \"ada\"}}x{{else}}{{#if ticket.priority}}y{{else}}z{{/if}}{{/if}}",
            "z",
        ),
        ("a { b } }} c", "a { b } }} c"),
        ("{{ticket.custom.area}}", "Billing & tax"),
        (
            "{{#if ticket.custom.area == \"billing\"}}a{{/if}}{{#if ticket.custom.area == \"Billing & Tax\"}}b{{/if}}",
            "ab",
        ),
        (
            "{{#if ticket.custom.vip}}a{{else}}{{ticket.custom.vip | \"unknown\"}}{{/if}}",
            "no",
        ),
        ("{{#if ticket.custom.vip == \"false\"}}a{{/if}}", "a"),
        ("{{#if not ticket.custom.vip}}a{{/if}}", "a"),
    ] {
        assert_eq!(rendered(text, false), wanted, "{text}");
    }
}

#[test]
fn in_html_a_value_is_text_and_never_read_again() {
    assert_eq!(
        rendered("<p>{{ticket.subject}}</p>", true),
        "<p>&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt; {{ticket.priority}}</p>"
    );
}

#[test]
fn every_mistake_is_told_at_its_place_with_what_fits() {
    let told: Vec<String> = read(
        "ä {{requester.nmae}} {{else}} {{/if}} {{ticket.priority | there}} {{#if ticket.custom.gone == urgent}}x{{else}}{{else}}",
    )
    .expect_err("is wrong")
    .iter()
    .map(ToString::to_string)
    .collect();
    for (got, wanted) in told.iter().zip([
        "body[3]: there is no variable 'requester.nmae'; one of requester.first_name, ticket.priority, ticket.subject, ticket.custom.area, ticket.custom.vip, ticket.custom.blank",
        "body[22]: has no {{#if}} before it",
        "body[31]: has no {{#if}} before it",
        "body[39]: needs a text in quotes",
        "body[67]: there is no variable 'ticket.custom.gone'",
        "body[67]: compares with a text in quotes",
        "body[112]: is a second {{else}}",
        "body[67]: is not closed; write {{/if}}",
    ]) {
        assert!(got.starts_with(wanted), "{got}");
    }
    assert_eq!(told.len(), 8, "{told:?}");
    assert_eq!(read("a {{b").expect_err("is open")[0].path, "body[3]");
}

#[test]
fn the_variable_that_was_probably_meant_is_offered_and_none_that_is_far() {
    for (wrong, hint) in [
        ("ticket.subjct", "did you mean ticket.subject? one of"),
        ("tiket.subject", "did you mean ticket.subject? one of"),
        (
            "ticket.custom.aera",
            "did you mean ticket.custom.area? one of",
        ),
        ("ticket.custom.gone", "one of"),
        ("subject", "one of"),
    ] {
        let told = read(&format!("{{{{{wrong}}}}}")).expect_err("is wrong");
        assert!(
            told[0]
                .message
                .starts_with(&format!("there is no variable '{wrong}'; {hint} ")),
            "{told:?}"
        );
    }
}

#[test]
fn depth_length_and_output_are_bounded() {
    let nested = |n: usize| "{{#if ticket.subject}}".repeat(n) + "x" + &"{{/if}}".repeat(n);
    assert_eq!(rendered(&nested(DEPTH), false), "x");
    assert!(read(&nested(DEPTH + 1)).is_err());
    assert!(read(&"x".repeat(LONGEST + 1)).is_err());
    let many = read(&"{{ticket.subject}}".repeat(1000)).expect("parses");
    let long = |_: &str| Some(Found::from("&".repeat(1000)));
    assert!(many.render(&long, true).chars().count() <= OUTPUT);
    assert_eq!(many.render(&long, false).chars().count(), OUTPUT);
}

#[test]
fn naughty_strings_are_text_as_templates_and_as_values() {
    for naughty in crate::hostile::strings() {
        if let Ok(template) = read(&naughty) {
            let _ = template.render(&values, true);
        }
        let template = read("<p>{{ticket.subject | \"\"}}</p>").expect("parses");
        let html = template.render(&|_| Some(Found::from(naughty.clone())), true);
        let inner = &html[3..html.len() - 4];
        assert!(!inner.contains(['<', '>', '"', '\'']), "{html}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,80}") {
        if let Ok(template) = read(&text) {
            let _ = template.render(&values, true);
        }
    }

    #[test]
    fn pieces_of_the_language_in_any_order_do_not_break_it(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{{", "}}", "#if ", "else", "/if", "not ", "==", "!=", "|", "\"", "ticket.priority", "ticket.custom.", " ", "é", "x", "{{/if}}",
            "{{#if ticket.subject}}", "{{else}}"
        ]), 0..40)
    ) {
        if let Ok(template) = read(&parts.concat()) {
            let _ = template.render(&values, false);
        }
    }

    #[test]
    fn text_without_braces_comes_back_as_it_was(text in "[^{]{0,200}") {
        prop_assert_eq!(rendered(&text, true), text);
    }
}
