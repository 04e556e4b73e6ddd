//! Contents of files: the object store behind attachments, and previews of images.

pub mod files;
pub mod preview;
