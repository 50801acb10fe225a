//! The targets: pure functions from the model to files.

pub mod arrow;
pub mod cloudflare;
pub mod ddl;
pub mod docs;
pub mod iceberg;
pub mod index;
pub mod json_schema;
pub mod model_json;
pub mod queries;
pub mod rust;
pub mod sql;
pub mod typescript;
mod validation_schema;

use unified_event_guard::Languages;
use unified_event_schema::Schema;

use crate::Artifact;

/// The languages of the targets that users compile, for the guard.
pub const LANGUAGES: Languages = Languages { rust: &rust::Rust, typescript: &typescript::TypeScript };

/// A target of the generator.
pub struct Target {
    /// The name for `--target`.
    pub name: &'static str,
    /// The folder or file below the output folder that it owns.
    pub owns: &'static str,
    /// What the files are and for whom, for the index.
    pub purpose: &'static str,
    /// Returns the files for a schema.
    pub emit: fn(&Schema) -> Vec<Artifact>,
}

/// All targets, in the order of the index.
pub const TARGETS: &[Target] = &[
    Target {
        name: "model",
        owns: "model.json",
        purpose: "The resolved model: for generators of your own and for reviews of what a change means.",
        emit: model_json::emit,
    },
    Target {
        name: "rust",
        owns: "rust/",
        purpose: "The crate `unified-event`: rows, groups, enums, wire JSON and the derive.",
        emit: rust::emit,
    },
    Target {
        name: "arrow",
        owns: "arrow/",
        purpose: "Arrow schemas as IPC streams, for tables and for what their streams carry.",
        emit: arrow::emit,
    },
    Target {
        name: "iceberg",
        owns: "iceberg/",
        purpose: "Iceberg schemas, partition specs, sort orders, properties and create requests, in Iceberg's own JSON.",
        emit: iceberg::emit,
    },
    Target { name: "sql", owns: "sql/", purpose: "The transforms of the platform's pipelines.", emit: sql::emit },
    Target {
        name: "ddl",
        owns: "sql/ddl/",
        purpose: "CREATE TABLE for Spark, Trino, DuckDB and ClickHouse.",
        emit: ddl::emit,
    },
    Target {
        name: "queries",
        owns: "sql/queries/",
        purpose: "Queries over the tables, within the limits of the platform's SQL.",
        emit: queries::emit,
    },
    Target {
        name: "cloudflare",
        owns: "cloudflare/",
        purpose: "The kit for the platform: stream schemas, sinks, Worker bindings, lifecycle rules, a script, Terraform.",
        emit: cloudflare::emit,
    },
    Target {
        name: "typescript",
        owns: "typescript/",
        purpose: "The npm package `unified-event`: types, guards and the table of columns for producers.",
        emit: typescript::emit,
    },
    Target {
        name: "docs",
        owns: "docs/",
        purpose: "The reference of every group and column, for people.",
        emit: docs::emit,
    },
    Target {
        name: "schemas",
        owns: "schemas/",
        purpose: "JSON Schemas of the definition's files, for completion in editors.",
        emit: json_schema::emit,
    },
];

/// Returns the artefacts of all targets and the index over them.
pub fn emit_all(schema: &Schema) -> Vec<Artifact> {
    let emitted: Vec<(&Target, Vec<Artifact>)> = TARGETS.iter().map(|t| (t, (t.emit)(schema))).collect();
    let index = index::emit(schema, &emitted);
    emitted.into_iter().flat_map(|(_, artifacts)| artifacts).chain([index]).collect()
}
