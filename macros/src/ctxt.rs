//! The sink of all faults, so that one compile shows every one of them.

use std::cell::RefCell;
use std::fmt::Display;

use quote::ToTokens;

/// Collects the faults of one struct; [`check`](Self::check) must be asked for them.
pub(crate) struct Ctxt {
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Ctxt {
    pub(crate) fn new() -> Self {
        Self { errors: RefCell::new(Some(Vec::new())) }
    }

    /// Adds a fault at `tokens`, which should be the smallest thing that is wrong.
    pub(crate) fn error(&self, tokens: impl ToTokens, message: impl Display) {
        self.syn_error(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a fault and what to do about it.
    pub(crate) fn error_with_help(&self, tokens: impl ToTokens, message: impl Display, help: impl Display) {
        self.error(tokens, format_args!("{message}\nhelp: {help}"));
    }

    pub(crate) fn syn_error(&self, error: syn::Error) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    /// Returns all faults as one error.
    pub(crate) fn check(self) -> syn::Result<()> {
        let mut errors = self.errors.take().into_iter().flatten();
        let Some(mut first) = errors.next() else { return Ok(()) };
        for error in errors {
            first.combine(error);
        }
        Err(first)
    }
}

impl Drop for Ctxt {
    fn drop(&mut self) {
        // A forgotten check would expand a faulty struct. While a panic unwinds, that one is enough.
        debug_assert!(self.errors.borrow().is_none() || std::thread::panicking(), "faults were not checked");
    }
}
