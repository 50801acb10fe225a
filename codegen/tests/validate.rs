//! `unified-event validate` as users run it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Returns the text of a file of the repository.
fn text(path: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../").to_owned() + path;
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn validate(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unified-event"));
    command.arg("validate").args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("cargo");
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("an end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("a code"), text(stdout), text(stderr))
}

fn invalid() -> String {
    let cases = text("tests/events/invalid.ndjson");
    let cases = cases.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let of_table = cases.filter(|case| case["table"] == "unified_events");
    of_table.map(|case| format!("{}\n", case["event"].as_str().expect("text"))).collect()
}

#[test]
fn exit_codes_say_how_it_went() {
    let valid = "tests/events/valid/unified_events.ndjson";
    let (code, out, err) = validate(&[valid], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("48 accepted, 0 rejected"), "{out}");
    let (code, out, _) = validate(&["--table", "do_things", "tests/events/valid/do_things.ndjson"], b"");
    assert_eq!(code, 0, "{out}");
    assert_eq!(validate(&["-"], b"{}").0, 1);
    let (code, _, err) = validate(&["--table", "do_thing", valid], b"");
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `do_things`?"), "{err}");
    assert_eq!(validate(&[], b"").0, 2);
    let (code, out, err) = validate(&["no-such-file", valid], b"");
    assert_eq!(code, 3);
    assert!(err.contains("no-such-file") && out.contains("48 accepted"), "{out}{err}");
    assert_eq!(validate(&["tests"], b"").0, 3);
}

#[test]
fn compressed_input_is_read() {
    let plain = text("tests/events/valid/unified_events.ndjson");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(plain.as_bytes()).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let zstd = zstd::stream::encode_all(plain.as_bytes(), 3).expect("memory");
    for bytes in [&gzip, &zstd] {
        // Two members, one behind the other, are one text.
        let (code, out, err) = validate(&["-"], &bytes.repeat(2));
        assert_eq!(code, 0, "{err}");
        assert!(out.contains("96 accepted, 0 rejected"), "{out}");
        let (code, _, err) = validate(&["-"], &bytes[..bytes.len() / 2]);
        assert_eq!(code, 3, "a truncated file is not read to its end: {err}");
    }
}

#[test]
fn json_is_what_its_schema_says() {
    let (code, out, _) = validate(&["--format", "json", "--examples", "2", "-"], invalid().as_bytes());
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let schema: Value = serde_json::from_str(&text("generated/schemas/validation.schema.json")).expect("JSON");
    conforms(&report, &schema, "report");
    let reasons = report["reasons"].as_array().expect("a list");
    assert!(reasons.len() >= 12, "most reasons have cases");
    assert_eq!(report["rejected"], invalid().lines().count());
    assert!(reasons.iter().all(|reason| reason["examples"].as_array().expect("a list").len() <= 2));
}

/// Checks the keywords that the schema uses.
fn conforms(value: &Value, schema: &Value, path: &str) {
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    let is = |ty: &Value| match ty.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "null" => value.is_null(),
        other => panic!("{other} in the schema"),
    };
    assert!(types.iter().any(is), "{path}: {value}");
    for key in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(key.as_str().expect("text")).is_some(), "{path}: {key}");
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let of_key = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
        assert!(of_key.is_object(), "{path}: `{key}` is not in the schema");
        conforms(value, of_key, &format!("{path}.{key}"));
    }
    for (i, value) in value.as_array().into_iter().flatten().enumerate() {
        conforms(value, &schema["items"], &format!("{path}[{i}]"));
    }
}

#[test]
fn faults_are_shown_where_they_are() {
    let good = r#"{"id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s"}"#;
    let bad = good.replace("\"s\"", &format!("\"{}\",\"http_status\":\"200\",\"severity\":1", "x".repeat(300)));
    let (_, out, _) = validate(&["-"], format!("{good}\n{bad}\n").as_bytes());
    let lines: Vec<&str> = out.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("error[type-mismatch]")).expect(&out);
    assert!(lines[at + 1].ends_with(&format!("<stdin>:2:{}", bad.find("\"200\"").expect("it") + 1)), "{out}");
    let caret = lines[at + 4].chars().position(|c| c == '^').expect("a caret");
    assert!(lines[at + 3].chars().skip(caret).collect::<String>().starts_with("\"200\""), "{out}");
    assert!(out.contains("error[unknown-field]"), "all faults of a line are shown: {out}");
    assert!(out.contains("1 accepted, 1 rejected"));
    let (_, out, _) = validate(&["--format", "github", "-"], bad.as_bytes());
    assert!(out.starts_with("::error file=<stdin>,line=1,col="), "{out}");
    let (code, out, _) = validate(&["--unknown", "ignore", "-"], good.replace("\"s\"", "\"s\",\"x\":1").as_bytes());
    assert_eq!(code, 0);
    assert!(out.contains("1 unknown fields"), "{out}");
}
