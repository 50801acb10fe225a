//! What can be told of a Rust type from how it is written.
//!
//! Only names of the language and of std are believed; any other type is left to a trait bound,
//! because a path may be an alias or a newtype of the user's.

use syn::{Expr, GenericArgument, Generics, Lit, PathArguments, PathSegment, Type};
use unified_event_schema::ColumnType;

use crate::definition::Column;

/// A type whose meaning its spelling gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Text,
    Bool,
    /// An integer that fits both integer columns.
    Int32,
    /// An integer that fits only 64 bits.
    Int64,
    Float,
    Bytes,
    Instant,
    /// A type that no column takes as it is.
    Other,
}

/// Returns the contents of an `Option`, which may stand behind references and smart pointers.
pub(crate) fn option_contents(ty: &Type) -> Option<&Type> {
    let segment = last_segment(pointee(ty))?;
    if segment.ident == "Option" { only_argument(segment) } else { None }
}

/// Returns the type behind references and smart pointers.
pub(crate) fn pointee(ty: &Type) -> &Type {
    match ungrouped(ty) {
        Type::Reference(reference) => pointee(&reference.elem),
        path => match last_segment(path) {
            Some(segment) if is_pointer(segment) => only_argument(segment).map_or(path, pointee),
            _ => path,
        },
    }
}

/// Returns the type behind references alone.
pub(crate) fn referent(ty: &Type) -> &Type {
    match ungrouped(ty) {
        Type::Reference(reference) => referent(&reference.elem),
        _ => ty,
    }
}

/// Returns the name of a type without its path.
pub(crate) fn last_name(ty: &Type) -> Option<String> {
    last_segment(ty).map(|segment| segment.ident.to_string())
}

/// Returns what a type is, if its spelling gives it away.
pub(crate) fn known(ty: &Type, generics: &Generics) -> Option<Known> {
    match pointee(ty) {
        Type::Slice(slice) => sequence(&slice.elem, generics),
        Type::Array(array) => sequence(&array.elem, generics),
        Type::Tuple(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) => Some(Known::Other),
        path => named(std_segment(path)?, generics),
    }
}

/// Returns the last segment of a name alone, or of a path into std; any other path is the user's.
fn std_segment(ty: &Type) -> Option<&PathSegment> {
    let last = last_segment(ty)?;
    let Type::Path(path) = ty else { return None };
    let is_std = path.path.segments.first().is_some_and(|first| {
        path.path.segments.len() == 1 || ["std", "core", "alloc"].iter().any(|krate| first.ident == krate)
    });
    is_std.then_some(last)
}

fn named(segment: &PathSegment, generics: &Generics) -> Option<Known> {
    if generics.type_params().any(|param| param.ident == segment.ident) {
        return None;
    }
    Some(match segment.ident.to_string().as_str() {
        "String" | "str" => Known::Text,
        "bool" => Known::Bool,
        "i8" | "i16" | "i32" | "u8" | "u16" => Known::Int32,
        "i64" | "u32" => Known::Int64,
        "f32" | "f64" => Known::Float,
        "SystemTime" => Known::Instant,
        "Vec" => sequence(only_argument(segment)?, generics)?,
        "u64" | "i128" | "u128" | "isize" | "usize" | "char" | "Option" | "HashMap" | "BTreeMap" | "HashSet"
        | "BTreeSet" | "VecDeque" => Known::Other,
        _ => return None,
    })
}

/// A sequence of bytes is binary; what a sequence of unknown elements is, is unknown.
fn sequence(element: &Type, generics: &Generics) -> Option<Known> {
    let segment = last_segment(ungrouped(element));
    if segment.is_some_and(|segment| segment.ident == "u8") {
        return Some(Known::Bytes);
    }
    match segment {
        Some(segment) if generics.type_params().any(|param| param.ident == segment.ident) => None,
        _ => Some(Known::Other),
    }
}

/// Says whether a column takes a type, as far as the spelling tells.
pub(crate) fn fits(column: &Column, known: Known) -> bool {
    if column.enum_name().is_some() {
        return false;
    }
    match column.ty {
        ColumnType::String => known == Known::Text,
        ColumnType::Bool => known == Known::Bool,
        ColumnType::Int32 => known == Known::Int32,
        ColumnType::Int64 => matches!(known, Known::Int32 | Known::Int64),
        ColumnType::Float64 => known == Known::Float,
        ColumnType::Timestamp => known == Known::Instant,
        ColumnType::Json => false,
        ColumnType::Binary => known == Known::Bytes,
    }
}

