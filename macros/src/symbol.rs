//! The keys of `#[event(…)]`, each spelled once.

use std::fmt;

use syn::Path;

/// A key that paths can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Symbol(pub &'static str);

pub(crate) const EVENT: Symbol = Symbol("event");

pub(crate) const TYPE: Symbol = Symbol("type");
pub(crate) const NAME: Symbol = Symbol("name");
pub(crate) const NS: Symbol = Symbol("ns");
pub(crate) const CRATE: Symbol = Symbol("crate");

pub(crate) const COLUMN: Symbol = Symbol("column");
pub(crate) const FLATTEN: Symbol = Symbol("flatten");
pub(crate) const JSON: Symbol = Symbol("json");
pub(crate) const SKIP: Symbol = Symbol("skip");

/// The keys on a struct.
pub(crate) const CONTAINER_KEYS: &[Symbol] = &[TYPE, NAME, NS, CRATE];
/// The keys on a field.
pub(crate) const FIELD_KEYS: &[Symbol] = &[COLUMN, FLATTEN, JSON, SKIP];

impl PartialEq<Symbol> for Path {
    fn eq(&self, symbol: &Symbol) -> bool {
        self.is_ident(symbol.0)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
