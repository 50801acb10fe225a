//! One rule, one verdict: thousands of adversarial lines through every reader of the wire form.
//!
//! `events/adversarial.json` holds the parts of the lines: every value in every column, and whole lines. The
//! snapshot says what becomes of each, and `typescript/test/verdicts.test.ts` holds the validators and
//! the conversion of the npm package to the same snapshot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unified_event::tables::UNIFIED_EVENTS;
use unified_event::{Fault, FaultCode, UnifiedEventRow};
use unified_event_runtime::batch::{BatchReader, EventBatch};
use unified_event_runtime::ndjson::Decoder;
use unified_event_tests::text;

/// What is wrong with a line: codes and columns, none twice.
type Verdict = BTreeSet<(FaultCode, Option<String>)>;

fn verdict<'a>(faults: impl IntoIterator<Item = &'a Fault>) -> Verdict {
    faults.into_iter().map(|fault| (fault.code, fault.column.as_deref().map(str::to_owned))).collect()
}

fn words(verdict: &Verdict) -> String {
    let one = |(code, column): &(FaultCode, Option<String>)| match column {
        Some(column) => format!("{code} {column}"),
        None => code.to_string(),
    };
    if verdict.is_empty() { "ok".to_owned() } else { verdict.iter().map(one).collect::<Vec<_>>().join(", ") }
}

/// A value is its text, or texts with how often each is repeated.
fn value(spec: &Value) -> String {
    let part = |part: &Value| match part {
        Value::Array(repeated) => {
            repeated[0].as_str().expect("a text").repeat(repeated[1].as_u64().expect("a number") as usize)
        }
        other => other.as_str().expect("a text").to_owned(),
    };
    spec.as_array().map_or_else(|| part(spec), |parts| parts.iter().map(part).collect())
}

/// The base event with one column set to a value, whatever text that is.
fn line(base: &serde_json::Map<String, Value>, column: &str, value: &str) -> String {
    let others = base.iter().filter(|(name, _)| *name != column);
    let entries: Vec<String> = others.map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{},\"{column}\":{value}}}", entries.join(","))
}

/// Returns the verdict on a line, after all readers and writers have agreed about it.
fn judge(decoder: &Decoder, batch: &mut EventBatch, line: &str) -> Verdict {
    let row = UnifiedEventRow::from_wire(line);
    let verdict = verdict(row.as_ref().err().into_iter().flat_map(|faults| faults.iter()));
    let mut input = line.as_bytes().to_vec();
    input.push(b'\n');
    let decoded: Vec<_> = decoder.decode(&input).collect();
    let (accepted, rejects) = match decoded.as_slice() {
        [] => (0, Vec::new()),
        [decoded] => (decoded.batch.num_rows(), decoded.rejects.clone()),
        _ => panic!("{line}: more than a batch"),
    };
    match (&row, rejects.as_slice()) {
        (Ok(row), []) => {
            assert_eq!(accepted, 1, "{line}");
            assert_eq!(row.validate(), Ok(()), "{line}");
            let json = row.to_json().expect("an accepted event is sent");
            assert!(UnifiedEventRow::from_wire(&json).is_ok_and(|again| again == *row), "{line}: {json}");
            batch.push_row(row).expect("an accepted event is pushed");
            let batch = batch.finish();
            let mut out = Vec::new();
            BatchReader::new(&UNIFIED_EVENTS, &batch).expect("a reader").append_json(0, &mut out).expect("JSON");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), json, "{line}");
            assert_eq!(decoded[0].batch, batch, "{line}");
        }
        (Err(_), [reject]) => {
            assert_eq!(self::verdict(reject.faults().iter()), verdict, "{line}");
            // The scan names what it meets first: before the text breaks, or the key is there again.
            let is_later = |code: &FaultCode| matches!(code, FaultCode::MalformedJson | FaultCode::DuplicateKey);
            let is_later = verdict.iter().any(|(code, _)| is_later(code));
            assert!(is_later || verdict.iter().any(|(code, _)| *code == reject.code), "{line}: {}", reject.code);
        }
        (Err(_), []) if line.trim().is_empty() => {}
        (row, rejects) => panic!("{line}: {:?}, and {} rejects", row.is_ok(), rejects.len()),
    }
    verdict
}

#[test]
fn every_reader_says_the_same_of_every_line() {
    let parts: Value = serde_json::from_str(&text("tests/events/adversarial.json")).expect("JSON");
    let list = |key: &str| parts[key].as_array().expect("a list").clone();
    let base = parts["base"].as_object().expect("an object");
    let columns: Vec<String> = list("columns").iter().map(|c| c.as_str().expect("a name").to_owned()).collect();
    let (decoder, mut batch) = (Decoder::new(&UNIFIED_EVENTS), EventBatch::new(&UNIFIED_EVENTS));
    let (mut out, mut n_lines, mut n_accepted) = (String::new(), 0, 0);
    for spec in list("values") {
        let value = value(&spec);
        let mut by_verdict: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for column in &columns {
            let verdict = judge(&decoder, &mut batch, &line(base, column, &value));
            n_lines += 1;
            n_accepted += usize::from(verdict.is_empty());
            let of_column = words(&verdict).replace(&format!(" {column}"), " *");
            by_verdict.entry(of_column).or_default().push(column);
        }
        out.push_str(&format!("value {spec}\n"));
        for (verdict, columns) in by_verdict {
            out.push_str(&format!("  {verdict}: {}\n", columns.join(" ")));
        }
    }
    for line in list("lines") {
        let verdict = judge(&decoder, &mut batch, line.as_str().expect("a text"));
        n_lines += 1;
        out.push_str(&format!("line {line}\n  {}\n", words(&verdict)));
    }
    assert!(n_lines > 3_000 && n_accepted > 400, "{n_lines} lines, {n_accepted} of them accepted");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("adversarial", out) });
}
