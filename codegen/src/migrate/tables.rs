//! What is created for the new version: the tables of engines, and the resources of the platform.

use unified_event_schema::{Pipeline, Schema};

use super::views::Live;
use crate::Artifact;
use crate::target::{arrow, cloudflare, ddl, iceberg, sql};

/// Returns `tables/` for engines and `platform/` with the kit for this one pipeline.
///
/// They are the files of the ordinary targets on a definition with nothing but this table, so that
/// the kit's script creates this pipeline and leaves the others alone.
pub(super) fn emit(old: Live<'_>, new: Live<'_>) -> Vec<Artifact> {
    let alone = alone(new);
    let table = &new.table.physical_name;
    let mut artifacts = Vec::new();
    for artifact in ddl::emit(&alone) {
        let dialect = artifact.path.split('/').nth(2).unwrap_or_default();
        // Every step can be repeated; what is there stays as it is.
        let text =
            String::from_utf8_lossy(&artifact.contents).replacen("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1);
        artifacts.push(Artifact::text(format!("tables/{dialect}.sql"), text));
    }
    let wanted = [format!("{table}.create-table.json"), format!("{table}.managed.schema.json")];
    for artifact in iceberg::emit(&alone) {
        let name = artifact.path.rsplit('/').next().unwrap_or_default().to_owned();
        if wanted.contains(&name) {
            artifacts.push(Artifact { path: format!("tables/iceberg/{name}"), ..artifact });
        }
    }
    // The kit looks for the transforms beside itself. A Worker needs the bindings of both versions
    // during the move, so that its configuration comes from another definition than the rest.
    let worker = |a: &Artifact| a.path.contains("/wrangler.");
    let kit = [sql::emit(&alone), cloudflare::emit(&alone)].concat();
    let retire = cloudflare::retire(&self::alone(old), &alone);
    let bindings = cloudflare::emit(&Schema { pipelines: both(old, new), ..alone });
    let kit = kit.into_iter().filter(|a| !worker(a)).chain(bindings.into_iter().filter(worker));
    artifacts.extend(kit.chain(retire).map(|a| Artifact { path: format!("platform/{}", a.path), ..a }));
    artifacts
}

/// Returns `old/`: what the ordinary targets write for the version that is left.
///
/// They write it for the newest version alone, and both run until the older one is retired.
pub(super) fn kept(old: Live<'_>) -> Vec<Artifact> {
    let alone = alone(old);
    let all = [arrow::emit(&alone), iceberg::emit(&alone), sql::emit(&alone), ddl::emit(&alone)].concat();
    let streams = cloudflare::emit(&alone).into_iter().filter(|a| a.path.contains("/streams/"));
    all.into_iter().chain(streams).map(|a| Artifact { path: format!("old/{}", a.path), ..a }).collect()
}

/// Returns a definition with nothing but one table and its pipeline.
fn alone(live: Live<'_>) -> Schema {
    Schema {
        tables: vec![live.table.clone()],
        pipelines: live.schema.pipeline(&live.table.name).cloned().into_iter().collect(),
        ..live.schema.clone()
    }
}

/// Returns the pipelines of both versions: the old binding keeps its name until the end.
fn both(old: Live<'_>, new: Live<'_>) -> Vec<Pipeline> {
    let old_one = old.schema.pipeline(&old.table.name).cloned();
    let new_one = new.schema.pipeline(&new.table.name).cloned();
    let new_one = new_one.map(|p| Pipeline { binding: new_binding(&p, new.table.version), ..p });
    old_one.into_iter().chain(new_one).collect()
}

/// Returns the name of the new stream's binding during the overlap.
pub(super) fn new_binding(pipeline: &Pipeline, version: u32) -> String {
    format!("{}_V{version}", pipeline.binding)
}
