//! The move of a table to its next version: everything that it takes, as files.
//!
//! Neither a stream nor a sink nor a transform can be changed on the platform, and a sink takes no
//! table that exists. So a breaking change makes a second table beside the first, and both live
//! until readers and producers have moved. The emitter works from two resolved models, whose columns
//! it pairs by id; [`emit`] is a pure function like every target.

mod backfill;
mod convert;
mod dialect;
mod dual;
mod pair;
mod plan;
mod step;
mod tables;
mod views;

use unified_event_schema::Schema;

use crate::Artifact;
use dialect::Dialect;
use step::Layout;
use views::Live;

/// Returns the files of every move to `new`, below `migrations/`.
///
/// `releases` holds the frozen models in the order of their release; of several with the same
/// version of a table the last one counts. `is_live` says whether a version of a table is still in
/// use. A table moves when `new` gives it a higher version than every live release has; the views
/// are over all live versions.
///
/// ```
/// use unified_event_codegen::migrate;
/// use unified_event_schema::Schema;
///
/// let schema = Schema::embedded().unwrap();
/// assert_eq!(migrate::emit(&[&schema], &schema, &|_, _| true), [], "the same versions: nothing moves");
/// ```
pub fn emit(releases: &[&Schema], new: &Schema, is_live: &dyn Fn(&str, u32) -> bool) -> Vec<Artifact> {
    let mut artifacts = Vec::new();
    for table in &new.tables {
        let newest_first = releases.iter().rev();
        let mut older: Vec<Live<'_>> =
            newest_first.filter_map(|schema| Some(Live { schema, table: schema.table(&table.name)? })).collect();
        older.retain(|o| o.table.version < table.version && is_live(&table.name, o.table.version));
        older.sort_by_key(|o| std::cmp::Reverse(o.table.version));
        older.dedup_by_key(|o| o.table.version);
        if !older.is_empty() {
            older.insert(0, Live { schema: new, table });
            artifacts.extend(bundle(&older));
        }
    }
    artifacts
}

/// Returns the name of the folder of one move.
pub fn folder(table: &str, old: u32, new: u32) -> String {
    format!("migrations/{table}_v{old}_to_v{new}")
}

/// Returns the files of one move; `live` holds the versions, the newest first.
fn bundle(live: &[Live<'_>]) -> Vec<Artifact> {
    let (new, old) = (live[0], live[1]);
    let folder = folder(&new.table.name, old.table.version, new.table.version);
    let path = |name: String| format!("{folder}/{name}");
    let step = old.to(new);
    let mut artifacts = vec![Artifact::text(path("PLAN.md".to_owned()), plan::emit(live, &step))];
    artifacts.extend(tables::kept(old).into_iter().map(|a| Artifact { path: path(a.path), ..a }));
    artifacts.extend(tables::emit(old, new).into_iter().map(|a| Artifact { path: path(a.path), ..a }));
    let engine = Dialect::MOVING.into_iter().map(|d| (Layout::Engine, d));
    for (layout, dialect) in engine.chain([(Layout::Managed, Dialect::Spark)]) {
        let place = match layout {
            Layout::Engine => dialect.name().to_owned(),
            Layout::Managed => format!("{}-managed", dialect.name()),
        };
        for (name, sql) in backfill::files(&step, dialect, layout) {
            artifacts.push(Artifact::text(path(format!("backfill/{place}/{name}")), sql));
        }
    }
    for dialect in Dialect::VIEWS {
        let name = dialect.name();
        artifacts.push(Artifact::text(path(format!("views/{name}.sql")), views::overlap(live, dialect)));
        artifacts.push(Artifact::text(path(format!("views/{name}.retired.sql")), views::retired(live, dialect)));
    }
    artifacts.extend(dual::emit(old, new).into_iter().map(|a| Artifact { path: path(a.path), ..a }));
    artifacts
}
