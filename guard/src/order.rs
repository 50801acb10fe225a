//! What happened to the items of a list, without the list.

use std::collections::BTreeSet;

/// How many items are named.
const SHOWN: usize = 5;

/// Returns the fewest steps from one list to another, as ``by moving `b` before `a` ``.
pub(super) fn steps(old: &[String], new: &[String]) -> String {
    let mut parts = Vec::new();
    for (word, from, to) in [("adding", new, old), ("dropping", old, new)] {
        let names: Vec<String> = from.iter().filter(|item| !to.contains(item)).map(|n| format!("`{n}`")).collect();
        if !names.is_empty() {
            parts.push(format!("{word} {}", some(&names)));
        }
    }
    let moves = moves(old, new);
    if !moves.is_empty() {
        parts.push(format!("moving {}", some(&moves)));
    }
    if parts.is_empty() { "in nothing but repeated items".to_owned() } else { format!("by {}", parts.join(" and ")) }
}

/// Returns the first items, and how many more there are.
fn some(items: &[String]) -> String {
    let shown: Vec<&str> = items.iter().take(SHOWN).map(String::as_str).collect();
    let more = items.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

/// Returns the items of both lists that do not keep their place among the others, each with its new place.
fn moves(old: &[String], new: &[String]) -> Vec<String> {
    let before: Vec<&String> = old.iter().filter(|item| new.contains(item)).collect();
    let after: Vec<&String> = new.iter().filter(|item| old.contains(item)).collect();
    let kept = longest_common(&before, &after);
    let mut moves = Vec::new();
    for (at, item) in after.iter().enumerate().filter(|(_, item)| !kept.contains(item.as_str())) {
        // A neighbour that moves too says where it goes itself.
        let next = after.iter().skip(at + 1).find(|next| kept.contains(next.as_str()));
        moves.push(match next {
            Some(next) => format!("`{item}` before `{next}`"),
            None => format!("`{item}` to the end"),
        });
    }
    moves
}

/// Returns the items of a longest common subsequence.
fn longest_common<'a>(before: &[&'a String], after: &[&'a String]) -> BTreeSet<&'a str> {
    // `best[i][j]` is the length for what follows `i` and `j`.
    let width = after.len() + 1;
    let mut best = vec![0_usize; (before.len() + 1) * width];
    let at = |best: &[usize], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in before.iter().enumerate().rev() {
        for (j, b) in after.iter().enumerate().rev() {
            let length =
                if a == b { at(&best, i + 1, j + 1) + 1 } else { at(&best, i + 1, j).max(at(&best, i, j + 1)) };
            best.get_mut(i * width + j).into_iter().for_each(|slot| *slot = length);
        }
    }
    let (mut i, mut j, mut kept) = (0, 0, BTreeSet::new());
    while let (Some(a), Some(b)) = (before.get(i), after.get(j)) {
        if a == b {
            kept.insert(a.as_str());
            (i, j) = (i + 1, j + 1);
        } else if at(&best, i + 1, j) >= at(&best, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn only_what_moved_is_named() {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (old, new, said) in [
            ("a b c d e", "a d b c e", "by moving `d` before `b`"),
            ("a b c d e", "b c d e a", "by moving `a` to the end"),
            ("a b c", "a c", "by dropping `b`"),
            ("a b", "a x b", "by adding `x`"),
            ("a b c", "c a x", "by adding `x` and dropping `b` and moving `a` to the end"),
            ("1 2 3 4 5 6 7", "", "by dropping `1`, `2`, `3`, `4`, `5` and 2 more"),
            ("a a", "a", "in nothing but repeated items"),
        ] {
            assert_eq!(steps(&list(old), &list(new)), said, "{old} to {new}");
        }
    }
}
