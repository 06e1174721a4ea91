//! What operators do with kept events: `receiver events` on a stopped receiver's file and on one that runs, the API of
//! the admin port behind it, and `receiver verify-inbox`.

mod api;
mod check;
mod json;
pub(crate) mod kept;
mod running;
mod stopped;
