//! The project's own verdicts: what lowers one in the change under review says why, and not for ever.

use std::path::Path;

use crate::project::{commit, copy, edit, expect, git, project, rename};

const POLICY: &str = "schema/policy.toml";
const GATE: &str = "reason = \"Readers moved.\"\nowner = \"lake\"\nexpires = \"2026-12-31\"\n";
/// Every break of a rename, taken for fine.
const LOWERED: &str = "[rule.UE-C06]\nrust_api = \"ok\"\nwire_in = \"ok\"\nwire_out = \"ok\"\ntype_script = \"ok\"\n\
                       validators = \"ok\"\nselect_list = \"ok\"\nselect_star = \"ok\"\nrequires = \"none\"\n";

fn write(dir: &Path, policy: &str) {
    std::fs::write(dir.join(POLICY), policy).expect("a file");
}

#[test]
fn a_verdict_is_not_lowered_without_a_word() {
    let project = project();
    let dir = project.path();
    copy(&dir.join("schema"), &dir.join("elsewhere/schema"));
    rename(dir);
    assert!(expect(dir, &["check"], 1).contains("breaking[UE-C06]"));
    write(dir, LOWERED);
    // Whatever it is compared with, and where the baseline can have no policy: it counts from none on.
    for against in [
        &["check"][..],
        &["check", "--base", "main"],
        &["check", "--against", "main"],
        &["check", "--against", "main:schema"],
        &["check", "--against", "elsewhere"],
        &["check", "--against", "schema/released/v1.json"],
    ] {
        let text = expect(dir, against, 1);
        assert!(text.contains("error[UE-C92] POLICY_NOT_LOWERED"), "{against:?}: {text}");
        assert!(text.contains("verdict lowered by policy, in this change: UE-C06 COLUMN_SAME_NAME"), "{text}");
        assert!(text.contains("rust_api ok") && text.contains("instead of `requires major, rust_api break"), "{text}");
        assert!(text.contains("has no `reason`, `owner`, `expires` (schema/policy.toml:"), "{text}");
    }
    write(dir, &format!("{LOWERED}{GATE}"));
    for format in ["text", "markdown", "json", "sarif", "github", "junit"] {
        let text = expect(dir, &["check", "-v", "--format", format], 0);
        assert!(text.contains("verdict lowered by policy, in this change"), "{format}: {text}");
        let why = if matches!(format, "github" | "junit") { "UE-C92" } else { "Readers moved." };
        assert!(text.contains(why), "{format}: {text}");
    }
    assert!(expect(dir, &["check", "-v"], 0).contains("waived until 2026-12-31 by lake: Readers moved."));
    for part in ["reason = \"Readers moved.\"\n", "owner = \"lake\"\n", "expires = \"2026-12-31\"\n"] {
        write(dir, &format!("{LOWERED}{}", GATE.replace(part, "")));
        let key = part.split(' ').next().expect("a key");
        assert!(expect(dir, &["check"], 1).contains(&format!("has no `{key}`")), "{part}");
    }
    write(dir, &format!("{LOWERED}{}", GATE.replace("2026-12-31", "2026-02-31")));
    assert!(expect(dir, &["check"], 2).contains("schema/policy.toml:12: `2026-02-31` is not a date"));
    write(dir, &format!("{LOWERED}{}", GATE.replace("\"2026-12-31\"", "2026-12-31")));
    assert!(expect(dir, &["check"], 2).contains("the value of `expires` is no text"));
}

#[test]
fn a_lowered_verdict_is_over_with_its_date() {
    let project = project();
    let dir = project.path();
    git(dir, &["checkout", "-q", "main"]);
    write(dir, &format!("{LOWERED}{GATE}\n[unused.queries]\n{GATE}"));
    commit(dir, "a policy");
    git(dir, &["checkout", "-q", "-B", "work"]);
    rename(dir);
    let text = expect(dir, &["check", "--today", "2026-12-31"], 0);
    assert!(!text.contains("UE-C92") && text.contains("warning[UE-C06]"), "it stood there before: {text}");
    let text = expect(dir, &["check", "--today", "2027-01-01"], 1);
    assert!(text.contains("error[UE-C93] POLICY_NOT_EXPIRED: policy `rule.UE-C06` of lake was good until 2026-12-31"));
    assert!(text.contains("policy `unused.queries` of lake was good until 2026-12-31"), "{text}");
    assert!(text.contains("breaking[UE-C06]"), "the rule's own verdict holds again: {text}");
    // For longer is lower still, and for ever is the longest.
    write(dir, &format!("{LOWERED}{}\n[unused.queries]\n{GATE}", GATE.replace("2026", "2027")));
    let text = expect(dir, &["check"], 0);
    assert!(text.contains("UE-C92") && text.contains("(waived)") && text.contains("until 2027-12-31"), "{text}");
    write(dir, &format!("{LOWERED}\n[unused.queries]\n{GATE}"));
    assert!(expect(dir, &["check"], 1).contains("has no `reason`, `owner`, `expires`"));
    // Less long, less, or nothing: that is the project's own affair.
    write(dir, &format!("{LOWERED}{}", GATE.replace("2026-12", "2026-11-30").replace("-30-31", "-30")));
    assert!(!expect(dir, &["check"], 0).contains("UE-C92"));
    std::fs::remove_file(dir.join(POLICY)).expect("a file");
    assert!(!expect(dir, &["check"], 1).contains("UE-C92"));
}

