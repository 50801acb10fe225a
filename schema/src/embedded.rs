//! The files of the definition that the crate embeds.
//!
//! A test compares the list with the folder, so that a new file cannot be forgotten.

macro_rules! embed {
    ($($name:literal,)+) => {
        &[$(($name, include_str!(concat!("../", $name))),)+]
    };
}

/// Name and text of every file.
pub(crate) const FILES: &[(&str, &str)] = embed! {
    "event_types.toml",
    "groups/actor.toml",
    "groups/business_epcis.toml",
    "groups/causality_chain.toml",
    "groups/client_device.toml",
    "groups/core_identity.toml",
    "groups/database_cdc.toml",
    "groups/do_specific.toml",
    "groups/flexible_payloads.toml",
    "groups/geo_location.toml",
    "groups/http_context.toml",
    "groups/logging.toml",
    "groups/messaging_queue.toml",
    "groups/otel_metrics.toml",
    "groups/outcome.toml",
    "groups/partition_internal.toml",
    "groups/resource.toml",
    "groups/rpc.toml",
    "groups/service_infra.toml",
    "groups/session_replay.toml",
    "groups/snippet_proxy.toml",
    "groups/timing.toml",
    "groups/web_marketing.toml",
    "groups/web_vitals.toml",
    "lake.toml",
    "pipelines/do_actions.toml",
    "pipelines/do_events.toml",
    "pipelines/do_state.toml",
    "pipelines/do_things.toml",
    "pipelines/unified_events.toml",
    "queries/actions_by_actor.toml",
    "queries/effects_of_action.toml",
    "queries/event_by_id.toml",
    "queries/events_by_namespace.toml",
    "queries/events_by_type.toml",
    "queries/events_by_verb.toml",
    "queries/events_in_range.toml",
    "queries/events_of_trace.toml",
    "queries/latency_by_service.toml",
    "queries/state_of_object.toml",
    "queries/things_by_type.toml",
    "schema.toml",
    "tables/do_actions.toml",
    "tables/do_events.toml",
    "tables/do_state.toml",
    "tables/do_things.toml",
    "tables/unified_events.toml",
};
