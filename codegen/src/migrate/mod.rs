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
mod filter;
mod pair;
mod plan;
mod reconcile;
mod step;
mod tables;
mod views;

use unified_event_schema::{Schema, Table};

use crate::Artifact;
use dialect::Dialect;
use step::Layout;
use views::Live;

/// Returns the files of every move to `new`, below `migrations/`.
///
/// `releases` holds the frozen models in the order of their release, those too that a minor release has
/// superseded: of several with the same version of a table the last one counts in tables of engines, which
/// get columns in place, and the first one in those of the platform, which never do. `is_live` says whether
/// a version of a table is still in use. A table moves when `new` gives it a higher version than every live
/// release has; the views are over all live versions.
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
            let made: Vec<Table> = older.iter().map(|live| as_made(*live, releases)).collect();
            older.insert(0, Live { schema: new, table });
            let made = made.iter().zip(&older[1..]).map(|(table, live)| Live { schema: live.schema, table });
            let managed: Vec<Live<'_>> = std::iter::once(older[0]).chain(made).collect();
            artifacts.extend(bundle(&older, &managed));
        }
    }
    artifacts
}

/// Returns a table as the platform's sink made it: with the columns of the first release of its version.
fn as_made(live: Live<'_>, releases: &[&Schema]) -> Table {
    let same_version = |t: &&Table| t.version == live.table.version;
    let first = releases.iter().filter_map(|s| s.table(&live.table.name)).find(same_version).unwrap_or(live.table);
    let mut made = live.table.clone();
    made.columns.retain(|c| first.columns.iter().any(|f| f.id == c.id));
    made
}

/// Returns the name of the folder of one move.
pub fn folder(table: &str, old: u32, new: u32) -> String {
    format!("migrations/{table}_v{old}_to_v{new}")
}

/// Returns the files of one move; `live` holds the versions, the newest first, and `managed` the same as
/// they lie on the platform.
fn bundle(live: &[Live<'_>], managed: &[Live<'_>]) -> Vec<Artifact> {
    let (new, old) = (live[0], live[1]);
    let folder = folder(&new.table.name, old.table.version, new.table.version);
    let path = |name: String| format!("{folder}/{name}");
    let (step, managed_step) = (old.to(new), managed[1].to(managed[0]));
    let mut artifacts = vec![Artifact::text(path("PLAN.md".to_owned()), plan::emit(live, managed, &step))];
    artifacts.extend(tables::kept(old).into_iter().map(|a| Artifact { path: path(a.path), ..a }));
    artifacts.extend(tables::emit(old, new).into_iter().map(|a| Artifact { path: path(a.path), ..a }));
    let engine = Dialect::MOVING.into_iter().map(|d| (Layout::Engine, d));
    for (layout, dialect) in engine.chain([(Layout::Managed, Dialect::Spark)]) {
        let (place, step) = match layout {
            Layout::Engine => (dialect.name().to_owned(), &step),
            Layout::Managed => (format!("{}-managed", dialect.name()), &managed_step),
        };
        for (name, sql) in backfill::files(step, dialect, layout) {
            artifacts.push(Artifact::text(path(format!("backfill/{place}/{name}")), sql));
        }
    }
    let differ = live.iter().zip(managed).any(|(l, m)| l.table != m.table);
    for dialect in Dialect::VIEWS {
        let name = dialect.name();
        for (suffix, live) in [("", Some(live)), ("-managed", differ.then_some(managed))] {
            let Some(live) = live else { continue };
            artifacts.push(Artifact::text(path(format!("views/{name}{suffix}.sql")), views::overlap(live, dialect)));
            let retired = views::retired(live, dialect);
            artifacts.push(Artifact::text(path(format!("views/{name}{suffix}.retired.sql")), retired));
        }
    }
    artifacts.extend(dual::emit(old, new).into_iter().map(|a| Artifact { path: path(a.path), ..a }));
    artifacts
}
