//! JSON for programs; its JSON Schema is `generated/schemas/report.schema.json`.

use super::Report;

pub(super) fn render(report: &Report) -> String {
    crate::json::pretty(report)
}
