//! Compiled and run with the emitted module of the real definition beside it.

#[path = "MODULE"]
mod dual_emission;

use dual_emission::{CannotSay, Dual, OldOnly};
use serde_json::{Map, Value, json};

fn record(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn main() {
    let core = json!({ "id": "e-1", "event_type": "page", "event_name": "page.seen", "ns": "shop.example" });
    let with = |more: Value| {
        let mut all = record(&core);
        all.extend(record(&more));
        all
    };
    let old_of = |new: Value| {
        let old_only = OldOnly { page_search: Some("?q=mug".to_owned()) };
        Dual::new(with(new), old_only).map(|dual| Value::Object(dual.old))
    };
    let searched = |more: Value| {
        let mut all = with(more);
        all.insert("page_search".to_owned(), "?q=mug".into());
        Ok(Value::Object(all))
    };
    let renamed = old_of(json!({ "title_of_page": "Blue mug", "rpc_status": 9 }));
    assert_eq!(renamed, searched(json!({ "page_title": "Blue mug", "rpc_status": "9" })));
    let exact = old_of(json!({ "vital_delta": "184.25", "status_code": "+9" }));
    assert_eq!(exact, searched(json!({ "vital_delta": 184.25, "status_code": 9 })));
    // What the old version cannot hold is left out where it may be.
    let inexact = old_of(json!({ "vital_delta": "soon", "status_code": "2147483648" }));
    assert_eq!(inexact, searched(json!({})));
    let mut without = record(&core);
    without.remove("event_name");
    assert_eq!(Dual::new(without, OldOnly::default()), Err(CannotSay { field: "event_name" }));
}
