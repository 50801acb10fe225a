//! What the derive writes where a struct sets a deprecated column. No column of today is one, so that it
//! stands here as the expansion: a test of the derive compares it with what is written for a definition
//! that deprecates `page_title`.

#![deny(deprecated)]

const _: () = {
    #[deprecated(note = "since table version 2: pages have no titles. Use `title` instead.")]
    #[allow(non_upper_case_globals, reason = "the warning says the name")]
    const column_page_title: () = ();
    column_page_title
};

/// With `#[allow(deprecated)]` on the field or on the struct.
#[allow(deprecated)]
const _: () = {
    #[deprecated(note = "since table version 2: pages have no titles. Use `title` instead.")]
    #[allow(non_upper_case_globals, reason = "the warning says the name")]
    const column_page_title: () = ();
    column_page_title
};

fn main() {}
