// All columns with the loose types of the hand-written schema, in order. Like `types/columns.ts` it
// is a second opinion, never derived from what it is compared with.
//
// A column without a type is a string.

export const REFERENCE_COLUMNS = parse({
  CoreIdentity: `id event_type event_name ns`,
  CausalityChain: `
    trace_id span_id parent_id root_id session_id workflow_id transaction_id correlation_id
    depth:number is_leaf:boolean is_root:boolean
  `,
  Actor: `actor_id actor_type actor_name anonymous_id`,
  Resource: `resource_type resource_id resource_name resource_version resource_ns`,
  Timing: `
    timestamp:timestamp timestamp_ns:bigint started_at:timestamp ended_at:timestamp
    duration_ms:number cpu_time_ms:number
  `,
  Outcome: `outcome outcome_reason status_code:number error_type error_message error_stack`,
  HttpContext: `
    http_method http_url http_host http_path http_query http_status:number http_protocol
    http_request_size:number http_response_size:number http_referrer http_user_agent
    http_content_type
  `,
  GeoLocation: `
    geo_country geo_region geo_city geo_colo geo_timezone geo_latitude:number
    geo_longitude:number geo_asn:number geo_as_org geo_postal
  `,
  ClientDevice: `
    client_type client_name client_version device_type device_model device_brand os_name
    os_version bot_score:number bot_verified:boolean screen_size
  `,
  ServiceInfra: `
    service_name service_version service_instance service_namespace host_name host_id
    cloud_provider cloud_region cloud_zone container_id k8s_namespace k8s_pod k8s_deployment
  `,
  DatabaseCdc: `
    db_system db_name db_table db_operation db_statement db_row_id db_lsn db_version:number
    db_before:json db_after:json
  `,
  MessagingQueue: `msg_system msg_destination msg_operation msg_batch_size:number msg_message_id`,
  Rpc: `rpc_system rpc_service rpc_method rpc_status`,
  WebMarketing: `
    page_title page_search campaign_name campaign_source campaign_medium campaign_term
    campaign_content campaign_id ab_test_id ab_variant
  `,
  WebVitals: `
    vital_name vital_value:number vital_rating vital_delta:number vital_element vital_load_state
    nav_type
  `,
  SessionReplay: `
    replay_type replay_source replay_sequence:number replay_timestamp_offset:number
    replay_data:bytes
  `,
  OtelMetrics: `
    metric_name metric_unit metric_type metric_value:number metric_count:number
    metric_sum:number metric_min:number metric_max:number metric_buckets:json
    metric_quantiles:json
  `,
  Logging: `log_level log_level_num:number log_message log_logger`,
  DoSpecific: `
    do_class do_id do_method action_verb action_durability action_target
    action_input_version:number
  `,
  BusinessEpcis: `biz_step biz_disposition biz_transaction biz_location biz_read_point`,
  SnippetProxy: `
    snippet_initiator snippet_request_id snippet_start_time:number snippet_dns_time:number
    snippet_connect_time:number snippet_ttfb:number snippet_download_time:number
    snippet_blocked_time:number snippet_resource_type snippet_transfer_size:number
    snippet_decoded_size:number snippet_cache_state snippet_priority
  `,
  FlexiblePayloads: `
    data:json attributes:json labels:json context:json properties:json traits:json
  `,
  PartitionInternal: `
    hour:number day event_source visibility ingested_at:timestamp batch_id schema_version:number
  `,
});

function parse(groups: Record<string, string>): { name: string; type: string; group: string }[] {
  return Object.entries(groups).flatMap(([group, columns]) =>
    columns
      .trim()
      .split(/\s+/)
      .map((column) => {
        const [name = "", type = "string"] = column.split(":");
        return { name, type, group };
      }),
  );
}
