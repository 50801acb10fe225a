//! The generator: targets, the writer and the command line.
//!
//! Targets are pure functions from the model to files; only [`writer`] touches the disk.

mod artifact;
pub mod cli;
pub mod event_table;
mod json;
pub mod migrate;
pub mod target;
pub mod writer;

pub use artifact::{Artifact, HEAD_NOTE, head_note};
