//! Shells over `autocrm_core::html`.

use pgrx::prelude::*;

/// `select autocrm.sanitize_html('<p onclick=x>Hi</p>')  -- <p>Hi</p>`
#[pg_extern(immutable, strict, parallel_safe)]
fn sanitize_html(html: &str) -> String {
    autocrm_core::html::sanitize(html)
}

/// `select autocrm.html_to_text('<p>Hi</p><p>you</p>')  -- Hi⏎you`
#[pg_extern(immutable, strict, parallel_safe)]
fn html_to_text(html: &str) -> String {
    autocrm_core::html::to_text(&autocrm_core::html::sanitize(html))
}
