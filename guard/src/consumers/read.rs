//! From a registered file to its statements: each is parsed alone, in the dialect that the file names.

use sqlparser::ast::{Spanned, Statement};
use sqlparser::dialect::{Dialect, GenericDialect, dialect_from_str};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Word};

use super::ConsumerQuery;

/// What a file of registered queries holds.
#[derive(Default)]
pub struct Registered {
    /// The statements that are understood.
    pub queries: Vec<ConsumerQuery>,
    /// What is not, each with its place.
    pub notices: Vec<String>,
}

/// Dialects by the names of engines whose parser is that of another one.
const ENGINES: [(&str, &str); 10] = [
    ("platform", "generic"),
    ("r2-sql", "generic"),
    ("datafusion", "generic"),
    ("trino", "generic"),
    ("presto", "generic"),
    ("athena", "generic"),
    ("spark", "databricks"),
    ("sparksql", "databricks"),
    ("flink", "generic"),
    ("sqlserver", "mssql"),
];

/// The names that a file may give, as messages list them.
const NAMES: &str = "platform, spark, trino, duckdb, clickhouse, databricks, snowflake, bigquery, postgres, redshift, \
                     mysql, mssql, oracle, sqlite, hive, flink, datafusion, athena, ansi, generic";

/// Reads the statements of a file. A comment `-- dialect: NAME` among the first lines names the dialect, which is
/// the platform's otherwise.
///
/// A statement that is not understood becomes a notice with its place, and the rest is read.
pub fn parse(file: &str, text: &str) -> Registered {
    let mut found = Registered::default();
    let dialect = match dialect_of(text) {
        Ok(dialect) => dialect,
        Err((line, name)) => {
            found.notices.push(format!(
                "{file}:{line}:1: no query of this file is checked: there is no dialect `{name}`; known are {NAMES}"
            ));
            return found;
        }
    };
    let dialects = Dialects { named: dialect.as_ref().map(|(_, dialect)| dialect.as_ref()) };
    let chunks = dialects.statements(text);
    let several = chunks.len() > 1;
    for (i, chunk) in chunks.into_iter().enumerate() {
        let name = if several { format!("{file}#{}", i + 1) } else { file.to_owned() };
        match chunk.and_then(|tokens| dialects.parse(tokens)) {
            Ok((statement, line)) => {
                found.queries.push(ConsumerQuery {
                    name,
                    file: file.to_owned(),
                    line,
                    sql: statement.to_string(),
                    statement,
                });
            }
            Err(Misread { place, message }) => {
                let called = dialect.as_ref().map_or("the platform's dialect", |(name, _)| name.as_str());
                let help = match &dialect {
                    None => "if it is for another engine, name that in the first line: `-- dialect: spark`",
                    Some(_) => "mend it, or move it out of the folder",
                };
                found.notices.push(format!(
                    "{file}:{}:{}: not checked: the statement is not understood as {called}: {message}; {help}",
                    place.line.max(1),
                    place.column.max(1)
                ));
            }
        }
    }
    found
}

/// A dialect with what messages call it.
type Named = (String, Box<dyn Dialect>);

/// Returns the dialect that the comments at the start of a file name; of one that there is
/// none of, the line and the name.
fn dialect_of(text: &str) -> Result<Option<Named>, (usize, String)> {
    let head = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
    for (number, line) in head.take_while(|(_, line)| line.is_empty() || line.starts_with("--")) {
        let comment = line.trim_start_matches('-').trim();
        let Some((key, name)) = comment.split_once(':') else { continue };
        if !key.trim().eq_ignore_ascii_case("dialect") {
            continue;
        }
        let name = name.trim().to_ascii_lowercase();
        let parser = ENGINES.iter().find(|(engine, _)| *engine == name).map_or(name.as_str(), |(_, dialect)| dialect);
        return match dialect_from_str(parser) {
            Some(dialect) => Ok(Some((format!("`{name}`"), dialect))),
            None => Err((number, name)),
        };
    }
    Ok(None)
}

/// Why a statement is not understood, and where.
struct Misread {
    place: Location,
    message: String,
}

type Tokens = Vec<TokenWithSpan>;

struct Dialects<'a> {
    named: Option<&'a dyn Dialect>,
}

