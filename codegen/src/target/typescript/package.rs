//! The files around the sources: `package.json`, `tsconfig.json`, `.npmrc` and the README.

use unified_event_schema::{Column, ColumnType, Memory, Pipeline, Schema, Wire};

use super::{FOLDER, streams, surface, text, validate};
use crate::{Artifact, HEAD_NOTE, head_note};

/// The compiler that builds the package; `tests/typescript` pins the same one.
const TYPESCRIPT: &str = "7.0.2";

/// The zod with which the package is built and tested; users may have any release of version 4.
const ZOD: &str = "4.6.7";

/// What users import: the path below the package's name, and the module.
const ENTRIES: [(&str, &str); 5] = [
    ("", "index"),
    ("/schema", "unified-event-schema"),
    ("/validate", "validate"),
    ("/pipeline", "pipeline"),
    ("/cloudflare", "cloudflare"),
];

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
    "isolatedModules": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true
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
    let description =
        format!("Types, validators and senders for the {} columns of the UnifiedEvent.", schema.counts.stored);
    let types = |module: &str| format!("./dist/{module}.d.ts");
    let mut exports = serde_json::Map::new();
    let mut paths = serde_json::Map::new();
    for (path, module) in ENTRIES {
        let entry = serde_json::json!({ "types": types(module), "default": format!("./dist/{module}.js") });
        exports.insert(format!(".{path}"), entry);
        // Where `exports` is not read: the way in which TypeScript resolved modules before Node 12.
        if let Some(name) = path.strip_prefix('/') {
            paths.insert(name.to_owned(), serde_json::json!([types(module)]));
        }
    }
    exports.insert("./package.json".to_owned(), "./package.json".into());
    let manifest = serde_json::json!({
        "name": "unified-event",
        "version": VERSION,
        "description": description,
        "license": env!("CARGO_PKG_LICENSE"),
        "type": "module",
        "sideEffects": false,
        "main": "./dist/index.js",
        "types": "./dist/index.d.ts",
        "exports": exports,
        "typesVersions": { "*": paths },
        "files": ["dist", "src"],
        "scripts": { "build": "tsc -p tsconfig.json", "prepack": "npm run build" },
        "peerDependencies": { "zod": "^4.0.0" },
        "peerDependenciesMeta": { "zod": { "optional": true } },
        "devDependencies": { "typescript": TYPESCRIPT, "zod": ZOD },
    });
    format!("{manifest:#}\n")
}

