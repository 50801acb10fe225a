//! Dual emission in TypeScript: types of both records, the way from one to the other, and a sender.

use std::fmt::Write;

use unified_event_schema::{ColumnType, StreamField};

use super::{Streams, Way};
use crate::head_note;
use crate::target::typescript::types;

pub(super) fn emit(streams: &Streams<'_>) -> String {
    let (old, new) = (&streams.old.stream, &streams.new.stream);
    let mut out = head_note("//");
    let _ = write!(
        out,
        "// Records of `{}` for both versions, while `{}` and `{}` are fed.\n\n",
        streams.table, old.name, new.name
    );
    let only: Vec<&StreamField> = streams.old_only().collect();
    out.push_str(&record("OldRecord", &format!("A record of `{}`.", old.name), old.fields.iter()));
    out.push_str(&record("NewRecord", &format!("A record of `{}`.", new.name), new.fields.iter()));
    out.push_str(&record("OldOnly", "What the old version has and nothing of the new one says.", only.into_iter()));
    let _ = write!(
        out,
        "/** The bindings of both streams, as in `wrangler.jsonc` beside this file. */\n\
         export type DualBindings = {{\n  {}: {{ send(records: OldRecord[]): Promise<void> }};\n  {}: {{ send(records: NewRecord[]): Promise<void> }};\n}};\n\n",
        streams.old.binding, streams.new_binding
    );
    out.push_str(
        "/** Returns the old record of an event; throws where the old version requires what nothing says. */\n",
    );
    let parameter = if streams.old_only().next().is_none() { "_oldOnly" } else { "oldOnly" };
    let _ = write!(
        out,
        "export function toOld(record: NewRecord, {parameter}: OldOnly): OldRecord {{\n  const old: Record<string, unknown> = {{}};\n"
    );
    for field in &streams.fields {
        let name = string(&field.old.name);
        let value = match field.from {
            Some((from, way)) => {
                let value = access("record", &from.name);
                match way {
                    Way::Copy => value,
                    Way::Text => format!("text({value})"),
                    Way::Number => format!("number({value})"),
                    Way::Integer(low, high) => format!("integer({value}, {low}, {high})"),
                }
            }
            None => access("oldOnly", &field.old.name),
        };
        let _ = writeln!(out, "  put(old, {name}, {value}, {});", field.old.required);
    }
    out.push_str("  return old as OldRecord;\n}\n\n");
    out.push_str(&SENDER.replace("OLD_BINDING", &streams.old.binding).replace("NEW_BINDING", &streams.new_binding));
    let uses = |way: fn(&Way) -> bool| streams.fields.iter().any(|f| f.from.is_some_and(|(_, w)| way(&w)));
    for (used, text) in [
        (uses(|w| matches!(w, Way::Text)), TEXT),
        (uses(|w| matches!(w, Way::Integer(..))), INTEGER),
        (uses(|w| matches!(w, Way::Number)), NUMBER),
    ] {
        if used {
            out.push('\n');
            out.push_str(text);
        }
    }
    out
}

fn record<'a>(name: &str, doc: &str, fields: impl Iterator<Item = &'a StreamField>) -> String {
    let mut lines = String::new();
    for field in fields {
        let ty = match field.ty {
            ColumnType::Json => "unknown",
            other => types::wire(other),
        };
        let (mark, null) = if field.required { ("", "") } else { ("?", " | null | undefined") };
        let null = if ty == "unknown" { "" } else { null };
        let _ =
            writeln!(lines, "  /** {} */\n  {}{mark}: {ty}{null};", field.doc.replace("*/", "*\\/"), key(&field.name));
    }
    if lines.is_empty() {
        return format!("/** {doc} */\nexport type {name} = Record<string, never>;\n\n");
    }
    // A type, not an interface: the platform's generic wants an index signature.
    format!("/** {doc} */\nexport type {name} = {{\n{lines}}};\n\n")
}

fn key(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { string(name) }
}

fn access(object: &str, name: &str) -> String {
    let key = key(name);
    if key == name { format!("{object}.{name}") } else { format!("{object}[{key}]") }
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

const SENDER: &str = r#"/** One event for both versions. */
export type DualEvent = { record: NewRecord; oldOnly: OldOnly };

/** A version that did not take the events. */
export type Version = "old" | "new";

/** Says which of the streams did not take the events: send to those again, and to no other. */
export class DualSendError extends Error {
  constructor(
    readonly failed: readonly Version[],
    readonly reasons: readonly unknown[],
  ) {
    super(`not taken by the stream of the ${failed.join(" and the ")} version`);
    this.name = "DualSendError";
  }
}

/** Sends events to both streams. Nothing is sent when one of them has no old record. */
export async function sendToBoth(
  env: DualBindings,
  events: readonly DualEvent[],
  to: readonly Version[] = ["old", "new"],
): Promise<void> {
  const old = events.map(({ record, oldOnly }) => toOld(record, oldOnly));
  const sending = to.map((version) =>
    version === "old" ? env.OLD_BINDING.send(old) : env.NEW_BINDING.send(events.map(({ record }) => record)),
  );
  const results = await Promise.allSettled(sending);
  const failed: Version[] = [];
  const reasons: unknown[] = [];
  results.forEach((result, i) => {
    const version = to[i];
    if (result.status === "rejected" && version !== undefined) {
      failed.push(version);
      reasons.push(result.reason);
    }
  });
  if (failed.length > 0) throw new DualSendError(failed, reasons);
}

function put(record: Record<string, unknown>, field: string, value: unknown, required: boolean): void {
  if (value !== null && value !== undefined) record[field] = value;
  else if (required) throw new TypeError(`the new record says nothing that \`${field}\` of the old version can hold`);
}
"#;

const TEXT: &str = r#"function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
"#;

const INTEGER: &str = r#"/** Text and whole floats count where they say an integer exactly. */
function integer(value: unknown, low: number, high: number): number | undefined {
  const number = typeof value === "string" && /^[+-]?[0-9]+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= low && number <= high ? number : undefined;
}
"#;

const NUMBER: &str = r#"function number(value: unknown): number | undefined {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}
"#;