impl Dialects<'_> {
    fn first(&self) -> &dyn Dialect {
        self.named.unwrap_or(&GenericDialect {})
    }

    /// Returns the tokens of each statement.
    fn statements(&self, text: &str) -> Vec<Result<Tokens, Misread>> {
        match Tokenizer::new(self.first(), text).tokenize_with_location() {
            Ok(tokens) => split(tokens).into_iter().map(Ok).collect(),
            // A quote that never ends would swallow the rest: the ends of lines say where statements do.
            Err(_) => chunks(text)
                .into_iter()
                .flat_map(|chunk| match Tokenizer::new(self.first(), &chunk).tokenize_with_location() {
                    Ok(tokens) => split(tokens).into_iter().map(Ok).collect(),
                    Err(error) => vec![Err(Misread { place: error.location, message: error.message })],
                })
                .collect(),
        }
    }

    /// Parses one statement; what the dialect does not know may still be known to the most permissive one.
    fn parse(&self, tokens: Tokens) -> Result<(Statement, usize), Misread> {
        let line = tokens.iter().find(|t| !is_blank(&t.token)).map_or(1, |t| t.span.start.line);
        let tokens = without_versions(self.first(), tokens);
        let parsed = parse_one(self.first(), tokens.clone());
        let parsed = parsed.or_else(|error| parse_one(&GenericDialect {}, tokens).map_err(|_| error))?;
        let start = parsed.span().start.line;
        let line = usize::try_from(if start > 0 { start } else { line }).unwrap_or(1);
        Ok((parsed, line))
    }
}

fn parse_one(dialect: &dyn Dialect, tokens: Tokens) -> Result<Statement, Misread> {
    let start = tokens.iter().find(|t| !is_blank(&t.token)).map_or(Location::empty(), |t| t.span.start);
    let misread = |message: String| {
        let message = message.trim_start_matches("sql parser error: ").to_owned();
        let Some((what, place)) = message.rsplit_once(" at Line: ") else {
            return Misread { place: start, message };
        };
        let numbers = place.split_once(", Column: ");
        let place = numbers.and_then(|(l, c)| Some(Location { line: l.parse().ok()?, column: c.trim().parse().ok()? }));
        Misread { place: place.unwrap_or(start), message: what.to_owned() }
    };
    let mut parser = Parser::new(dialect).with_tokens_with_locations(tokens);
    let statement = parser.parse_statement().map_err(|e| misread(e.to_string()))?;
    let rest = parser.peek_token();
    if rest.token == Token::EOF {
        Ok(statement)
    } else {
        Err(Misread { place: rest.span.start, message: format!("`{}` follows what is understood", rest.token) })
    }
}

fn is_blank(token: &Token) -> bool {
    matches!(token, Token::Whitespace(_))
}

/// Splits at semicolons, and drops what has nothing in it.
fn split(tokens: Tokens) -> Vec<Tokens> {
    let parts = tokens.split(|t| t.token == Token::SemiColon);
    let filled = parts.filter(|part| part.iter().any(|t| !is_blank(&t.token) && t.token != Token::EOF));
    filled.map(<[TokenWithSpan]>::to_vec).collect()
}

/// Splits a text after lines that end with a semicolon; every part keeps the numbers of its lines.
fn chunks(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for (number, line) in text.lines().enumerate() {
        if let Some(last) = found.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
        if line.trim_end().ends_with(';') {
            found.push("\n".repeat(number + 1));
        }
    }
    found.retain(|chunk| !chunk.trim().is_empty());
    found
}

/// Takes the clauses away that say which version of a table is read, such as `FOR VERSION AS OF 3`: the guard asks
/// for names and types, and those are the newest ones in any case.
fn without_versions(dialect: &dyn Dialect, tokens: Tokens) -> Tokens {
    let mut tokens: Tokens = tokens.into_iter().filter(|t| !is_blank(&t.token)).collect();
    let mut at = 0;
    while at < tokens.len() {
        match version_at(dialect, &tokens, at) {
            Some(end) => drop(tokens.drain(at..end)),
            None => at += 1,
        }
    }
    tokens
}

fn word(tokens: &[TokenWithSpan], at: usize) -> Option<&str> {
    match &tokens.get(at)?.token {
        Token::Word(Word { value, quote_style: None, .. }) => Some(value),
        _ => None,
    }
}

fn is_word(tokens: &[TokenWithSpan], at: usize, words: &[&str]) -> bool {
    word(tokens, at).is_some_and(|w| words.iter().any(|known| known.eq_ignore_ascii_case(w)))
}

