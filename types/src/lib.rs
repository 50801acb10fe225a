//! What the definition and the runtime share: types of columns, text forms of values, names.
//!
//! Nothing here knows a table or a column. Without its feature `serde` the crate depends on nothing,
//! because the runtime, which users compile, builds on it.
//!
//! | text | by |
//! |---|---|
//! | the shape of a string column | [`Format`] |
//! | an instant, RFC 3339 | [`instant::from_rfc3339`] |
//! | bytes, base64 with padding | [`is_base64`] |
//! | a transform with a number, such as `bucket[16]` | [`transform_parameter`] |
//!
//! Beside them stand the [types of columns](ColumnType), the [cases of names](naming), [suggestions](suggest)
//! for names that do not exist, and the [hash](Fingerprint) by which two crates see that they agree.

mod base64;
mod civil;
mod column_type;
mod fingerprint;
mod format;
pub mod instant;
pub mod naming;
pub mod suggest;
mod transform;

pub use base64::is_base64;
pub use column_type::{ColumnType, UnknownType};
pub use fingerprint::Fingerprint;
pub use format::Format;
pub use transform::transform_parameter;
