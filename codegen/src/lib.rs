//! The generator: targets, the writer and the command line.

mod artifact;
pub mod target;

pub use artifact::{Artifact, HEAD_NOTE, head_note};
