//! `policy.toml`: where a project sees a verdict otherwise, and which consumers it has.
//!
//! What lowers a verdict says why, who answers for it and until when, as a waiver does; past its date it no
//! longer holds.

mod lowered;
mod read;

use super::FileFault;
use super::finding::{Bump, Consumer, Verdict, Verdicts};
use super::rules::{self, Rule};

pub(super) use lowered::{expired, lowered};

/// What a project decided for itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The path of the file, as reports show it; empty when there is none.
    path: String,
    entries: Vec<Entry>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    about: About,
    line: usize,
    gate: Gate,
    parts: Vec<Part>,
}

/// What a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// A consumer that the project does not have: its verdicts count as untouched.
    Unused(Consumer),
    /// The findings of a rule, by its code.
    Rule(&'static str),
}

/// One verdict or release that a decision puts in the place of a rule's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    said: Said,
    line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Verdict(Consumer, Verdict),
    Requires(Bump),
}

/// Why a decision is right, who answers for it and for how long it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Gate {
    reason: Option<String>,
    owner: Option<String>,
    ticket: Option<String>,
    /// The last day, `YYYY-MM-DD`; without one it holds for ever.
    expires: Option<String>,
}

impl Gate {
    fn is_past(&self, today: Option<&str>) -> bool {
        self.expires.as_deref().zip(today).is_some_and(|(last, today)| today > last)
    }
}

impl Said {
    const fn key(self) -> &'static str {
        match self {
            Self::Verdict(consumer, _) => consumer.name(),
            Self::Requires(_) => "requires",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Verdict(_, verdict) => verdict.name(),
            Self::Requires(bump) => bump.name(),
        }
    }

    /// Returns how much it demands: comparable between two of one key.
    const fn weight(self) -> u8 {
        match self {
            Self::Verdict(_, verdict) => verdict as u8,
            Self::Requires(bump) => bump as u8,
        }
    }

    /// Returns what the rule itself says at the same place.
    fn of_rule(self, rule: &Rule) -> Self {
        match self {
            Self::Verdict(consumer, _) => {
                let verdict = rule.verdicts.get(consumer as usize).copied().unwrap_or_default();
                Self::Verdict(consumer, verdict)
            }
            Self::Requires(_) => Self::Requires(rule.requires),
        }
    }
}

impl Policy {
    /// Reads `policy.toml`; `path` is what faults and reports call it.
    ///
    /// # Errors
    ///
    /// All faults, each with its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<FileFault>> {
        read::parse(path, text)
    }

    /// Returns true if something in it holds until a date.
    pub fn has_dates(&self) -> bool {
        self.entries.iter().any(|e| e.gate.expires.is_some())
    }

    /// Returns what of it holds on a day: what raises a verdict always does.
    #[must_use]
    pub fn in_force(&self, today: Option<&str>) -> Self {
        let mut policy = self.clone();
        policy.entries.retain(|e| !(matches!(e.about, About::Unused(_)) && e.gate.is_past(today)));
        for entry in policy.entries.iter_mut().filter(|e| e.gate.is_past(today)) {
            let About::Rule(code) = entry.about else { continue };
            entry.parts.retain(|part| raises(code, part.said));
            entry.gate.expires = None;
        }
        policy
    }

    /// Puts the project's verdicts in the place of a rule's.
    pub fn apply(&self, code: &str, verdicts: &mut Verdicts) {
        for part in self.parts(code) {
            if let Said::Verdict(consumer, verdict) = part.said {
                verdicts.set(consumer, verdict);
            }
        }
        for consumer in self.unused() {
            verdicts.set(consumer, Verdict::Untouched);
        }
    }

    /// Returns the release that the project demands for findings of a rule.
    pub fn requires(&self, code: &str) -> Option<Bump> {
        self.parts(code).find_map(|part| match part.said {
            Said::Requires(bump) => Some(bump),
            Said::Verdict(..) => None,
        })
    }

    fn entry(&self, about: About) -> Option<&Entry> {
        self.entries.iter().find(|e| e.about == about)
    }

    fn parts<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Part> {
        self.entries.iter().filter(move |e| matches!(e.about, About::Rule(c) if c == code)).flat_map(|e| &e.parts)
    }

    fn unused(&self) -> impl Iterator<Item = Consumer> {
        self.entries.iter().filter_map(|e| match e.about {
            About::Unused(consumer) => Some(consumer),
            About::Rule(_) => None,
        })
    }
}

/// Returns true if a part demands more than its rule; one that says the same may be less than what the rule
/// says of a single change.
fn raises(code: &str, said: Said) -> bool {
    rules::find(code).is_some_and(|rule| said.weight() > said.of_rule(rule).weight())
}
