//! The version in the file of a table, which releases write.

/// Returns the version that a table file says.
pub(super) fn version(text: &str) -> Option<u32> {
    let line = text.lines().nth(line_of(text)?)?;
    let value = line.split_once('=')?.1;
    value.split('#').next()?.trim().parse().ok()
}

/// Returns a table file with another version; the rest of the text stays as it is.
pub(super) fn with_version(text: &str, version: u32) -> Option<String> {
    let at = line_of(text)?;
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(i, line)| if i == at { format!("version = {version}") } else { line.to_owned() })
        .collect();
    Some(lines.join("\n") + "\n")
}

fn line_of(text: &str) -> Option<usize> {
    let is_version = |line: &str| line.strip_prefix("version").is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().take_while(|line| !line.starts_with('[')).position(is_version)
}
