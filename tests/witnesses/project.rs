//! A workspace of generated crates in the folder of build results: one module a model, one file a witness.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use unified_event_codegen::target::rust;
use unified_event_schema::Schema;
use unified_event_tests::repository;

/// What is compiled, and what is to come of it.
pub struct Project {
    folder: PathBuf,
    /// The names of the modules, by what is in them: most cases have the same old side.
    models: BTreeMap<Vec<(String, String)>, String>,
    items: Vec<Item>,
    events: Vec<Event>,
}

struct Item {
    label: String,
    text: String,
    works: String,
    fails: String,
}

struct Event {
    label: String,
    text: String,
    works: String,
    /// Without the table, there is nobody who could take the event.
    fails: Option<String>,
}

impl Project {
    pub fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("witnesses");
        Self { folder, models: BTreeMap::new(), items: Vec::new(), events: Vec::new() }
    }

    /// Adds an item of Rust that compiles against one crate only.
    pub fn item(&mut self, label: String, text: &str, works: &Schema, fails: &Schema) {
        let (works, fails) = (self.model(works), self.model(fails));
        self.items.push(Item { label, text: text.to_owned(), works, fails });
    }

    /// Adds an event that the row type of one crate takes, and that of the other refuses.
    pub fn event(&mut self, label: String, text: &str, table: &str, works: &Schema, fails: &Schema) {
        let reader = |schema: &Schema, module: String| Some(format!("models::{module}::{}", sent(schema, table)?));
        let (works_module, fails_module) = (self.model(works), self.model(fails));
        let works = reader(works, works_module).expect("the table of an event");
        self.events.push(Event { label, text: text.to_owned(), works, fails: reader(fails, fails_module) });
    }

    /// Returns the module that holds the generated crate of a model.
    fn model(&mut self, schema: &Schema) -> String {
        let files = rust::emit(schema).into_iter().filter_map(|a| {
            let name = a.path.strip_prefix("rust/src/")?.to_owned();
            Some((name, String::from_utf8(a.contents).expect("UTF-8")))
        });
        let next = format!("m{}", self.models.len());
        self.models.entry(files.collect()).or_insert(next).clone()
    }

    /// Writes the sources; files that are as they were keep their date, so that cargo does nothing twice.
    pub fn write(&self) {
        let mut files = BTreeMap::from([("Cargo.toml".to_owned(), manifest())]);
        let mut root = "#![allow(dead_code, missing_docs)]\n".to_owned();
        for (sources, module) in &self.models {
            root.push_str(&format!("pub mod {module};\n"));
            for (name, text) in sources {
                let name = name.strip_suffix("lib.rs").map_or_else(|| name.clone(), |_| "mod.rs".to_owned());
                files.insert(format!("src/{module}/{name}"), below(module, text));
            }
        }
        files.insert("src/lib.rs".to_owned(), root);
        for (folder, side) in [("works", 0), ("fails", 1)] {
            let mut main = "#![allow(dead_code, deprecated)]\n".to_owned();
            for (i, item) in self.items.iter().enumerate() {
                let model = [&item.works, &item.fails][side];
                main.push_str(&format!("mod w{i};\n"));
                let text = format!("use models::{model} as unified_event;\n{}\n", item.text);
                files.insert(format!("examples/{folder}/w{i}.rs"), text);
            }
            files.insert(format!("examples/{folder}/main.rs"), format!("{main}fn main() {{}}\n"));
        }
        files.insert("src/main.rs".to_owned(), self.main());
        let folder = self.folder.join("crate");
        remove_others(&folder, &folder, &files);
        for (name, text) in files {
            let path = folder.join(name);
            if std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            }
        }
        // The versions that the repository tests with.
        let _ = std::fs::copy(repository("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock");
    }

    /// Returns a program that prints a line for each event: whether each side takes it.
    fn main(&self) -> String {
        let mut main = "fn main() {\n".to_owned();
        for event in &self.events {
            let text = &event.text;
            let says = |ty: &String| format!("{ty}::from_wire({text:?}).is_ok()");
            let fails = event.fails.as_ref().map_or_else(|| "false".to_owned(), says);
            main.push_str(&format!("    println!(\"{{}} {{}}\", {}, {fails});\n", says(&event.works)));
        }
        main + "}\n"
    }

    /// Compiles all items against the crates with which they work.
    pub fn compiles_what_works(&self) {
        let output = self.cargo(&["check", "--quiet", "--example", "works"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Compiles all items against the crates with which they fail, until every one has failed.
    ///
    /// The compiler stops after the first stage that finds errors, so that those of later stages show only
    /// when the others are out of the way.
    pub fn refuses_what_fails(&self) {
        let main = self.folder.join("crate/examples/fails/main.rs");
        let all = std::fs::read_to_string(&main).expect("written before");
        let mut left: BTreeSet<usize> = (0..self.items.len()).collect();
        while !left.is_empty() {
            let output = self.cargo(&["check", "--quiet", "--example", "fails", "--message-format=json"]);
            let refused = refused(&String::from_utf8_lossy(&output.stdout));
            let labels = || left.iter().map(|i| self.items[*i].label.clone()).collect::<Vec<_>>().join("\n");
            assert!(!output.status.success(), "these compile against the other version too:\n{}", labels());
            let before = left.len();
            left.retain(|i| !refused.contains(i));
            assert!(left.len() < before, "no item was refused:\n{}", String::from_utf8_lossy(&output.stderr));
            let rest = all.lines().filter(|l| !refused_line(l, &left)).collect::<Vec<_>>().join("\n");
            std::fs::write(&main, rest).expect("written before");
        }
    }

    /// Runs all events through the generated types of both sides.
    pub fn judges_events(&self) {
        let output = self.cargo(&["run", "--quiet", "--bin", "models"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(text.lines().count(), self.events.len());
        for (event, line) in self.events.iter().zip(text.lines()) {
            assert_eq!(line, "true false", "{}", event.label);
        }
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).args(["--offline", "--target-dir"]).arg(self.folder.join("target"));
        // Debug information is of no use here, and half of the time.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "1").env_remove("RUSTFLAGS");
        command.current_dir(self.folder.join("crate")).output().expect("cargo")
    }
}

/// Returns the source of a crate as that of a module: its root is one level down.
fn below(module: &str, text: &str) -> String {
    let mut parts = text.split("crate");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Inside of macros, the path may go on in the next line.
        let is_path = part.trim_start().starts_with("::");
        out.push_str("crate");
        out.push_str(&if is_path { format!("::{module}{part}") } else { part.to_owned() });
    }
    out
}

/// Returns the type that takes the events of a table.
fn sent(schema: &Schema, table: &str) -> Option<String> {
    schema.pipeline(table)?;
    let table = schema.table(table)?;
    Some(format!("{}{}", table.type_name(&schema.name), if table.grouped { "Row" } else { "Record" }))
}

fn manifest() -> String {
    let path = |name: &str| repository(name).display().to_string();
    format!(
        "[package]\nname = \"models\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [features]\ndefault = [\"arrow\"]\narrow = [\"unified-event-runtime/arrow\"]\n\n[dependencies]\n\
         unified-event-macros = {{ path = {:?} }}\nunified-event-runtime = {{ path = {:?} }}\n",
        path("macros"),
        path("runtime")
    )
}

/// Returns the numbers of the items with errors, from the messages of the compiler.
fn refused(messages: &str) -> BTreeSet<usize> {
    let spans = messages.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok()).flat_map(|message| {
        let error = message["message"]["level"] == "error";
        let spans = message["message"]["spans"].as_array().cloned().unwrap_or_default();
        spans.into_iter().filter(move |s| error && s["is_primary"] == true)
    });
    let number = |span: Value| {
        let file = span["file_name"].as_str()?.strip_prefix("examples/fails/w")?.to_owned();
        file.strip_suffix(".rs")?.parse().ok()
    };
    spans.filter_map(number).collect()
}

/// Says whether a line takes in an item that has failed already.
fn refused_line(line: &str, left: &BTreeSet<usize>) -> bool {
    let number = line.strip_prefix("mod w").and_then(|l| l.strip_suffix(';')).and_then(|n| n.parse().ok());
    number.is_some_and(|n: usize| !left.contains(&n))
}

/// Removes what an earlier run wrote and this one does not.
fn remove_others(root: &Path, folder: &Path, files: &BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|e| e.expect("an entry").path()) {
        let name = path.strip_prefix(root).expect("below").display().to_string();
        if path.is_dir() {
            remove_others(root, &path, files);
        } else if !files.contains_key(&name) {
            std::fs::remove_file(&path).expect("a file of an earlier run");
        }
    }
}
