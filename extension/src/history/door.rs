//! Through which door somebody acts, for the audit log.

use crate::context;
use crate::identity::{self, Actor};
use crate::pg::db;

/// `session` of the web UI or of whoever signed in over REST, API `key`, `worker` for the desk itself, SQL `prompt` of a
/// person, `operator` for a superuser or the owner, `import` whoever started it.
pub fn name(actor: &Actor) -> &'static str {
    if context::keeps() {
        return "import";
    }
    if identity::is_api() {
        return match (actor.api_key_id, actor.user_id) {
            (Some(_), _) => "key",
            (None, Some(_)) => "session",
            (None, None) => "worker",
        };
    }
    if actor.user_id.is_some() {
        "prompt"
    } else {
        "operator"
    }
}

/// Whether the audit log has these columns: a library may be newer than the desk, until `autocrm migrate`.
pub fn is_kept() -> bool {
    db::run(
        "select from pg_catalog.pg_attribute
          where attrelid = 'app.audit_log'::pg_catalog.regclass and attname = 'door' and not attisdropped",
        &[],
    ) > 0
}
