//! `unified-event rules`: what is checked, as a table.

use serde_json::json;

use unified_event_guard::{Consumer, Verdict, rules};

use super::{Exit, Failure, print};

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

/// Prints the table of rules.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let text = match args.format {
        Format::Text => text(),
        Format::Json => json(),
        Format::Markdown => markdown(),
    };
    print(&text)?;
    Ok(Exit::Fine)
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
