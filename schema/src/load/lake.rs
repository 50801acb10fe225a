//! `lake.toml`.

use super::read::{At, Node};
use crate::diag::{Code, Sink};
use crate::{
    Bucket, ColumnType, Compaction, DataFileField, Lake, LakeWriter, PathPattern, QueryTarget, RawFiles, Snapshots,
    Tier, TieringPreset, TimePattern,
};

pub(super) fn read(sink: &mut Sink, node: Node<'_>) -> Lake {
    super::check_doc(sink, node.text("doc").as_ref());
    for section in ["bucket", "path", "time_pattern", "data_file", "tier", "tiering", "target"] {
        for (_, entry) in node.tables(section) {
            super::check_doc(sink, entry.text("doc").as_ref());
        }
    }
    let number = |node: Option<Node<'_>>, key: &str| node.and_then(|n| n.u32(key)).unwrap_or(0);
    let (writer, compaction) = (node.table("writer"), node.table("compaction"));
    Lake {
        doc: node.text_or_empty("doc"),
        buckets: node.tables("bucket").iter().map(|(name, n)| bucket(sink, name, *n)).collect(),
        paths: map(node, "path", |name, n| PathPattern {
            name,
            pattern: n.text_or_empty("pattern"),
            doc: n.text_or_empty("doc"),
        }),
        time_patterns: default_first(sink, node, "time_pattern", |scheme, n| TimePattern {
            scheme,
            pattern: n.text_or_empty("pattern"),
            doc: n.text_or_empty("doc"),
        }),
        data_file: map(node, "data_file", |name, n| DataFileField {
            name,
            ty: n.text("type").and_then(|t| t.value.parse().ok()).unwrap_or(ColumnType::String),
            required: n.bool("required"),
            doc: n.text_or_empty("doc"),
            values: n.texts("values").into_iter().map(|v| v.value).collect(),
        }),
        writer: LakeWriter {
            batch_rows: number(writer, "batch_rows"),
            flush_interval_ms: number(writer, "flush_interval_ms"),
            compression: writer.map(|n| n.text_or_empty("compression")).unwrap_or_default(),
        },
        compaction: Compaction {
            small_file_mb: number(compaction, "small_file_mb"),
            min_files: number(compaction, "min_files"),
            target_file_mb: number(compaction, "target_file_mb"),
        },
        snapshots: node.table("snapshots").map(|n| Snapshots {
            max_age_days: number(Some(n), "max_age_days"),
            min_kept: number(Some(n), "min_kept"),
        }),
        raw: node.table("raw").map(|n| raw_files(sink, node, n)),
        tiers: map(node, "tier", |name, n| Tier {
            name,
            storage: n.text_or_empty("storage"),
            doc: n.text_or_empty("doc"),
        }),
        tiering: tiering(sink, node),
        targets: targets(sink, node),
    }
}

fn map<T>(node: Node<'_>, key: &str, mut read: impl FnMut(String, Node<'_>) -> T) -> Vec<T> {
    node.tables(key).into_iter().map(|(name, n)| read(name.value, n)).collect()
}

/// Reads named tables of which one is the default, and puts that one first.
fn default_first<T>(sink: &mut Sink, node: Node<'_>, key: &str, mut read: impl FnMut(String, Node<'_>) -> T) -> Vec<T> {
    let mut written = node.tables(key);
    let defaults: Vec<usize> = (0..written.len()).filter(|i| written[*i].1.bool("default")).collect();
    match (defaults.as_slice(), written.first()) {
        ([at], _) => {
            let entry = written.remove(*at);
            written.insert(0, entry);
        }
        ([], Some((name, _))) => {
            sink.fault(Code::MissingKey, &name.place, format!("no `{key}` is the default"))
                .help("add `default = true` to one");
        }
        ([_, second, ..], _) => {
            sink.fault(Code::Conflict, &written[*second].0.place, format!("a second `{key}` is the default"));
        }
        ([], None) => {}
    }
    written.into_iter().map(|(name, n)| read(name.value, n)).collect()
}

fn raw_files(sink: &mut Sink, lake: Node<'_>, node: Node<'_>) -> RawFiles {
    super::check_doc(sink, node.text("doc").as_ref());
    if let Some(bucket) = node.text("bucket") {
        let buckets = lake.tables("bucket");
        super::pipeline::known_bucket(sink, &bucket, buckets.iter().map(|(name, _)| name.value.as_str()));
    }
    let outside = |p: &At<String>| p.value.is_empty() || p.value.starts_with('/') || p.value.ends_with('/');
    if let Some(prefix) = node.text("prefix").filter(outside) {
        sink.fault(Code::NotAllowed, &prefix.place, format!("`{}` is not a prefix", prefix.value))
            .help("write a path such as `cdc/events/data`, without slashes at its ends");
    }
    RawFiles {
        table: node.text_or_empty("table"),
        bucket: node.text_or_empty("bucket"),
        prefix: node.text_or_empty("prefix"),
        doc: node.text_or_empty("doc"),
    }
}

fn bucket(sink: &mut Sink, binding: &At<String>, node: Node<'_>) -> Bucket {
    if let Some(name) = node.text("name").filter(|n| !is_bucket_name(&n.value)) {
        sink.fault(Code::BadName, &name.place, format!("`{}` is not a bucket name", name.value))
            .help("3 to 63 lower-case letters, digits and hyphens, no hyphen at the ends");
    }
    if !crate::naming::is_identifier(&binding.value) {
        sink.fault(Code::BadName, &binding.place, format!("`{}` is not a binding name", binding.value))
            .help("use letters, digits and `_`, a letter first");
    }
    Bucket { binding: binding.value.clone(), name: node.text_or_empty("name"), doc: node.text_or_empty("doc") }
}

fn is_bucket_name(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

fn tiering(sink: &mut Sink, node: Node<'_>) -> Vec<TieringPreset> {
    for (name, n) in node.tables("tiering") {
        if n.u32("cold_after_days") <= n.u32("warm_after_days") {
            sink.fault(Code::Conflict, &name.place, format!("in `{}` data turns cold before it is warm", name.value));
        }
    }
    default_first(sink, node, "tiering", |name, n| TieringPreset {
        name,
        warm_after_days: n.u32("warm_after_days").unwrap_or(0),
        cold_after_days: n.u32("cold_after_days").unwrap_or(0),
        doc: n.text_or_empty("doc"),
    })
}

fn targets(sink: &mut Sink, node: Node<'_>) -> Vec<QueryTarget> {
    for (name, n) in node.tables("target") {
        if n.integer("p95_ms").is_none() && n.integer("min_files_skipped_percent").is_none() {
            sink.fault(Code::MissingKey, &name.place, format!("target `{}` has no figure", name.value))
                .help("add `p95_ms` or `min_files_skipped_percent`");
        }
    }
    map(node, "target", |name, n| QueryTarget {
        name,
        p95_ms: n.u32("p95_ms"),
        min_ms: n.u32("min_ms"),
        min_files_skipped_percent: n.u32("min_files_skipped_percent"),
        doc: n.text_or_empty("doc"),
    })
}
