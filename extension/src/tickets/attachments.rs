//! Attachments that are copied along with a message to another ticket.

use crate::identity::actor;
use crate::pg::call::{answer, args};
use crate::pg::db;
use crate::pg::error::native;
use serde_json::{Map, json};

// `select autocrm.copy_attachments(31)  -- {"7": 12}`
native!(copy_attachments, pg_finfo_copy_attachments, |fcinfo| {
    let (message,): (i64,) = args(fcinfo);
    // Only attachments that the caller sees are copied: naming a file must not give access to it.
    let seen = db::rows_as_caller(
        "select a.id from app.attachments a where a.message_id = $1 and a.sha256 is not null order by a.position, a.id",
        &[message.into()],
        |row| row.get::<i64>(1),
    );
    let mut copies = Map::new();
    let Some(user) = actor().user_id else {
        return answer(fcinfo, Some(pgrx::JsonB(json!({}))));
    };
    for id in seen.into_iter().flatten() {
        db::run(
            "insert into app.attachments (uploader_id, name, media_type, size, sha256, width, height, thumbnail)
             select $2, a.name, a.media_type, a.size, a.sha256, a.width, a.height, a.thumbnail
               from app.attachments a where a.id = $1",
            &[id.into(), user.into()],
        );
        let copy = db::rows(
            "select currval(pg_get_serial_sequence('app.attachments', 'id'))",
            &[],
            |row| row.get::<i64>(1),
        );
        copies.insert(id.to_string(), json!(copy.into_iter().flatten().next()));
    }
    answer(fcinfo, Some(pgrx::JsonB(copies.into())))
});
