//! A ticket and its parts: checked before they are written, recorded after.

pub mod attachments;
pub mod fields;
pub mod forms;
pub mod html;
pub mod mentions;
pub mod messages;
pub mod objects;
pub mod prepare;
pub mod record;
pub mod relations;
pub mod requester;
pub mod restricted;
pub mod shape;
pub mod status;
pub mod written;
