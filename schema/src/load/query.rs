//! `queries/<query>.toml`: the query library.

use super::read::{At, Node};
use crate::diag::{Code, Place, Sink};
use crate::{ColumnType, Parameter, Query, Value, naming, suggest};

/// A query with the places of what later checks point at.
pub(crate) struct RawQuery {
    pub model: Query,
    /// Only the check of the SQL looks at it.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    pub sql: Option<Place>,
    /// Only the check of the SQL looks at them.
    #[cfg_attr(not(feature = "sql"), expect(dead_code))]
    pub parameters: Vec<Place>,
}

pub(super) fn read(sink: &mut Sink, stem: &str, node: Node<'_>, targets: &[&str]) -> RawQuery {
    if let Some(name) = node.text("name") {
        if name.value != stem {
            sink.fault(
                Code::File,
                &name.place,
                format!("the file is called `{stem}.toml`, the query `{}`", name.value),
            )
            .help("give both the same name");
        }
        if !naming::is_resource_name(&name.value) {
            sink.fault(Code::BadName, &name.place, format!("`{}` is not a query name", name.value))
                .help("use lower case, digits and `_`");
        }
    }
    super::check_doc(sink, node.text("doc").as_ref());
    let target = node.text("target");
    if let Some(target) = target.as_ref().filter(|t| !targets.contains(&t.value.as_str())) {
        sink.fault(Code::UnknownReference, &target.place, format!("target `{}` is not defined", target.value)).help(
            suggest::did_you_mean(&target.value, targets.iter().copied())
                .unwrap_or_else(|| "name a `[target.<name>]` table of `lake.toml`".to_owned()),
        );
    }
    let parameters = node.tables("parameter");
    let sql = node.text("sql");
    RawQuery {
        model: Query {
            name: stem.to_owned(),
            doc: node.text_or_empty("doc"),
            target: target.map(|t| t.value),
            parameters: parameters.iter().map(|(name, node)| parameter(sink, name, *node)).collect(),
            sql: sql.as_ref().map(|s| s.value.trim().to_owned()).unwrap_or_default(),
        },
        sql: sql.map(|s| s.place),
        parameters: parameters.into_iter().map(|(name, _)| name.place).collect(),
    }
}

fn parameter(sink: &mut Sink, name: &At<String>, node: Node<'_>) -> Parameter {
    if !naming::is_resource_name(&name.value) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not a parameter", name.value))
            .help("use lower case, digits and `_`: `$name` stands for it in the SQL");
    }
    super::check_doc(sink, node.text("doc").as_ref());
    let ty = node.text("type");
    let literal = |t: &At<String>| t.value.parse().ok().filter(|t| has_literal(*t));
    if let Some(ty) = ty.as_ref().filter(|t| literal(t).is_none()) {
        sink.fault(Code::NotAllowed, &ty.place, format!("`{}` has no literal that every engine reads alike", ty.value))
            .help("expected string, bool, int32, int64, float64 or timestamp");
    }
    let ty = ty.as_ref().and_then(literal).unwrap_or(ColumnType::String);
    let example = node.value("example");
    if let Some(example) = &example
        && let Err(expected) = crate::example::check(&example.value, ty, None, None)
    {
        sink.fault(Code::Example, &example.place, format!("`{}` is not a value of the parameter", example.value))
            .help(format!("expected {expected}"));
    }
    Parameter {
        name: name.value.clone(),
        ty,
        doc: node.text_or_empty("doc"),
        example: example.map_or(Value::Text(String::new()), |e| e.value),
    }
}

fn has_literal(ty: ColumnType) -> bool {
    use ColumnType as T;
    matches!(ty, T::String | T::Bool | T::Int32 | T::Int64 | T::Float64 | T::Timestamp)
}