/// Returns where the clause ends that starts at a token, if one does.
fn version_at(dialect: &dyn Dialect, tokens: &[TokenWithSpan], at: usize) -> Option<usize> {
    const VERSIONED: [&str; 4] = ["VERSION", "TIMESTAMP", "SYSTEM_VERSION", "SYSTEM_TIME"];
    if is_word(tokens, at, &["AT", "BEFORE"])
        && tokens.get(at + 1)?.token == Token::LParen
        && is_word(tokens, at + 2, &["VERSION", "TIMESTAMP", "OFFSET", "STATEMENT"])
        && tokens.get(at + 3)?.token == Token::RArrow
    {
        let close = tokens.iter().skip(at).position(|t| t.token == Token::RParen)?;
        return Some(at + close + 1);
    }
    let start = if is_word(tokens, at, &["FOR"]) { at + 1 } else { at };
    if !(is_word(tokens, start, &VERSIONED)
        && is_word(tokens, start + 1, &["AS"])
        && is_word(tokens, start + 2, &["OF"]))
    {
        return None;
    }
    let rest = tokens.get(start + 3..)?;
    let mut parser = Parser::new(dialect).with_tokens_with_locations(rest.to_vec());
    parser.parse_expr().ok()?;
    let next = parser.peek_token();
    let length = rest.iter().position(|t| t.span == next.span && t.token == next.token).unwrap_or(rest.len());
    Some(start + 3 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let found = parse("a.sql", text);
        (found.queries.into_iter().map(|q| format!("{}: {}", q.line, q.sql)).collect(), found.notices)
    }

    #[test]
    fn one_bad_statement_hides_no_other() {
        let (queries, notices) = read("SELECT 1;\n\nSELEC 1;\nSELECT 'it''s';\n");
        assert_eq!(queries, ["1: SELECT 1", "4: SELECT 'it''s'"]);
        assert_eq!(notices.len(), 1);
        assert!(notices[0].starts_with("a.sql:3:"), "{notices:?}");
        let (queries, notices) = read("SELECT 1;\nSELECT 'no end;\nSELECT 2;\n");
        assert_eq!(queries, ["1: SELECT 1", "3: SELECT 2"]);
        assert!(notices[0].starts_with("a.sql:2:8: not checked"), "{notices:?}");
        let (queries, notices) = read("SELECT 1 garbage garbage");
        assert!(queries.is_empty() && notices[0].starts_with("a.sql:1:18: "), "{notices:?}");
        assert_eq!(read("-- nothing\n;;\n"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_file_names_its_dialect() {
        let spark = "-- Owned by the web team.\n-- dialect: Spark\nSELECT `a` FROM t WHERE b = \"x\"";
        assert_eq!(read(spark), (vec!["3: SELECT `a` FROM t WHERE b = \"x\"".to_owned()], Vec::new()));
        let (queries, notices) = read("-- dialect: nosql\nSELECT 1");
        assert!(queries.is_empty());
        assert!(notices[0].starts_with("a.sql:1:1: ") && notices[0].contains("`nosql`"), "{notices:?}");
        for name in NAMES.split(", ") {
            assert_eq!(read(&format!("-- dialect: {name}\nSELECT 1")).1, Vec::<String>::new(), "{name}");
        }
        // Behind the first statement it is a comment like any other.
        assert_eq!(read("SELECT 1;\n-- dialect: nosql\nSELECT 2").0.len(), 2);
    }

    #[test]
    fn time_travel_is_read_in_every_form() {
        for clause in [
            "FOR VERSION AS OF 123",
            "FOR VERSION AS OF 'tag'",
            "FOR TIMESTAMP AS OF TIMESTAMP '2026-01-01 00:00:00 UTC'",
            "FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01 00:00:00'",
            "FOR SYSTEM_VERSION AS OF 7",
            "VERSION AS OF 7",
            "TIMESTAMP AS OF '2026-01-01'",
            "for timestamp as of date_sub(current_date(), 1)",
            "FOR TIMESTAMP AS OF (current_timestamp - INTERVAL '1' DAY)",
            "AT (VERSION => 3)",
        ] {
            for (before, after) in [("t", ""), ("t", " AS u"), ("t", " u WHERE a = 1"), ("s JOIN t", " ON s.a = t.a")] {
                let (queries, notices) = read(&format!("SELECT a FROM {before} {clause}{after}"));
                assert_eq!(notices, Vec::<String>::new(), "{clause}");
                let plain = read(&format!("SELECT a FROM {before}{after}")).0;
                assert_eq!(queries, plain, "{clause}");
            }
        }
        // Names like those of the clause are names.
        let names = "SELECT version AS of, \"timestamp\" AS of FROM t";
        assert_eq!(read(names).0, [format!("1: {names}")]);
    }
}
