//! The files around the sources: `package.json`, `tsconfig.json`, `.npmrc` and the README.

use unified_event_schema::{Column, ColumnType, Memory, Schema, Wire};

use super::{FOLDER, surface, text};
use crate::{Artifact, HEAD_NOTE, head_note};

/// The compiler that builds the package; `tests/typescript` pins the same one.
const TYPESCRIPT: &str = "7.0.2";

// The package has the version of the workspace: it is published together with the crates.
const VERSION: &str = env!("CARGO_PKG_VERSION");

const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "target": "es2022",
    "lib": ["es2022"],
    "module": "nodenext",
    "types": [],
    "rootDir": "src",
    "outDir": "dist",
    "declaration": true,
    "declarationMap": true,
    "sourceMap": true,
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true,
    "noImplicitReturns": true,
    "isolatedDeclarations": true,
    "verbatimModuleSyntax": true
  },
  "include": ["src"]
}
"#;

/// Returns the files.
pub(super) fn emit(schema: &Schema) -> Vec<Artifact> {
    let file = |name: &str, contents: String| Artifact::text(format!("{FOLDER}/{name}"), contents);
    vec![
        file("package.json", manifest(schema)),
        file("tsconfig.json", format!("{}{TSCONFIG}", head_note("//"))),
        file(".npmrc", npmrc()),
        file("README.md", readme(schema)),
    ]
}

fn npmrc() -> String {
    // A lock file here would be a file that the generator did not write.
    format!("{}package-lock=false\n", head_note("#"))
}

fn manifest(schema: &Schema) -> String {
    let description = format!("Types and helpers for the {} columns of the UnifiedEvent.", schema.counts.stored);
    let manifest = serde_json::json!({
        "name": "unified-event",
        "version": VERSION,
        "description": description,
        "license": env!("CARGO_PKG_LICENSE"),
        "type": "module",
        "sideEffects": false,
        "main": "./dist/index.js",
        "types": "./dist/index.d.ts",
        "exports": {
            ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" },
            "./package.json": "./package.json",
        },
        "files": ["dist", "src"],
        "scripts": { "build": "tsc -p tsconfig.json", "prepack": "npm run build" },
        "devDependencies": { "typescript": TYPESCRIPT },
    });
    format!("{manifest:#}\n")
}

/// Returns the README; its sample is made from the examples of the first event type's columns.
fn readme(schema: &Schema) -> String {
    let (counts, sample, sets, memory) = (counts(schema), sample(schema), sets(schema), memory(schema));
    format!(
        r#"<!-- {HEAD_NOTE} -->

# unified-event

The UnifiedEvent for TypeScript: types, column metadata and helpers for its {counts}.
It has no dependencies and runs in Workers, Node, Deno, Bun and browsers.

```ts
{sample}```

## Build

`npm install && npm run build` compiles `src/` into `dist/`: ES modules for ES2022 with declarations and source maps.
Projects that use the package need TypeScript 5.0 or newer.

## What it exports

- `UnifiedEvent`, the intersection of one type per group of columns. Every key is present; a column that is not set is `null`.
- One type per event type and `DiscriminatedUnifiedEvent`, their union: the event type's required columns are not null.
- One guard per event type. It checks the event type and that the required columns are set, so an event that it lets through is what its type says.
- `createUnifiedEvent(partial)`: an event with all columns, null where `partial` has none. The compiler asks for the columns that are never null.
- `UNIFIED_COLUMNS`: name, loose type, nullability and partitioning of all columns, in the order of the table.

The names above are those of `src/unified-event.ts`, which replaces hand-written modules. `src/values.ts` adds what they do not have:

- `EVENT_TYPES`, `EVENT_TYPE_REQUIREMENTS`: the event types, and what each one requires, as data.
{sets}
## How values are held in memory

{memory}"#
    )
}

/// Returns one line for each closed set of values.
fn sets(schema: &Schema) -> String {
    let line = |set: surface::ClosedSet<'_>| {
        format!("- `{}`, `{}`: the values that `{}` may have.\n", set.const_name, set.type_name, set.column)
    };
    surface::closed_sets(schema).into_iter().map(line).collect()
}

/// Returns what the columns hold whose type does not say it.
fn memory(schema: &Schema) -> String {
    let columns = |holds: fn(&Column) -> bool| {
        let columns = schema.events_table().columns.iter().filter(|c| holds(c));
        columns.map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", ")
    };
    let rows = [
        ("text as in RFC 3339", columns(|c| c.ty == ColumnType::Timestamp)),
        ("a bigint, because it exceeds what a number holds exactly", columns(|c| c.wire == Wire::DecimalString)),
        ("JSON text", columns(|c| c.ty == ColumnType::Json && c.memory == Memory::Text)),
        ("bytes as base64 text", columns(|c| c.ty == ColumnType::Binary)),
    ];
    let rows = rows.iter().filter(|(_, columns)| !columns.is_empty());
    rows.map(|(holds, columns)| format!("- {columns}: {holds}.\n")).collect()
}

fn counts(schema: &Schema) -> String {
    let counts = schema.counts;
    format!("{} event columns and {} system columns, {} in all", counts.event, counts.system, counts.stored)
}

/// Returns code that makes an event and narrows it.
fn sample(schema: &Schema) -> String {
    let Some(event_type) = schema.event_types.first() else { return String::new() };
    let required = schema.events_table().columns.iter().filter(|c| c.required).map(|c| c.name.as_str());
    let typed = event_type.requires.iter().filter_map(|r| r.any_of.first()).map(String::as_str);
    let properties: String = required
        .chain(typed)
        .filter_map(|name| schema.column(name))
        .map(|column| {
            let value = match column.name.as_str() {
                surface::EVENT_TYPE_COLUMN => text::quote(&event_type.name),
                _ => surface::example(column),
            };
            format!("  {}: {value},\n", column.name)
        })
        .collect();
    let guard = surface::guard_name(event_type);
    let columns: Vec<String> = surface::single_requirements(event_type).map(|c| format!("event.{c}")).collect();
    let columns = if columns.is_empty() { "event.id".to_owned() } else { columns.join(", ") };
    format!(
        "import {{ createUnifiedEvent, {guard} }} from \"unified-event\";\n\n\
         const event = createUnifiedEvent({{\n{properties}}});\n\n\
         if ({guard}(event)) {{\n  console.log({columns}); // not null here\n}}\n"
    )
}
