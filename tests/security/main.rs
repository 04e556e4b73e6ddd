//! What must never be possible, tried.

mod analyst;
mod catalog;
mod history;
mod matrix;
