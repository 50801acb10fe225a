//! The one place with `unsafe`: unchecked reads of a padded chunk, and text arrays without a second check.
//!
//! Three invariants, each kept inside of the file that needs it:
//!
//! | type | invariant |
//! |---|---|
//! | [`Chunk`] | its last byte is a line feed, and [`PAD`] readable bytes follow it |
//! | [`Cursor`] | it never stands behind the line feed that ends its chunk, so that a block at it can be read |
//! | [`TextColumn`] | its bytes are UTF-8, and its ends rise, lie in the bytes and between characters |
//!
//! Everything else in the crate is safe code over the methods of these types. What it buys is in
//! `BENCHMARKS.md`.

mod block;
mod cursor;
mod text;

pub(crate) use cursor::{Chunk, Cursor, KeyPattern, PAD, Stop};
pub(crate) use text::{MAX_BYTES, TextColumn};
