// The types of all columns, group by group, as the event model states them. This list is a second
// opinion: it was written from the model's description and is never derived from the package.
//
// It is compiled, not run.

import { expectTypeOf } from "expect-type";
import type * as unified from "unified-event";

expectTypeOf<unified.CoreIdentity>().toEqualTypeOf<{
  id: string;
  event_type: unified.EventType;
  event_name: string;
  ns: string;
}>();

expectTypeOf<unified.CausalityChain>().toEqualTypeOf<{
  trace_id: string | null;
  span_id: string | null;
  parent_id: string | null;
  root_id: string | null;
  session_id: string | null;
  workflow_id: string | null;
  transaction_id: string | null;
  correlation_id: string | null;
  depth: number | null;
  is_leaf: boolean | null;
  is_root: boolean | null;
}>();

expectTypeOf<unified.Actor>().toEqualTypeOf<{
  actor_id: string | null;
  actor_type: string | null;
  actor_name: string | null;
  anonymous_id: string | null;
}>();

expectTypeOf<unified.Resource>().toEqualTypeOf<{
  resource_type: string | null;
  resource_id: string | null;
  resource_name: string | null;
  resource_version: string | null;
  resource_ns: string | null;
}>();

expectTypeOf<unified.Timing>().toEqualTypeOf<{
  timestamp: string | null;
  timestamp_ns: bigint | null;
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  cpu_time_ms: number | null;
}>();

expectTypeOf<unified.Outcome>().toEqualTypeOf<{
  outcome: string | null;
  outcome_reason: string | null;
  status_code: number | null;
  error_type: string | null;
  error_message: string | null;
  error_stack: string | null;
}>();

expectTypeOf<unified.HttpContext>().toEqualTypeOf<{
  http_method: string | null;
  http_url: string | null;
  http_host: string | null;
  http_path: string | null;
  http_query: string | null;
  http_status: number | null;
  http_protocol: string | null;
  http_request_size: number | null;
  http_response_size: number | null;
  http_referrer: string | null;
  http_user_agent: string | null;
  http_content_type: string | null;
}>();

expectTypeOf<unified.GeoLocation>().toEqualTypeOf<{
  geo_country: string | null;
  geo_region: string | null;
  geo_city: string | null;
  geo_colo: string | null;
  geo_timezone: string | null;
  geo_latitude: number | null;
  geo_longitude: number | null;
  geo_asn: number | null;
  geo_as_org: string | null;
  geo_postal: string | null;
}>();

expectTypeOf<unified.ClientDevice>().toEqualTypeOf<{
  client_type: string | null;
  client_name: string | null;
  client_version: string | null;
  device_type: string | null;
  device_model: string | null;
  device_brand: string | null;
  os_name: string | null;
  os_version: string | null;
  bot_score: number | null;
  bot_verified: boolean | null;
  screen_size: string | null;
}>();

expectTypeOf<unified.ServiceInfra>().toEqualTypeOf<{
  service_name: string | null;
  service_version: string | null;
  service_instance: string | null;
  service_namespace: string | null;
  host_name: string | null;
  host_id: string | null;
  cloud_provider: string | null;
  cloud_region: string | null;
  cloud_zone: string | null;
  container_id: string | null;
  k8s_namespace: string | null;
  k8s_pod: string | null;
  k8s_deployment: string | null;
}>();

expectTypeOf<unified.DatabaseCdc>().toEqualTypeOf<{
  db_system: string | null;
  db_name: string | null;
  db_table: string | null;
  db_operation: string | null;
  db_statement: string | null;
  db_row_id: string | null;
  db_lsn: string | null;
  db_version: number | null;
  db_before: string | null;
  db_after: string | null;
}>();

expectTypeOf<unified.MessagingQueue>().toEqualTypeOf<{
  msg_system: string | null;
  msg_destination: string | null;
  msg_operation: string | null;
  msg_batch_size: number | null;
  msg_message_id: string | null;
}>();

expectTypeOf<unified.Rpc>().toEqualTypeOf<{
  rpc_system: string | null;
  rpc_service: string | null;
  rpc_method: string | null;
  rpc_status: string | null;
}>();

