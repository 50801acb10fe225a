//! Random chains of edits of a definition: what must hold of any of them, without an engine.
//!
//! What engines make of such chains is tried in `evolution/engines/test_compositions.py`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use unified_event_codegen::target::LANGUAGES;
use unified_event_guard::lock::{Lock, Version};
use unified_event_guard::rules::Context;
use unified_event_guard::{
    Baseline, BaselineKind, Bump, Change, Consumer, Finding, Input, Outcome, Policy, State, Verdict, check, diff, judge,
};
use unified_event_schema::{LoadError, Schema, SourceSet, Table};
use unified_event_tests::repository;

const TABLE: &str = "notes";
const TYPES: [(&str, &str); 6] = [
    ("string", "\"x\""),
    ("int32", "7"),
    ("int64", "7"),
    ("float64", "0.5"),
    ("bool", "true"),
    ("timestamp", "\"2026-01-01T12:00:00.123456Z\""),
];

#[derive(Debug, Clone, PartialEq)]
struct Column {
    id: u32,
    name: String,
    ty: usize,
    required: bool,
    renamed_from: Option<String>,
    doc: u32,
    meaning: u32,
}

/// A table as a definition says it.
#[derive(Debug, Clone, PartialEq)]
struct Definition {
    version: u32,
    columns: Vec<Column>,
}

impl Definition {
    fn base() -> Self {
        let column = |id| Column {
            id,
            name: format!("c{id}"),
            ty: id as usize % TYPES.len(),
            required: id % 4 == 0,
            renamed_from: None,
            doc: 0,
            meaning: 1,
        };
        Self { version: 1, columns: (1..=12).map(column).collect() }
    }

    fn load(&self) -> Schema {
        self.try_load().unwrap_or_else(|e| panic!("{}", e.render(false)))
    }

    fn try_load(&self) -> Result<Schema, LoadError> {
        let base = SourceSet::from_dir(&repository("tests/evolution/base")).expect("a definition");
        let own = ["tables/notes.toml", "pipelines/notes.toml"];
        let mut files: Vec<(String, String)> = base
            .files()
            .iter()
            .filter(|f| !own.contains(&f.name.as_str()))
            .map(|f| (f.name.clone(), f.text.clone()))
            .collect();
        files.push((own[0].to_owned(), self.table()));
        files.push((own[1].to_owned(), PIPELINE.to_owned()));
        Schema::load(&SourceSet::from_texts("chain", files))
    }

    fn table(&self) -> String {
        let mut text =
            format!("format = 1\nname = \"{TABLE}\"\nversion = {}\ndoc = \"Notes that people left.\"\n", self.version);
        for Column { id, name, ty, required, renamed_from, doc, meaning } in &self.columns {
            let (ty, example) = TYPES[*ty];
            let _ = write!(
                text,
                "[column.{name}]\nid = {id}\ntype = \"{ty}\"\nrequired = {required}\nmeaning = {meaning}\n\
                 doc = \"What it says in {doc}.\"\nexample = {example}\n",
            );
            if let Some(former) = renamed_from {
                let _ = writeln!(text, "renamed_from = \"{former}\"");
            }
        }
        text + "[partition.none]\ndefault = true\nspec_id = 0\nfields = []\n"
    }
}

const PIPELINE: &str = r#"format = 1
table = "notes"
binding = "NOTES"
doc = "Notes on their way."
[stream]
name = "notes_stream"
fields = "columns"
[sink]
name = "notes"
bucket = "LAKE"
namespace = "default"
compression = "zstd"
roll_interval_seconds = 300
roll_size_mb = 128
"#;

/// A small generator: the same numbers on every machine and in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }
}

/// Makes edits; ids and names that it gives are new.
struct Editor {
    random: Random,
    n_columns: u32,
    /// Ids that were left out and that no column ever had; empty keeps new columns last.
    gaps: Vec<u32>,
}

impl Editor {
    fn new(seed: u64) -> Self {
        Self { random: Random(seed), n_columns: 12, gaps: Vec::new() }
    }