/// Writes a type as people do: `quote` would put spaces around everything.
pub(crate) fn text(ty: &Type) -> String {
    match ty {
        Type::Paren(paren) => format!("({})", text(&paren.elem)),
        Type::Group(group) => text(&group.elem),
        Type::Reference(reference) => {
            let lifetime = reference.lifetime.as_ref().map(|lifetime| format!("{lifetime} ")).unwrap_or_default();
            let mutable = if reference.mutability.is_some() { "mut " } else { "" };
            format!("&{lifetime}{mutable}{}", text(&reference.elem))
        }
        Type::Slice(slice) => format!("[{}]", text(&slice.elem)),
        Type::Array(array) => format!("[{}; {}]", text(&array.elem), length(&array.len)),
        Type::Tuple(tuple) => format!("({})", tuple.elems.iter().map(text).collect::<Vec<_>>().join(", ")),
        Type::Path(path) if path.qself.is_none() => {
            let segments: Vec<String> = path.path.segments.iter().map(segment_text).collect();
            let root = if path.path.leading_colon.is_some() { "::" } else { "" };
            format!("{root}{}", segments.join("::"))
        }
        other => quote::quote!(#other).to_string(),
    }
}

fn length(expr: &Expr) -> String {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.to_string(),
            _ => "_".to_owned(),
        },
        other => quote::quote!(#other).to_string(),
    }
}

fn segment_text(segment: &PathSegment) -> String {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return segment.ident.to_string() };
    let arguments = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => text(ty),
        other => quote::quote!(#other).to_string(),
    });
    format!("{}<{}>", segment.ident, arguments.collect::<Vec<_>>().join(", "))
}

/// Returns the type without parentheses and invisible groups.
fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => ungrouped(&paren.elem),
        Type::Group(group) => ungrouped(&group.elem),
        other => other,
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

fn is_pointer(segment: &PathSegment) -> bool {
    ["Box", "Rc", "Arc", "Cow"].iter().any(|name| segment.ident == name)
}

/// Returns the last type argument, which is the only one of a pointer: lifetimes come before it.
fn only_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.last() {
        Some(GenericArgument::Type(ty)) => Some(ty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn spellings_give_types_away() {
        let generics: Generics = parse_quote!(<'a, T>);
        for (ty, expected) in [
            (parse_quote!(String), Some(Known::Text)),
            (parse_quote!(&'a str), Some(Known::Text)),
            (parse_quote!(std::borrow::Cow<'a, str>), Some(Known::Text)),
            (parse_quote!(Arc<str>), Some(Known::Text)),
            (parse_quote!(&'a [u8]), Some(Known::Bytes)),
            (parse_quote!([u8; 16]), Some(Known::Bytes)),
            (parse_quote!(Vec<u8>), Some(Known::Bytes)),
            (parse_quote!(Vec<String>), Some(Known::Other)),
            (parse_quote!(Vec<T>), None),
            (parse_quote!(T), None),
            (parse_quote!(u64), Some(Known::Other)),
            (parse_quote!(Option<i32>), Some(Known::Other)),
            (parse_quote!(Timestamp), None),
            (parse_quote!(crate::ids::String), None),
            (parse_quote!(::core::primitive::str), Some(Known::Text)),
            (parse_quote!(<T as Trait>::Text), None),
        ] {
            let ty: Type = ty;
            assert_eq!(known(&ty, &generics), expected, "{}", text(&ty));
        }
    }

    #[test]
    fn types_are_written_as_people_write_them() {
        for ty in ["Option<Vec<String>>", "&'a mut [u8]", "[u8; 16]", "(i32, String)", "::std::borrow::Cow<'a, str>"] {
            assert_eq!(text(&syn::parse_str(ty).unwrap()), ty);
        }
    }

    #[test]
    fn options_are_seen_through() {
        let ty: Type = parse_quote!(std::option::Option<&'a str>);
        assert_eq!(option_contents(&ty).map(text).as_deref(), Some("&'a str"));
        let ty: Type = parse_quote!(&'a Box<Option<i32>>);
        assert_eq!(option_contents(&ty).map(text).as_deref(), Some("i32"));
        assert!(option_contents(&parse_quote!(Optional<i32>)).is_none());
    }
}