expectTypeOf<unified.WebMarketing>().toEqualTypeOf<{
  page_title: string | null;
  page_search: string | null;
  campaign_name: string | null;
  campaign_source: string | null;
  campaign_medium: string | null;
  campaign_term: string | null;
  campaign_content: string | null;
  campaign_id: string | null;
  ab_test_id: string | null;
  ab_variant: string | null;
}>();

expectTypeOf<unified.WebVitals>().toEqualTypeOf<{
  vital_name: string | null;
  vital_value: number | null;
  vital_rating: string | null;
  vital_delta: number | null;
  vital_element: string | null;
  vital_load_state: string | null;
  nav_type: string | null;
}>();

expectTypeOf<unified.SessionReplay>().toEqualTypeOf<{
  replay_type: string | null;
  replay_source: string | null;
  replay_sequence: number | null;
  replay_timestamp_offset: number | null;
  replay_data: string | null;
}>();

expectTypeOf<unified.OtelMetrics>().toEqualTypeOf<{
  metric_name: string | null;
  metric_unit: string | null;
  metric_type: string | null;
  metric_value: number | null;
  metric_count: number | null;
  metric_sum: number | null;
  metric_min: number | null;
  metric_max: number | null;
  metric_buckets: string | null;
  metric_quantiles: string | null;
}>();

expectTypeOf<unified.Logging>().toEqualTypeOf<{
  log_level: string | null;
  log_level_num: number | null;
  log_message: string | null;
  log_logger: string | null;
}>();

expectTypeOf<unified.DoSpecific>().toEqualTypeOf<{
  do_class: string | null;
  do_id: string | null;
  do_method: string | null;
  action_verb: string | null;
  action_durability: string | null;
  action_target: string | null;
  action_input_version: number | null;
}>();

expectTypeOf<unified.BusinessEpcis>().toEqualTypeOf<{
  biz_step: string | null;
  biz_disposition: string | null;
  biz_transaction: string | null;
  biz_location: string | null;
  biz_read_point: string | null;
}>();

expectTypeOf<unified.SnippetProxy>().toEqualTypeOf<{
  snippet_initiator: string | null;
  snippet_request_id: string | null;
  snippet_start_time: number | null;
  snippet_dns_time: number | null;
  snippet_connect_time: number | null;
  snippet_ttfb: number | null;
  snippet_download_time: number | null;
  snippet_blocked_time: number | null;
  snippet_resource_type: string | null;
  snippet_transfer_size: number | null;
  snippet_decoded_size: number | null;
  snippet_cache_state: string | null;
  snippet_priority: string | null;
}>();

expectTypeOf<unified.FlexiblePayloads>().toEqualTypeOf<{
  data: Record<string, unknown> | null;
  attributes: Record<string, unknown> | null;
  labels: Record<string, string> | null;
  context: Record<string, unknown> | null;
  properties: Record<string, unknown> | null;
  traits: Record<string, unknown> | null;
}>();

expectTypeOf<unified.PartitionInternal>().toEqualTypeOf<{
  hour: number | null;
  day: string | null;
  event_source: string | null;
  visibility: string | null;
  ingested_at: string | null;
  batch_id: string | null;
  schema_version: number | null;
}>();

expectTypeOf<unified.UnifiedEvent>().toEqualTypeOf<
  unified.CoreIdentity &
    unified.CausalityChain &
    unified.Actor &
    unified.Resource &
    unified.Timing &
    unified.Outcome &
    unified.HttpContext &
    unified.GeoLocation &
    unified.ClientDevice &
    unified.ServiceInfra &
    unified.DatabaseCdc &
    unified.MessagingQueue &
    unified.Rpc &
    unified.WebMarketing &
    unified.WebVitals &
    unified.SessionReplay &
    unified.OtelMetrics &
    unified.Logging &
    unified.DoSpecific &
    unified.BusinessEpcis &
    unified.SnippetProxy &
    unified.FlexiblePayloads &
    unified.PartitionInternal
>();
