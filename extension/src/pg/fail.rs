//! The error that SQL raises in the shape of native ones: code, message, detail and hint.

use crate::pg::call::args;
use crate::pg::error::{fail, is_sqlstate, native};

// `select autocrm.fail('TK404', 'There is no ticket 7', null, 'Check the id.')`
native!(fail_with, pg_finfo_fail_with, |fcinfo| {
    let (code, message, detail, hint): (
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
    ) = args(fcinfo);
    let code = code
        .filter(|code| code.len() == 5 && is_sqlstate(code))
        .unwrap_or_else(|| "TK500".to_owned());
    fail(
        &code,
        &message.unwrap_or_default(),
        detail.as_deref(),
        hint.as_deref(),
    )
});