    /// Makes one edit of a column that was not touched yet; says which, and how.
    fn edit(&mut self, definition: &mut Definition, touched: &mut BTreeSet<u32>) -> String {
        let free: Vec<usize> =
            (0..definition.columns.len()).filter(|i| !touched.contains(&definition.columns[*i].id)).collect();
        let kind = self.random.below(7);
        if kind == 0 || free.is_empty() {
            return self.add(definition, touched);
        }
        let at = free[self.random.below(free.len())];
        let column = &mut definition.columns[at];
        touched.insert(column.id);
        let name = column.name.clone();
        match kind {
            1 => {
                definition.columns.remove(at);
                format!("drop {name}")
            }
            2 => {
                self.n_columns += 1;
                column.renamed_from = Some(name.clone());
                column.name = format!("c{}", self.n_columns);
                format!("rename {name} to {}", column.name)
            }
            3 => {
                column.ty = (column.ty + 1 + self.random.below(TYPES.len() - 1)) % TYPES.len();
                format!("{name} becomes {}", TYPES[column.ty].0)
            }
            4 => {
                column.required = !column.required;
                format!("{name} becomes {}", if column.required { "required" } else { "optional" })
            }
            5 => {
                column.meaning += 1;
                format!("{name} means something else")
            }
            _ => {
                column.doc += 1;
                format!("document {name}")
            }
        }
    }

    fn add(&mut self, definition: &mut Definition, touched: &mut BTreeSet<u32>) -> String {
        self.n_columns += 1;
        let (mut id, ty) = (self.n_columns, self.random.below(TYPES.len()));
        let required = self.random.below(3) == 0;
        let name = format!("c{id}");
        if !self.gaps.is_empty() && self.random.below(3) == 0 {
            let at = self.random.below(self.gaps.len());
            id = self.gaps.swap_remove(at);
        }
        touched.insert(id);
        definition.columns.push(Column { id, name, ty, required, renamed_from: None, doc: 0, meaning: 1 });
        format!("add {} with the id {id} as {}{}", self.n_columns, if required { "required " } else { "" }, TYPES[ty].0)
    }
}

fn findings(old: &Schema, new: &Schema) -> Vec<Finding> {
    let changes = diff(old, new);
    judge(&Context { old, new, changes: &changes, lock: None, today: None, languages: LANGUAGES }, &Policy::default())
}

fn worst(findings: &[Finding], consumer: Consumer) -> Verdict {
    findings.iter().map(|f| f.verdicts.of(consumer)).max().unwrap_or_default()
}

#[test]
fn edits_of_different_columns_are_judged_together_as_each_alone() {
    let base = Definition::base();
    let old = base.load();
    for seed in 0..150 {
        let mut editor = Editor::new(seed);
        let (mut all, mut touched, mut edits) = (base.clone(), BTreeSet::new(), Vec::new());
        let mut alone: Vec<Vec<Finding>> = Vec::new();
        for _ in 0..2 + seed % 5 {
            let before = all.clone();
            edits.push(editor.edit(&mut all, &mut touched));
            alone.push(findings(&before.load(), &all.load()));
        }
        let together = findings(&old, &all.load());
        for consumer in Consumer::ALL {
            let parts = alone.iter().map(|f| worst(f, consumer)).max().unwrap_or_default();
            let said = worst(&together, consumer);
            assert_eq!(said, parts, "seed {seed}, {edits:?}: {}", consumer.name());
        }
        let bump = |f: &[Finding]| f.iter().map(|f| f.requires).max().unwrap_or_default();
        assert_eq!(bump(&together), alone.iter().map(|f| bump(f)).max().unwrap_or_default(), "seed {seed}, {edits:?}");
    }
}

