//! The generated events, and what reads and writes them: this product and its peers.

pub mod generate;
pub mod measure;
pub mod read;
pub mod write;
