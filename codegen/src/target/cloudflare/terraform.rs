//! The same resources for Terraform, provider 5.19 or newer.
//!
//! The provider knows neither lists nor structs in streams; ours have none, json columns are `json`.
//! Schemas and transforms are read from the files beside, so that they are said once.

use std::fmt::Write;

use unified_event_schema::{Pipeline, Schema, Table, naming};

use super::{MIB, catalog_buckets};
use crate::{Artifact, head_note};

/// Returns `cloudflare/terraform/`.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let files = [
        ("versions.tf", VERSIONS.to_owned()),
        ("variables.tf", VARIABLES.to_owned()),
        ("buckets.tf", buckets(schema)),
        ("pipelines.tf", schema.pipelines.iter().map(pipeline).collect()),
        ("former.tf", schema.tables.iter().map(former).collect()),
        ("outputs.tf", outputs(schema)),
    ];
    let files = files.into_iter().filter(|(_, text): &(&str, String)| !text.is_empty());
    let file =
        |(name, text)| Artifact::text(format!("cloudflare/terraform/{name}"), format!("{}{text}", head_note("#")));
    files.map(file).collect()
}

const VERSIONS: &str = r#"
terraform {
  required_version = ">= 1.7"
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = ">= 5.19"
    }
  }
}
"#;

const VARIABLES: &str = r#"
variable "account_id" {
  description = "The account that the resources belong to."
  type        = string
}

variable "catalog_token" {
  description = "What the sinks keep and use: Workers R2 Data Catalog Write, Workers R2 Storage Bucket Item Write."
  type        = string
  sensitive   = true
}
"#;

/// The platform can change none of these resources: a plan that would is stopped, not carried out.
const KEEP: &str = "\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";

/// Returns a string of the language, in which `${` and `%{` would start a template.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace("${", "$${").replace("%{", "%%{")
}

/// Returns the lines of an object two levels deep, aligned as `terraform fmt` does.
fn aligned(entries: &[(&str, String)]) -> String {
    let width = entries.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    entries.iter().map(|(key, value)| format!("    {key:width$} = {value}\n")).collect()
}

/// Returns the name of a bucket in references.
fn label(binding: &str) -> String {
    binding.to_lowercase()
}

fn buckets(schema: &Schema) -> String {
    // The provider has no resource for maintenance.
    let mut out = "\n# Compaction and the expiry of snapshots are set by deploy.sh.\n".to_owned();
    for bucket in &schema.lake.buckets {
        let (label, name) = (label(&bucket.binding), string(&bucket.name));
        let _ = write!(
            out,
            "\n# {}\nresource \"cloudflare_r2_bucket\" \"{label}\" {{\n  account_id = var.account_id\n  \
             name       = {name}\n{KEEP}",
            bucket.doc,
        );
    }
    for bucket in catalog_buckets(schema) {
        let label = label(&bucket.binding);
        let _ = write!(
            out,
            "\nresource \"cloudflare_r2_data_catalog\" \"{label}\" {{\n  account_id  = var.account_id\n  \
             bucket_name = cloudflare_r2_bucket.{label}.name\n{KEEP}"
        );
    }
    out
}

fn pipeline(pipeline: &Pipeline) -> String {
    let (stream, sink) = (&pipeline.stream.name, &pipeline.sink);
    let label = &sink.table;
    let bucket = self::label(&sink.bucket);
    let mut out = format!("\n# {}\n", pipeline.doc);
    let _ = write!(
        out,
        r#"resource "cloudflare_pipeline_stream" "{label}" {{
  account_id = var.account_id
  name       = {name}

  format = {{
    type = "json"
  }}

  schema = {{
    fields = [
      for field in jsondecode(file("${{path.module}}/../streams/{stream}.schema.json")).fields : {{
        name     = field.name
        type     = field.type
        required = field.required
        unit     = try(field.unit, null)
      }}
    ]
  }}

  http = {{
    enabled        = true
    authentication = true
  }}

  worker_binding = {{
    enabled = true
  }}
{KEEP}"#,
        name = string(stream),
    );
    let mut format = vec![("type", string("parquet")), ("compression", string(&sink.compression))];
    format.extend(sink.row_group_mb.map(|mb| ("row_group_bytes", (u64::from(mb) * MIB).to_string())));
    let _ = write!(
        out,
        r#"
resource "cloudflare_pipeline_sink" "{label}" {{
  account_id = var.account_id
  name       = {name}
  type       = "r2_data_catalog"

  config = {{
    account_id = var.account_id
    bucket     = cloudflare_r2_data_catalog.{bucket}.bucket_name
    namespace  = {namespace}
    table_name = {table}
    token      = var.catalog_token
    rolling_policy = {{
      file_size_bytes  = {size}
      interval_seconds = {interval}
    }}
  }}

  format = {{
{format}  }}
{KEEP}"#,
        name = string(&sink.name),
        namespace = string(&sink.namespace),
        table = string(&sink.table),
        size = u64::from(sink.roll_size_mb) * MIB,
        interval = sink.roll_interval_seconds,
        format = aligned(&format),
    );
    let _ = write!(
        out,
        r#"
resource "cloudflare_pipeline" "{label}" {{
  account_id = var.account_id
  name       = {name}
  sql        = trimspace(file("${{path.module}}/../../sql/{table}.sql"))

  # The transform names them in its text, where Terraform does not see it.
  depends_on = [cloudflare_pipeline_stream.{label}, cloudflare_pipeline_sink.{label}]
{KEEP}"#,
        name = string(&pipeline.name),
        table = sink.table,
    );
    out
}

/// Returns what lets the resources of former versions live on: they hold rows, and senders may not
/// have moved yet. Terraform forgets them, and whoever wants them gone removes them by hand.
fn former(table: &Table) -> String {
    let versions = (1..table.version).map(|v| naming::versioned(&table.name, v));
    let types = ["cloudflare_pipeline", "cloudflare_pipeline_sink", "cloudflare_pipeline_stream"];
    let removed = versions.flat_map(|label| {
        types
            .map(|ty| format!("\nremoved {{\n  from = {ty}.{label}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"))
    });
    removed.collect()
}

fn outputs(schema: &Schema) -> String {
    let id = |p: &Pipeline| format!("cloudflare_pipeline_stream.{}.id", p.sink.table);
    let ids: Vec<(&str, String)> = schema.pipelines.iter().map(|p| (p.binding.as_str(), id(p))).collect();
    let description = "What the `stream` of each binding of a Worker holds.";
    format!("\noutput \"stream_ids\" {{\n  description = {description:?}\n  value = {{\n{}  }}\n}}\n", aligned(&ids))
}
