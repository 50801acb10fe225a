//! The text forms of values: what the definition's own examples and the events are checked by alike.
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

mod base64;
mod civil;
mod format;
pub mod instant;
mod transform;

pub use base64::is_base64;
pub use format::Format;
pub use transform::transform_parameter;