#[test]
fn a_chain_of_any_edits_is_silent_only_where_it_ends_as_it_began() {
    let base = Definition::base();
    let old = base.load();
    let mut n_same = 0;
    for seed in 0..200 {
        let mut editor = Editor::new(seed);
        let mut chain = vec![base.clone()];
        for _ in 0..2 + seed % 6 {
            let mut next = chain[chain.len() - 1].clone();
            // A chain may go back to an earlier definition.
            if editor.random.below(5) == 0 {
                next = chain[editor.random.below(chain.len())].clone();
            } else {
                editor.edit(&mut next, &mut BTreeSet::new());
            }
            chain.push(next);
        }
        let last = chain[chain.len() - 1].load();
        let changes = diff(&old, &last);
        assert_eq!(changes.is_empty(), last == old, "seed {seed}: {changes:?}");
        n_same += usize::from(last == old);
        let judged = |change: &Change| {
            let one = [change.clone()];
            !judge(
                &Context { old: &old, new: &last, changes: &one, lock: None, today: None, languages: LANGUAGES },
                &Policy::default(),
            )
            .is_empty()
        };
        assert!(changes.iter().all(judged), "seed {seed}: {changes:?}");
    }
    assert!(n_same > 5, "only {n_same} chains ended as they began");
}

/// A definition with its lock and every model that was released.
struct Project {
    definition: Definition,
    lock: Lock,
    released: Vec<Schema>,
}

impl Project {
    /// Returns the live releases, as `check` compares with them.
    fn live(&self) -> Vec<Baseline> {
        let mut tables: BTreeMap<u32, BTreeMap<String, Version>> = BTreeMap::new();
        for line in self.lock.live() {
            tables.entry(line.release).or_default().insert(line.table.clone(), line.version);
        }
        let newest = u32::try_from(self.released.len()).expect("few");
        let baseline = |(release, tables): (u32, BTreeMap<String, Version>)| Baseline {
            label: format!("release v{release}"),
            kind: BaselineKind::Released { release, tables, newest: release == newest },
            schema: self.released[release as usize - 1].clone(),
            sources: None,
            lock: None,
            policy: None,
        };
        tables.into_iter().map(baseline).collect()
    }

    fn check(&self, definition: &Definition) -> Outcome {
        let live = self.live();
        check(&Input {
            schema: &definition.load(),
            sources: None,
            lock: Some(&self.lock),
            history: None,
            baselines: &live.iter().collect::<Vec<_>>(),
            released: &live,
            queries: &[],
            waivers: &[],
            waivers_path: "waivers.toml",
            policy: &Policy::default(),
            policy_before: None,
            today: None,
            languages: LANGUAGES,
        })
    }

    /// Says why no release makes a definition right.
    fn refusals(&self, definition: &Definition) -> Vec<String> {
        let refused = |f: &Finding| f.requires == Bump::Refused && f.state == State::Open;
        self.check(definition).findings.into_iter().filter(refused).map(|f| f.message).collect()
    }

    fn release(&mut self) {
        let newest = self.lock.newest(TABLE).map(|t| t.version);
        let version = newest.map_or(Version { major: 1, minor: 0, patch: 0 }, |version| {
            version.bumped(self.check(&self.definition).requires().max(Bump::Patch))
        });
        self.definition.version = version.major;
        let schema = self.definition.load();
        self.lock = self.lock.released(&schema, String::new(), &BTreeMap::from([(TABLE.to_owned(), version)]));
        self.released.push(schema);
    }
}

