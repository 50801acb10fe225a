//! Rules about tables: the table itself, its layout, and what it and its rows are known by.

pub(super) mod identity;
pub(super) mod layout;
pub(super) mod partition;
pub(super) mod version;
