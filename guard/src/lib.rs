//! The guard: what changed between two definitions, and what that breaks for whom.
//!
//! Two models become typed changes, paired by id ([`diff()`]); changes become findings by one table
//! of rules ([`rules`]); [`check()`] brings baselines, lock, waivers and policy together, and
//! [`report`] writes the outcome in each format. Nothing here touches the disk, and nothing knows how code is
//! generated: [`Language`]s say what a line of theirs looks like.

mod beside;
mod change;
mod check;
pub mod consumers;
mod describe;
mod diff;
pub mod due;
mod file_fault;
mod finding;
mod frozen;
mod history;
pub mod json;
mod judge;
mod language;
mod locate;
pub mod lock;
mod order;
mod policy;
pub mod released;
pub mod report;
pub mod rules;
mod toml_file;
pub mod waiver;
mod witness;

pub use change::{Change, Destination, Kind, NameOf, QueryProblem, Subject};
pub use check::{Baseline, BaselineKind, Input, Outcome, TableBump, check};
pub use diff::diff;
pub use file_fault::FileFault;
pub use finding::{Bump, Consumer, Finding, First, Level, Location, State, Verdict, Verdicts};
pub use history::History;
pub use judge::judge;
pub use language::{Language, Languages, Thing};
pub use policy::Policy;
pub use waiver::Waiver;
pub use witness::{Given, Side, Witness, WitnessKind, check as takes};
