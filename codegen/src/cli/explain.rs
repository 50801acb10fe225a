//! `unified-event explain`: what a code means and what to do, without a network.

use std::cmp::Reverse;

use unified_event_guard::{Consumer, Verdict, rules};
use unified_event_runtime::FaultCode;
use unified_event_schema::{Code, suggest};

use super::{Exit, Failure, print};

/// The arguments.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A code such as `UE-C01`, the name of a rule, or the code of a refused event such as `missing-required`.
    code: String,
}

/// Explains one code.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(text) = rule(&args.code).or_else(|| definition(&args.code)).or_else(|| fault(&args.code)) {
        print(&text)?;
        return Ok(Exit::Fine);
    }
    let mut codes: Vec<&str> = rules::all().flat_map(|r| [r.code, r.name]).collect();
    codes.extend(Code::ALL.iter().map(|c| c.code()));
    codes.extend(FaultCode::ALL.iter().map(|c| c.as_str()));
    let near = |text: &str| suggest::did_you_mean(text, codes.iter().copied());
    let help = near(&args.code).or_else(|| near(&args.code.to_uppercase()));
    let help = help.unwrap_or_else(|| "`unified-event rules` lists the rules".to_owned());
    Err(Failure::usage(format!("nothing has the code `{}`\n  help: {help}", args.code)))
}

fn rule(code: &str) -> Option<String> {
    let rule = rules::find(code)?;
    let mut out = format!("{} {}\n\n{}\n\n{}\n\n", rule.code, rule.name, rule.summary, rule.why);
    for (consumer, verdict) in Consumer::ALL.iter().zip(rule.verdicts) {
        out.push_str(&format!("  {:<14} {}\n", consumer.title(), verdict.name()));
    }
    let (requires, first) = (rule.requires.name(), rule.first.words());
    out.push_str(&format!("\nRelease: {requires}. Who moves first: {first}.\n"));
    if !rule.next.is_empty() {
        out.push_str("\nWhat to do:\n");
    }
    for next in rule.next {
        out.push_str(&format!("  - {next}\n"));
    }
    let worst =
        Consumer::ALL.iter().zip(rule.verdicts).max_by_key(|(consumer, verdict)| (*verdict, Reverse(*consumer)));
    let worst = worst.filter(|(_, verdict)| *verdict >= Verdict::Warn);
    let Some((consumer, _)) = worst else { return Some(out) };
    let consumer = consumer.name();
    let gate = "  reason = \"Why that is right here.\"\n  owner = \"who answers for it\"\n  expires = \"YYYY-MM-DD\"\n";
    let policy = format!("  [rule.{}]\n  {consumer} = \"ok\"\n{gate}", rule.code);
    out.push_str(&format!("\nA project that sees a verdict otherwise says so in `schema/policy.toml`:\n\n{policy}"));
    Some(out)
}

fn definition(code: &str) -> Option<String> {
    let code = Code::ALL.iter().find(|c| c.code().eq_ignore_ascii_case(code))?;
    let summary = code.summary();
    Some(format!(
        "{}\n\nA fault in the definition: {summary}.\n\nThe message says where, and what to do.\n",
        code.code()
    ))
}

fn fault(code: &str) -> Option<String> {
    let code = FaultCode::ALL.into_iter().find(|c| c.as_str().eq_ignore_ascii_case(code))?;
    let (what, what_to_do) = match code {
        FaultCode::MissingRequired => ("a required column is absent", "send the column"),
        FaultCode::NullInRequired => ("a required column is null", "send a value, or leave the event out"),
        FaultCode::TypeMismatch => {
            ("a value is of another type than its column", "send the type that the message names")
        }
        FaultCode::MalformedTimestamp => {
            ("a timestamp is not RFC 3339", "send text such as 2026-01-01T12:00:00.123456Z")
        }
        FaultCode::ValueNotAllowed => {
            ("a value is outside of the closed set of its column", "send one of the set's values")
        }
        FaultCode::RequirementNotMet => {
            ("a column that the event type requires has no value", "send the column, or another type")
        }
        FaultCode::UnknownField => {
            ("the table has no column of that name", "mend the name, or add the column to the definition")
        }
        FaultCode::DuplicateKey => ("a key appears twice", "send each key once"),
        FaultCode::NumberOutOfRange => {
            ("a number does not fit its column", "send a smaller number, or widen the column")
        }
        FaultCode::InvalidUtf8 => ("the bytes are not UTF-8", "encode the event as UTF-8"),
        FaultCode::MalformedJson => ("the text is not one JSON object", "send one object a line"),
        FaultCode::Format => {
            ("a text does not have the format of its column", "send text of the shape that the message names")
        }
        FaultCode::ComputedColumn => ("the pipeline computes the column", "do not send it"),
        FaultCode::MalformedBase64 => {
            ("the text of a binary column is not base64", "encode the bytes as base64 with padding")
        }
        FaultCode::TooLarge => ("the event is larger than the limit", "send less, or raise the limit"),
        FaultCode::TooDeep => ("a value nests deeper than the limit", "send a flatter value"),
        FaultCode::EmptyText => {
            ("a text has no characters, where the column must say which one it is", "send the identifier, or null")
        }
        // The runtime may learn codes before this text does; a test keeps the two together.
        _ => return None,
    };
    let code = code.as_str();
    Some(format!(
        "{code}\n\nA refused event: {what}. The platform would take such an event and drop it without a word.\n\n\
         What to do: {what_to_do}.\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_explanation() {
        for code in FaultCode::ALL {
            assert!(fault(code.as_str()).is_some(), "{code}");
        }
    }
}