/// Returns the README; its sample is made from the examples of the first event type's columns.
fn readme(schema: &Schema) -> String {
    let (counts, sample, sets, memory) = (counts(schema), sample(schema), sets(schema), memory(schema));
    let (sending, senders) = (sending(schema), senders(schema));
    let max_depth = schema.wire.max_depth;
    let validators = code_list(schema.event_types.iter().map(validate::validator_name));
    let narrow = schema.pipelines.iter().filter(|p| !streams::is_wide(schema, p));
    let streams = code_list(narrow.map(|p| format!("validate{}", streams::type_stem(p))));
    format!(
        r#"<!-- {HEAD_NOTE} -->

# unified-event

The UnifiedEvent for TypeScript: types, validators and senders for its {counts}.
It has no dependencies and runs in Workers, Node, Deno, Bun and browsers; only `unified-event/schema` needs zod 4.

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
- `UNIFIED_COLUMNS`: name, loose type, nullability and partitioning of all columns, in the order of the table; frozen. `UNIFIED_COLUMN_TUPLE` is the same list with the names as literal types.

The names above are those of `src/unified-event.ts`, which replaces hand-written modules. `src/values.ts` adds what they do not have:

- `EVENT_TYPES`, `EVENT_TYPE_REQUIREMENTS`: the event types, and what each one requires, as data.
{sets}
## Send events

```ts
{sending}```

A stream accepts every record and drops what does not fit later, without a word; keys it does not know it strips.
So a sender checks first, keeps requests below 5 MB and records below 1 MB, and repeats what fails.
Every event that it is given is sent, or handed to a function of yours with the reason; nothing is lost silently, and nothing is reported twice.

| call                | what it does                                                                                          |
| ------------------- | ----------------------------------------------------------------------------------------------------- |
| `add(event)`        | queues an event; the promise resolves when there is room for the next one, and never rejects          |
| `send(events)`      | adds events, sends what waits, and resolves with `{{ sent, rejected, deadLettered }}` of its own events |
| `flush()`           | sends what waits, and resolves with what became of all that was added since the last time             |
| `close()`           | flushes, takes nothing any more, and gives up after `closeTimeoutMs`                                  |
| `ready()`, `queued` | resolves when there is room; how many events wait                                                     |

- An event that is at fault itself goes to `onReject`; one that is in order and was not delivered to `onDeadLetter`, or to `onReject` if that is absent. Both are awaited. What they throw comes out of `send`, `flush` or `close` as a `SenderError`, which has the summary and, in each `HookError`, the event.
- A request starts by itself when it is full (`maxRequestBytes`), after `flushIntervalMs`, or when the queue is half full. At most `maxQueueEvents` and `maxQueueBytes` wait; what comes beyond is a dead letter (`queue-full`), so await what `add` returns. A list is taken as a whole.
- A request has `timeoutMs` for an answer and is tried `maxAttempts` times, with waits that double up to `maxDelayMs` and are spread by chance; a longer `Retry-After` than that ends the attempts. If the answer comes late but comes, the event is not sent again.
- Status 400, 413 or 422 means that records are at fault: halves find them, and the others go through. Any other 4xx (but 408, 425 and 429) means the whole request: all its events are dead letters after one attempt. A stream that refuses every record is recognised after some twenty requests.
- Requests go out one after another, in the order in which events were added; only halves of a refused request change the order.
- Delivery is at least once: a request that seemed to fail may have arrived. The `id` of an event tells repetitions apart.
- A `signal` ends the waiting of `send` and `flush`: the promise rejects with its reason, and the events stay in the sender. That of `close` also gives up what is not sent.
- In a Worker, pass `waitUntil` and make a sender for each request, or one in a Durable Object: timers and promises belong to the request that made them. In Node, no timer keeps the process alive unless somebody waits: `await sender.close()` before it ends.
- Options are checked, all at once: `SenderOptionsError`.
- `toPipelineRecord(event)` returns the record alone and throws `EventFaultsError`, `safeToPipelineRecord` returns the faults. JSON text in an event becomes the value it holds; where that value would differ from the text, because JavaScript rounds a number, loses the sign of `-0` or keeps one of two members of a name, it is a fault with the path.
- `toPipelineText(event)` and `safeToPipelineText` return the record as JSON text, in which JSON text stays as it is, with all digits and members: for the HTTP endpoint of the stream, whose body is `[` + texts joined by commas + `]`, and for NDJSON.
- Bytes in place of base64 text may be any `ArrayBuffer` or view of one.
- `sanitize(value)` makes of any value one that json columns take: an `Error` becomes an object of its name, message, stack, cause and own properties, half of a surrogate pair U+FFFD, `NaN` and bigints text, maps objects, sets arrays, bytes base64; a circle, a level too deep and a getter that throws become text in brackets.
- What an event or a json column holds is read wherever it is: in accessors, inherited, hidden from enumeration, behind `toJSON`. Maps, sets, errors, symbols and named values of arrays are faults; nothing is left out.
- `unified-event/cloudflare` types the bindings of a Worker without a login.

{senders}
## Check events

`unified-event/validate` checks events in the form in which they are sent, and reports every fault with its path, a code, what was expected and what came:

```ts
import {{ formatFault, validate, validateText, warningsOf }} from "unified-event/validate";

const text = '{{"id":"1","event_type":"span"}}';
for (const fault of validateText(text)) console.log(formatFault(fault));
if (validate(JSON.parse(text)).length > 0) console.log("not sent");
for (const warning of warningsOf(JSON.parse(text))) console.log(formatFault(warning));
```

- {validators}: the same for one event type, for a bundle without the others.
- {streams}: the same for the other streams.
- `validate` sees values as JavaScript holds them, at every depth of json columns: their nesting (at most {max_depth} levels, empty ones counted), numbers that are not finite, halves of surrogate pairs.
- `validateText` and `validateBytes` see what parsing hides too. Of the event itself: keys that appear twice, also by escapes; the digits of its numbers, so that `1.0` is no integer and one beyond 2^53 is judged as it is written; halves of surrogate pairs anywhere, as a fault of the whole text. Within json columns: numbers beyond 64-bit floats. A member that an object within a json column has twice is no fault, and neither is a number that JavaScript would round there: the text is what travels, and it is kept.
- Both say what the Rust decoder says of the same line, with the same codes for the same columns.
- `warningsOf`: values outside of open sets, conventions of names, upper case in trace and span ids, deprecated columns, JSON text in a json column, which would be stored encoded twice. They are never faults.

## Check events with zod

`unified-event/schema` has zod schemas for events in memory: one per group, `UnifiedEventSchema`, a strict one, a lazy one and one per event type, with `validateUnifiedEvent`, `safeValidateUnifiedEvent` and `validateEventBatch`.
They check the structure, and of the closed sets of values only the event types.

## How values are held in memory

{memory}"#
    )
}

fn code_list(names: impl Iterator<Item = String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns code of a Worker that sends events.
fn sending(schema: &Schema) -> String {
    let wide = schema.pipelines.iter().find(|pipeline| streams::is_wide(schema, pipeline));
    let binding = wide.map_or("PIPELINE", |pipeline| pipeline.binding.as_str());
    SENDING.replace("BINDING", binding)
}

const SENDING: &str = r#"import { createSender, type UnifiedEventInput } from "unified-event/pipeline";
import type { PipelineBindings } from "unified-event/cloudflare";

export function report(
  events: UnifiedEventInput[],
  env: PipelineBindings,
  ctx: { waitUntil(promise: Promise<unknown>): void },
) {
  const sender = createSender(env.BINDING, {
    onReject: (event, faults) => console.log(event.id, faults),
    onDeadLetter: (event, faults) => console.log("not delivered:", event.id, faults),
  });
  ctx.waitUntil(sender.send(events));
}
"#;

/// Returns one line for each stream with the functions that serve it.
fn senders(schema: &Schema) -> String {
    let line = |pipeline: &Pipeline| {
        let (suffix, record) = (streams::suffix(schema, pipeline), streams::record_type(schema, pipeline));
        format!(
            "- `create{suffix}Sender` sends `{record}` to `{}`, the binding `{}`.\n",
            pipeline.stream.name, pipeline.binding
        )
    };
    schema.pipelines.iter().map(line).collect()
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
