//! What a faulty struct is told: one case a fault, its text beside it; and structs of every kind that are none.
//!
//! `TRYBUILD=overwrite cargo test -p unified-event-tests --test ui` writes the texts anew; review them as a diff.

#[test]
fn faults_are_told_where_they_are() {
    let cases = trybuild::TestCases::new();
    // These also run: each asserts what it makes.
    cases.pass("ui/pass/*.rs");
    let names = std::fs::read_dir("ui").expect("the cases").map(|entry| entry.expect("a topic").file_name());
    let mut topics: Vec<String> = names.map(|name| name.into_string().expect("a name")).collect();
    topics.retain(|topic| topic != "pass");
    topics.sort();
    assert!(topics.len() > 10, "{topics:?}");
    for topic in topics {
        cases.compile_fail(format!("ui/{topic}/*.rs"));
    }
}
