//! Moves of whole tickets between their tables and the archive, for the functions of schema app that archive and restore.

use crate::context;
use crate::pg::call::{answer, args};
use crate::pg::error::native;

// `select autocrm.archiving(true)`: in this subtransaction rows move as they are.
native!(archiving, pg_finfo_archiving, |fcinfo| {
    let (on,): (bool,) = args(fcinfo);
    context::archive(on);
    answer(fcinfo, Some(on))
});

// `select autocrm.archives()`
native!(archives, pg_finfo_archives, |fcinfo| answer(
    fcinfo,
    Some(context::archives())
));
