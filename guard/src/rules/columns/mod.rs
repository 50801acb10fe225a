//! Rules about columns.

pub(super) mod field_ids;
pub(super) mod identity;
pub(super) mod meaning;
pub(super) mod types;

use crate::finding::Consumer;

const PLATFORM: [Consumer; 3] = [Consumer::Stream, Consumer::PipelineSql, Consumer::ManagedTable];
const PRODUCERS: [Consumer; 4] = [Consumer::WireIn, Consumer::TypeScript, Consumer::Validators, Consumer::Stream];
const RELEASE: &str = "run `unified-event release`: it makes a new table version beside this one, with its migration";