/// Names and ids stay taken through any number of releases, and nothing else does.
#[test]
fn releases_of_any_edits_go_through_and_what_was_given_up_never_comes_back() {
    let (mut n_ids, mut n_names) = (0, 0);
    for seed in 0..25 {
        let mut editor = Editor::new(seed);
        let mut project = Project { definition: Definition::base(), lock: Lock::default(), released: Vec::new() };
        project.release();
        let mut ever: Vec<Column> = project.definition.columns.clone();
        let mut edits = Vec::new();
        for _ in 0..5 {
            let mut touched = BTreeSet::new();
            for _ in 0..2 {
                edits.push(editor.edit(&mut project.definition, &mut touched));
            }
            let refused = project.refusals(&project.definition);
            assert_eq!(refused, Vec::<String>::new(), "seed {seed}, {edits:?}");
            project.release();
            let open = project.check(&project.definition).count(State::Open);
            assert_eq!(open, 0, "seed {seed}, {edits:?}");
            ever.extend(project.definition.columns.iter().cloned());
        }
        let now = project.definition.columns.clone();
        // The loader itself refuses the former name of a column that is there.
        let refuses = |column: Column| {
            let mut definition = project.definition.clone();
            definition.columns.push(Column { required: false, renamed_from: None, ..column });
            definition.try_load().is_err() || !project.refusals(&definition).is_empty()
        };
        for column in &ever {
            if !now.iter().any(|c| c.id == column.id) {
                n_ids += 1;
                assert!(refuses(column.clone()), "seed {seed}, {edits:?}: id {} comes back", column.id);
            }
            if !now.iter().any(|c| c.name == column.name) {
                n_names += 1;
                assert!(
                    refuses(Column { id: 99, ..column.clone() }),
                    "seed {seed}, {edits:?}: `{}` is back",
                    column.name
                );
            }
        }
        assert!(!refuses(Column { id: 99, name: "fresh".to_owned(), ..now[0].clone() }), "seed {seed}, {edits:?}");
    }
    assert!(n_ids > 20 && n_names > 40, "{n_ids} ids, {n_names} names");
}

/// A table as a catalog keeps it: it numbers the columns of a new table from 1, and goes on for those added later.
#[derive(Default)]
struct Catalog {
    version: u32,
    last: u32,
    fields: BTreeMap<u32, u32>,
}

impl Catalog {
    /// Follows a release: in place within a version, with a new table for a new one.
    fn follow(&mut self, table: &Table) {
        if self.version != table.version {
            *self = Self { version: table.version, ..Self::default() };
        }
        for column in &table.columns {
            if !self.fields.contains_key(&column.id) {
                self.last += 1;
                self.fields.insert(column.id, self.last);
            }
        }
    }
}

/// The artefacts of every release have the field ids of the tables that were made and changed along the way,
/// because a column that would come between others makes a new version.
#[test]
fn field_ids_are_those_of_tables_that_grew_with_the_releases() {
    let (mut n_gaps, mut n_grown, mut n_refused) = (0, 0, 0);
    for seed in 0..12 {
        let mut editor = Editor { gaps: vec![3, 5, 9, 10], ..Editor::new(seed) };
        let mut definition = Definition::base();
        definition.columns.retain(|c| !editor.gaps.contains(&c.id));
        let mut project = Project { definition, lock: Lock::default(), released: Vec::new() };
        let (mut catalog, mut edits) = (Catalog::default(), Vec::new());
        for round in 0..7 {
            if round > 0 {
                // Most columns come alone, so that tables grow in place.
                let n_edits = if editor.random.below(3) == 0 { 2 } else { 1 };
                let before = project.definition.clone();
                let mut touched: BTreeSet<u32> = before.columns.iter().map(|c| c.id).collect();
                if n_edits == 2 {
                    touched.clear();
                }
                for _ in 0..n_edits {
                    edits.push(editor.edit(&mut project.definition, &mut touched));
                }
                let said = project.check(&project.definition);
                n_refused += said.findings.iter().filter(|f| f.rule == "UE-C27").count();
            }
            project.release();
            let released = project.released.last().expect("a release");
            let table = released.table(TABLE).expect("the table");
            n_grown += usize::from(catalog.version == table.version && catalog.fields.len() < table.columns.len());
            catalog.follow(table);
            for (field_id, column) in table.numbered_columns() {
                let stored = catalog.fields[&column.id];
                assert_eq!(stored, field_id, "seed {seed}, {edits:?}: {} {}", column.name, column.id);
                n_gaps += usize::from(column.id != field_id);
            }
            assert_eq!(
                catalog.fields.len(),
                table.columns.len(),
                "seed {seed}, {edits:?}: a column was dropped in place"
            );
        }
    }
    assert!(n_gaps > 400 && n_grown > 15 && n_refused > 8, "{n_gaps} gaps, {n_grown} grown, {n_refused} refused");
}