#[test]
fn what_raised_a_verdict_is_missed() {
    let project = project();
    let dir = project.path();
    git(dir, &["checkout", "-q", "main"]);
    write(dir, "[rule.UE-C22]\nfiles = \"break\"\nrequires = \"major\"\n");
    commit(dir, "a policy");
    git(dir, &["checkout", "-q", "-B", "work"]);
    edit(dir, "schema/tables/notes.toml", "Notes that people left.", "Notes that people left behind.");
    assert!(expect(dir, &["check"], 1).contains("breaking[UE-C22]"));
    let lost = "UE-C22 DOC_NOTED says `files untouched, requires patch` instead of `files break, requires major`";
    for policy in ["", "[rule.UE-C22]\n", "[rule.DOC_NOTED]\nfiles = \"untouched\"\n"] {
        write(dir, policy);
        assert!(expect(dir, &["check"], 1).contains(lost), "{policy}");
    }
    std::fs::remove_file(dir.join(POLICY)).expect("a file");
    let text = expect(dir, &["check"], 1);
    assert!(text.contains(lost) && text.contains("schema/policy.toml:1"), "{text}");
    write(dir, &format!("[rule.UE-C22]\n{GATE}"));
    assert!(expect(dir, &["check"], 0).contains("(waived)"));
    // A waiver does as well.
    write(dir, "");
    let text = expect(dir, &["check", "-v"], 1);
    let fingerprint = text.split("fingerprint ").nth(1).and_then(|t| t.split(' ').next()).expect("a fingerprint");
    let waiver = format!("[[waiver]]\nfingerprint = \"{fingerprint}\"\n{GATE}");
    std::fs::write(dir.join("schema/waivers.toml"), waiver).expect("a file");
    assert!(expect(dir, &["check"], 0).contains("(waived)"));
}

/// A rule says more of some changes than of most: the policy lowers it where it says what the rule says of most.
#[test]
fn a_verdict_is_lowered_where_it_is_met() {
    let project = project();
    let dir = project.path();
    edit(dir, "schema/tables/tiny_events.toml", "format-version\" = \"2\"", "format-version\" = \"1\"");
    assert!(expect(dir, &["check"], 1).contains("error[UE-C61]"));
    write(dir, "[rule.UE-C61]\nengine_table = \"warn\"\nrequires = \"minor\"\n");
    let text = expect(dir, &["check"], 1);
    assert!(text.contains("UE-C61 FORMAT_VERSION_SAME says `engine_table warn, requires minor` instead of"), "{text}");
}

#[test]
fn a_policy_that_is_not_understood_is_refused() {
    let project = project();
    let dir = project.path();
    for (policy, expected) in [
        ("unused = \"queries\"\n", "policy.toml:1: `unused` is no table"),
        ("unused = [\"queries\", \"queries\"]\n", "`queries` stands twice"),
        ("[unused.querys]\n", "there is no consumer `querys`"),
        ("[unused.queries]\nreason = \"\"\n", "policy.toml:2: `reason` is empty"),
        ("[unused.queries]\nuntil = \"2027-01-01\"\n", "unknown key `until`"),
        ("rule = [\"UE-C01\"]\n", "policy.toml:1: `rule` is no table"),
        ("[rule]\nUE-C01 = \"ok\"\n", "policy.toml:2: `rule.UE-C01` is no table"),
        ("[rule.UE-C01]\n[rule.COLUMN_NO_DROP]\n", "policy.toml:2: `COLUMN_NO_DROP` stands twice: line 1"),
        ("[rule.UE-C92]\nrequires = \"none\"\n", "does not judge itself"),
        ("[rule.UE-C01]\nrequires = \"refused\"\n", "`refused` is no release"),
    ] {
        write(dir, policy);
        let text = expect(dir, &["check"], 2);
        assert!(text.contains(expected), "{policy}: {text}");
    }
    write(dir, "unused = [\"queries\"]\n");
    assert!(expect(dir, &["check"], 1).contains("every rule for `queries` says `unused` instead of `in use`"));
    // A release judges nothing of that, as the change was judged where it was made.
    expect(dir, &["release"], 0);
    commit(dir, "a policy");
    assert!(!expect(dir, &["check", "--against", "HEAD"], 0).contains("UE-C92"));
    for (args, exit) in [(["explain", "UE-C92"], 0), (["explain", "POLICY_NOT_EXPIRED"], 0)] {
        assert!(expect(dir, &args, exit).contains("policy.toml"));
    }
    assert!(expect(dir, &["explain", "UE-C06"], 0).contains("expires = \"YYYY-MM-DD\""));
}

#[test]
fn values_of_another_kind_are_told_as_that() {
    let project = project();
    let dir = project.path();
    write(dir, "[rule.UE-C06]\nrust_api = 3\nrequires = [\"minor\"]\nreason = 5\nexpires = 2027-01-01\n");
    let text = expect(dir, &["check"], 2);
    for (line, key) in [(2, "rust_api"), (3, "requires"), (4, "reason"), (5, "expires")] {
        let fault = format!("schema/policy.toml:{line}: the value of `{key}` is no text");
        assert!(text.contains(&fault), "{fault}: {text}");
    }
    assert!(!text.contains("``") && !text.contains("is empty"), "{text}");
    std::fs::remove_file(dir.join(POLICY)).expect("a file");
    let waivers = dir.join("schema/waivers.toml");
    std::fs::write(&waivers, "[[waiver]]\nfingerprint = \"a\"\nreason = \"b\"\nowner = \"c\"\nexpires = 2027-01-01\n")
        .expect("a file");
    let text = expect(dir, &["check"], 2);
    assert!(text.contains("schema/waivers.toml:5: the value of `expires` is no text"), "{text}");
    assert!(!text.contains("has no `expires`"), "{text}");
    std::fs::write(&waivers, "waiver = [1]\n").expect("a file");
    assert!(expect(dir, &["check"], 2).contains("`waiver` is no list of tables"));
}
