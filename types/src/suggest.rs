//! "Did you mean": names that resemble another.

/// Longer names than this have no typing slip in them.
const MAX_CHARS: usize = 64;

/// Returns up to three of `candidates` that resemble `name`, the nearest first.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    // A name of four bytes a character fits; nothing longer is even decoded.
    if name.is_empty() || name.len() > MAX_CHARS * 4 {
        return Vec::new();
    }
    let name: Vec<char> = folded(name);
    if name.len() > MAX_CHARS {
        return Vec::new();
    }
    let limit = (name.len() / 3).clamp(1, 4);
    let near = candidates.into_iter().map(|candidate| (distance(&name, &folded(candidate)), candidate));
    let mut near: Vec<(usize, &str)> = near.filter(|(distance, _)| *distance <= limit).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Returns the "did you mean" question for `name`, when one of `candidates` resembles it.
///
/// ```
/// use unified_event_types::suggest::did_you_mean;
///
/// let columns = ["http_status", "trace_id"];
/// assert_eq!(did_you_mean("htpp_status", columns).as_deref(), Some("did you mean `http_status`?"));
/// assert_eq!(did_you_mean("colour", columns), None);
/// ```
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near: Vec<String> = nearest(name, candidates).into_iter().map(|n| format!("`{n}`")).collect();
    let (last, rest) = near.split_last()?;
    Some(if rest.is_empty() {
        format!("did you mean {last}?")
    } else {
        format!("did you mean {} or {last}?", rest.join(", "))
    })
}

/// Case and underscores do not count: `traceId` is as near to `trace_id` as can be.
fn folded(name: &str) -> Vec<char> {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The optimal string alignment distance: edits, where swapped neighbours count once.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, distance};

    #[test]
    fn the_nearest_name_is_asked_for() {
        let columns = ["http_status", "http_method", "status_code", "trace_id"];
        assert_eq!(did_you_mean("htpp_status", columns).as_deref(), Some("did you mean `http_status`?"));
        assert_eq!(did_you_mean("traceId", columns).as_deref(), Some("did you mean `trace_id`?"));
        for name in ["", "colour", "☃☃☃", &"x".repeat(1 << 20)] {
            assert_eq!(did_you_mean(name, columns), None);
        }
        assert_eq!(distance(&['a', 'b'], &['b', 'a']), 1);
    }
}
