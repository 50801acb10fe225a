//! `diff`, `check` and `release` as a team runs them, in real git repositories.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod action;
mod baseline;
mod check;
mod conflict;
mod destination;
#[path = "../support/folder.rs"]
mod folder;
mod git;
mod history;
mod policy;
mod project;
mod refused;
mod release;
