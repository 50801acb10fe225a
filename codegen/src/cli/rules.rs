//! `unified-event rules` and `unified-event explain`: what is checked and why, without a network.

use std::io::Write;

use serde_json::json;
use unified_event_schema::{Code, naming};

use super::Exit;
use crate::evolve::{Consumer, Verdict, rules};

/// The arguments of `rules`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The format.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

/// The arguments of `explain`.
#[derive(clap::Args)]
pub(super) struct ExplainArgs {
    /// A code such as `UE-C01`, or the name of a rule.
    code: String,
}

/// Prints the table of rules.
pub(super) fn run(args: &Args) -> Exit {
    let text = match args.format {
        Format::Text => text(),
        Format::Json => json(),
        Format::Markdown => markdown(),
    };
    let _ = std::io::stdout().write_all(text.as_bytes());
    Exit::Fine
}

fn text() -> String {
    let mut out = String::new();
    for rule in rules::all() {
        out.push_str(&format!("{} {:<30} {:<8} {}\n", rule.code, rule.name, rule.requires.name(), rule.summary));
    }
    out
}

fn json() -> String {
    let list: Vec<serde_json::Value> = rules::all()
        .map(|rule| {
            let verdicts = Consumer::ALL.iter().zip(rule.verdicts).map(|(c, v)| (c.name().to_owned(), json!(v)));
            json!({
                "code": rule.code,
                "name": rule.name,
                "summary": rule.summary,
                "why": rule.why,
                "next": rule.next,
                "requires": rule.requires,
                "first": rule.first,
                "verdicts": verdicts.collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    crate::json::pretty(&list)
}

/// Returns the matrix of verdicts as a Markdown table.
pub fn markdown() -> String {
    let titles: Vec<String> = Consumer::ALL.iter().map(|c| c.title().replace('*', "\\*")).collect();
    let mut out = format!("| code | rule | {} | release |\n", titles.join(" | "));
    out.push_str(&format!("|---|---|{}---|\n", "---|".repeat(titles.len())));
    for rule in rules::all() {
        let cells: Vec<&str> = rule.verdicts.iter().map(|v| cell(*v)).collect();
        let row = format!("| {} | {} | {} | {} |\n", rule.code, rule.name, cells.join(" | "), rule.requires.name());
        out.push_str(&row);
    }
    out
}

const fn cell(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Untouched => "–",
        Verdict::Ok => "ok",
        Verdict::Warn => "warn",
        Verdict::Replace => "replace",
        Verdict::Break => "**break**",
    }
}

/// Explains one code.
pub(super) fn run_explain(args: &ExplainArgs) -> Exit {
    match explain(&args.code) {
        Some(text) => {
            let _ = std::io::stdout().write_all(text.as_bytes());
            Exit::Fine
        }
        None => {
            let codes = rules::all().map(|r| r.code).chain(rules::all().map(|r| r.name));
            let codes = codes.chain(Code::ALL.iter().map(|c| c.code()));
            let help = naming::did_you_mean(&args.code.to_uppercase(), codes);
            let help = help.unwrap_or_else(|| "`unified-event rules` lists the rules".to_owned());
            let text = format!("error: nothing has the code `{}`\n  help: {help}\n", args.code);
            let _ = std::io::stderr().write_all(text.as_bytes());
            Exit::Usage
        }
    }
}

fn explain(code: &str) -> Option<String> {
    if let Some(rule) = rules::find(code) {
        let mut out = format!("{} {}\n\n{}\n\n{}\n\n", rule.code, rule.name, rule.summary, rule.why);
        for (consumer, verdict) in Consumer::ALL.iter().zip(rule.verdicts) {
            out.push_str(&format!("  {:<14} {}\n", consumer.title(), verdict.name()));
        }
        out.push_str(&format!(
            "\nIt needs a {} release; who moves first: {}.\n",
            rule.requires.name(),
            rule.first.words()
        ));
        if !rule.next.is_empty() {
            out.push_str("\nWhat to do:\n");
        }
        for next in rule.next {
            out.push_str(&format!("  - {next}\n"));
        }
        let policy = format!("[rule.{}]\nselect_star = \"ok\"\n", rule.code);
        out.push_str(&format!(
            "\nA project that sees a verdict otherwise says so in `schema/policy.toml`:\n\n{policy}"
        ));
        return Some(out);
    }
    let code = Code::ALL.iter().find(|c| c.code().eq_ignore_ascii_case(code))?;
    let summary = code.summary();
    Some(format!(
        "{}\n\nA fault in the definition: {summary}.\n\nThe message says where, and what to do.\n",
        code.code()
    ))
}
