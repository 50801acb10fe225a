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

/// Returns what the report says of the valid events, read so many times.
fn accepted(times: usize) -> String {
    let n = text("tests/events/valid/unified_events.ndjson").lines().count();
    format!("{} accepted, 0 rejected", n * times)
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unified-event"));
    command.arg("validate").args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn validate(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child = command(arguments).spawn().expect("cargo");
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
    assert!(out.contains(&accepted(1)), "{out}");
    let (code, out, _) = validate(&["--table", "do_things", "tests/events/valid/do_things.ndjson"], b"");
    assert_eq!(code, 0, "{out}");
    assert_eq!(validate(&["-"], b"{}").0, 1);
    let (code, _, err) = validate(&["--table", "do_thing", valid], b"");
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `do_things`?"), "{err}");
    assert_eq!(validate(&[], b"").0, 2);
    let (code, out, err) = validate(&["no-such-file", valid], b"");
    assert_eq!(code, 3);
    assert!(err.contains("no-such-file") && out.contains(&accepted(1)), "{out}{err}");
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
        assert!(out.contains(&accepted(2)), "{out}");
        let (code, _, err) = validate(&["-"], &bytes[..bytes.len() / 2]);
        assert_eq!(code, 3, "a truncated file is not read to its end: {err}");
    }
    // Zeros fill up what tapes and blocks hold; anything else behind a member is not known to be none.
    for (between, behind, exit) in [(0, &b""[..], 0), (1, b"", 0), (70_000, b"", 0), (3, b"\x01", 3), (0, b"{}", 3)] {
        let zeros = vec![0; between];
        let (code, out, err) = validate(&["-"], &[&gzip, &zeros[..], &gzip, &zeros, behind].concat());
        assert_eq!(code, exit, "{between} zeros: {err}");
        assert!(out.contains(&accepted(2)), "{out}");
    }
}

#[test]
fn compression_is_told_by_content_however_it_starts() {
    let plain = text("tests/events/valid/unified_events.ndjson");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(plain.as_bytes()).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let zstd = zstd::stream::encode_all(plain.as_bytes(), 3).expect("memory");
    for n in [0x50, 0x5F] {
        let skippable = [n, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, b'a', b'b', b'c'];
        let (code, out, err) = validate(&["-"], &[&skippable[..], &zstd, &skippable, &zstd].concat());
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains(&accepted(2)), "{out}");
    }
    for bytes in [&gzip[..], &zstd, plain.as_bytes()] {
        let mut child = command(&["-"]).spawn().expect("cargo");
        let mut pipe = child.stdin.take().expect("a pipe");
        for part in [&bytes[..1], &bytes[1..3], &bytes[3..]] {
            pipe.write_all(part).expect("a reader");
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        drop(pipe);
        let out = child.wait_with_output().expect("an end");
        assert!(String::from_utf8_lossy(&out.stdout).contains(&accepted(1)), "{out:?}");
    }
    for bytes in [&b""[..], b"\x1F", b"\x28\xB5\x2F"] {
        assert_eq!(validate(&["-"], bytes).0, i32::from(!bytes.is_empty()), "fewer bytes than a mark has are text");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_an_error() {
    for format in ["text", "json", "github"] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
        let mut child = command(&["--format", format, "-"]).stdout(full).spawn().expect("cargo");
        drop(child.stdin.take());
        let out = child.wait_with_output().expect("an end");
        assert_eq!(out.status.code(), Some(3));
        assert!(String::from_utf8_lossy(&out.stderr).contains("cannot write to standard output"), "{out:?}");
    }
    // Who closes the pipe has seen enough.
    let mut child = command(&["-"]).spawn().expect("cargo");
    drop(child.stdout.take());
    child.stdin.take().expect("a pipe").write_all(b"\n").expect("a reader");
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn threads_are_as_many_as_make_sense() {
    let x = |n| "x".repeat(n);
    let good = r#"{"id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s"}"#;
    let lines = format!("{}\n{good}\n{good}\n{}\n{good}\n", x(5_000_000), x(9_000_000));
    for n in ["1", "2", "256"] {
        let (code, out, _) = validate(&["--threads", n, "-"], lines.as_bytes());
        assert_eq!(code, 1);
        assert!(out.contains("3 accepted, 2 rejected"), "{out}");
    }
    for n in ["0", "257", "100000", "-1", "x", "99999999999999999999999"] {
        let (code, _, err) = validate(&[&format!("--threads={n}"), "-"], b"");
        assert_eq!(code, 2);
        assert!(err.contains("from 1 to 256"), "{err}");
    }
}

#[test]
fn ordinary_bytes_are_rejects_and_no_panic() {
    let good = r#"{"id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s"}"#;
    for open in ["{", "{\"id\":\"a\","] {
        let (code, out, err) = validate(&["-"], format!("{good}\n{open}{}{good}\n", "\n".repeat(32)).as_bytes());
        assert_eq!(code, 1, "{err}");
        assert!(out.contains("2 accepted, 1 rejected"), "{out}");
    }
}

#[test]
fn unknown_fields_of_refused_events_do_not_count() {
    let good = r#"{"id":"a","event_type":"tail","event_name":"a.b","ns":"a","service_name":"s","x":1}"#;
    let bad = r#"{"id":"a","x":1,"y":2}"#;
    for policy in ["ignore", "collect"] {
        let (code, out, _) = validate(&["--unknown", policy, "-"], format!("{bad}\n{good}\n").as_bytes());
        assert_eq!(code, 1);
        assert!(out.contains("\n1 unknown fields were not columns\n1 accepted, 1 rejected\n"), "{out}");
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

/// With a look through the line for each of them this test would take hours.
#[test]
fn every_fault_of_a_long_line_has_its_place() {
    let unknown: String = (0..100_000).map(|i| format!(",\"k{i}\":{{\"k{}\":1}}", i + 1)).collect();
    let line = format!("{{\"id\":1{unknown}}}");
    let (code, out, _) = validate(&["--format", "json", "--examples", "1000000", "-"], line.as_bytes());
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let of = |code: &str| report["reasons"].as_array().expect("a list").iter().find(|one| one["code"] == code).cloned();
    assert_eq!(of("type-mismatch").expect("a reason")["examples"][0]["column"], 7);
    let unknown = of("unknown-field").expect("a reason");
    let examples = unknown["examples"].as_array().expect("a list");
    assert_eq!(examples.len(), 100_000);
    for (i, example) in examples.iter().enumerate() {
        let column = example["column"].as_u64().expect("a number") as usize;
        assert!(line[column - 1..].starts_with(&format!("\"k{i}\":{{")), "{example}");
    }
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
