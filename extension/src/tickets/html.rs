//! HTML of tickets and messages, sanitised and turned into text by `autocrm_core::html`.

use crate::pg::call::{answer, args};
use crate::pg::error::{native, refuse};
use autocrm_core::html;
use autocrm_core::problem::Problem;

/// Sanitised HTML, or TK422 when it is nested too deeply.
pub fn sanitized(path: &str, html: &str) -> String {
    html::sanitize(html).unwrap_or_else(|excess| {
        refuse(
            "The HTML is not taken",
            &[Problem::new(path, excess.to_string())],
            "Send simpler HTML, or plain text.",
        )
    })
}

// `select autocrm.sanitize_html('<p onclick=x>Hi</p>')  -- <p>Hi</p>`
native!(
    sanitize_html_wrapper,
    pg_finfo_sanitize_html_wrapper,
    |fcinfo| {
        let (html,): (String,) = args(fcinfo);
        answer(fcinfo, Some(sanitized("html", &html)))
    }
);

// `select autocrm.html_to_text('<p>Hi</p><p>you</p>')  -- Hi⏎you`
native!(
    html_to_text_wrapper,
    pg_finfo_html_to_text_wrapper,
    |fcinfo| {
        let (html,): (String,) = args(fcinfo);
        answer(fcinfo, Some(html::to_text(&sanitized("html", &html))))
    }
);
