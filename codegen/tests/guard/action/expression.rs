//! The expressions of `action.yml`: the few forms that it uses, and a panic for any other.

use std::collections::BTreeMap;

/// What an expression can read, by its path.
pub(super) type Context = BTreeMap<String, String>;

/// Puts the values of `${{ … }}` into a text.
pub(super) fn expand(text: &str, context: &Context) -> String {
    let Some((before, rest)) = text.split_once("${{") else { return text.to_owned() };
    let (expression, after) = rest.split_once("}}").expect("the end of an expression");
    format!("{before}{}{}", value(expression.trim(), context), expand(after, context))
}

/// Says whether a step runs; without a word about the state of the job it runs only while all is well.
pub(super) fn holds(condition: Option<&str>, context: &Context, is_well: bool) -> bool {
    let Some(text) = condition else { return is_well };
    let text = text.trim();
    let text = text.strip_prefix("${{").and_then(|t| t.strip_suffix("}}")).unwrap_or(text);
    let terms: Vec<&str> = text.split("&&").map(str::trim).collect();
    let all = terms.iter().all(|term| match *term {
        "always()" => true,
        "success()" => is_well,
        "failure()" => !is_well,
        term => match (term.split_once("=="), term.split_once("!=")) {
            (Some((a, b)), None) => value(a.trim(), context).eq_ignore_ascii_case(&value(b.trim(), context)),
            (None, Some((a, b))) => !value(a.trim(), context).eq_ignore_ascii_case(&value(b.trim(), context)),
            _ => !value(term, context).is_empty(),
        },
    });
    all && (is_well || terms.iter().any(|t| t.ends_with("()")))
}

fn value(expression: &str, context: &Context) -> String {
    if let Some(literal) = expression.strip_prefix('\'') {
        return literal.strip_suffix('\'').expect("the end of a literal").to_owned();
    }
    // A step that set no such output has an empty one; every other name must be there.
    let parts: Vec<&str> = expression.split('.').collect();
    if let ["steps", step, "outputs", _] = parts.as_slice() {
        assert!(context.contains_key(&format!("steps.{step}")), "`{expression}`: there is no such step before");
        return context.get(expression).cloned().unwrap_or_default();
    }
    context.get(expression).unwrap_or_else(|| panic!("no runner knows `{expression}`")).clone()
}

#[test]
fn conditions_are_read_as_the_runner_reads_them() {
    let context = Context::from([
        ("inputs.comment".to_owned(), "true".to_owned()),
        ("steps.check".to_owned(), String::new()),
        ("steps.check.outputs.sarif".to_owned(), "a file".to_owned()),
    ]);
    let holds = |text, is_well| holds(Some(text), &context, is_well);
    assert!(holds("${{ inputs.comment == 'true' }}", true));
    assert!(!holds("${{ inputs.comment == 'true' }}", false), "`success()` goes without saying");
    assert!(holds("${{ always() && inputs.comment == 'true' && steps.check.outputs.sarif != '' }}", false));
    assert!(!holds("${{ always() && steps.check.outputs.markdown != '' }}", true));
    assert!(!holds("always() && inputs.comment == 'false'", true));
    assert_eq!(expand("a ${{ inputs.comment }} b ${{ 'c' }}", &context), "a true b c");
}
