// The surface of the module that replaces the hand-written one: every name, its type, and what the
// compiler must refuse. Compiled, not run.

import { expectTypeOf } from "expect-type";
import {
  UNIFIED_COLUMNS,
  createUnifiedEvent,
  isCdcEvent,
  isLogEvent,
  isMetricEvent,
  isPageEvent,
  isReplayEvent,
  isSnippetEvent,
  isTailEvent,
  isTraceEvent,
  isTrackEvent,
  isVitalEvent,
} from "unified-event";
import type {
  CdcEvent,
  ColumnDefinition,
  ColumnType,
  DiscriminatedUnifiedEvent,
  EventType,
  LogEvent,
  MetricEvent,
  PageEvent,
  ReplayEvent,
  SnippetEvent,
  TailEvent,
  TraceEvent,
  TrackEvent,
  UnifiedEvent,
  VitalEvent,
} from "unified-event";

declare const event: UnifiedEvent;

// Event types.

expectTypeOf<EventType>().toEqualTypeOf<
  "trace" | "metric" | "log" | "cdc" | "track" | "page" | "vital" | "replay" | "tail" | "snippet"
>();

// @ts-expect-error: the set of event types is closed.
export const unknownType: EventType = "span";

// Events of one type: the type and its required columns are narrowed, the rest is as it was.

type Narrowed<Columns extends keyof UnifiedEvent> = {
  [Column in Columns]: NonNullable<UnifiedEvent[Column]>;
};

expectTypeOf<TraceEvent["event_type"]>().toEqualTypeOf<"trace">();
expectTypeOf<MetricEvent["event_type"]>().toEqualTypeOf<"metric">();
expectTypeOf<LogEvent["event_type"]>().toEqualTypeOf<"log">();
expectTypeOf<CdcEvent["event_type"]>().toEqualTypeOf<"cdc">();
expectTypeOf<TrackEvent["event_type"]>().toEqualTypeOf<"track">();
expectTypeOf<PageEvent["event_type"]>().toEqualTypeOf<"page">();
expectTypeOf<VitalEvent["event_type"]>().toEqualTypeOf<"vital">();
expectTypeOf<ReplayEvent["event_type"]>().toEqualTypeOf<"replay">();
expectTypeOf<TailEvent["event_type"]>().toEqualTypeOf<"tail">();
expectTypeOf<SnippetEvent["event_type"]>().toEqualTypeOf<"snippet">();

expectTypeOf<Pick<TraceEvent, "trace_id" | "span_id">>().toEqualTypeOf<
  Narrowed<"trace_id" | "span_id">
>();
expectTypeOf<MetricEvent["metric_name"]>().toEqualTypeOf<string>();
expectTypeOf<LogEvent["log_level"]>().toEqualTypeOf<string>();
expectTypeOf<Pick<CdcEvent, "db_operation" | "db_table">>().toEqualTypeOf<
  Narrowed<"db_operation" | "db_table">
>();
expectTypeOf<PageEvent["http_url"]>().toEqualTypeOf<string>();
expectTypeOf<Pick<VitalEvent, "vital_name" | "vital_value">>().toEqualTypeOf<{
  vital_name: string;
  vital_value: number;
}>();
expectTypeOf<Pick<ReplayEvent, "session_id" | "replay_type">>().toEqualTypeOf<
  Narrowed<"session_id" | "replay_type">
>();
expectTypeOf<TailEvent["service_name"]>().toEqualTypeOf<string>();
expectTypeOf<SnippetEvent["snippet_request_id"]>().toEqualTypeOf<string>();

expectTypeOf<TraceEvent["metric_name"]>().toEqualTypeOf<string | null>();
expectTypeOf<keyof TraceEvent>().toEqualTypeOf<keyof UnifiedEvent>();
expectTypeOf<TraceEvent>().toExtend<UnifiedEvent>();

// A track event names its actor, a visitor, or both.
type Track = Omit<UnifiedEvent, "event_type" | "actor_id" | "anonymous_id"> & {
  event_type: "track";
};
expectTypeOf<Track & { actor_id: string; anonymous_id: null }>().toExtend<TrackEvent>();
expectTypeOf<Track & { actor_id: null; anonymous_id: string }>().toExtend<TrackEvent>();
expectTypeOf<Track & { actor_id: string; anonymous_id: string }>().toExtend<TrackEvent>();
expectTypeOf<Track & { actor_id: null; anonymous_id: null }>().not.toExtend<TrackEvent>();
expectTypeOf<TrackEvent["actor_id"]>().toEqualTypeOf<string | null>();

// The union of them.

expectTypeOf<DiscriminatedUnifiedEvent>().toEqualTypeOf<
  | TraceEvent
  | MetricEvent
  | LogEvent
  | CdcEvent
  | TrackEvent
  | PageEvent
  | VitalEvent
  | ReplayEvent
  | TailEvent
  | SnippetEvent
>();
expectTypeOf<DiscriminatedUnifiedEvent>().toExtend<UnifiedEvent>();
expectTypeOf<UnifiedEvent>().not.toExtend<DiscriminatedUnifiedEvent>();

export function describe(event: DiscriminatedUnifiedEvent): string {
  switch (event.event_type) {
    case "trace":
      return event.trace_id + event.span_id;
    case "metric":
      return event.metric_name;
    case "log":
      return event.log_level;
    case "cdc":
      return event.db_operation + event.db_table;
    case "track":
      expectTypeOf(event).toEqualTypeOf<TrackEvent>();
      return event.event_name;
    case "page":
      return event.http_url;
    case "vital":
      return event.vital_name + event.vital_value.toFixed(1);
    case "replay":
      return event.session_id + event.replay_type;
    case "tail":
      return event.service_name;
    case "snippet":
      return event.snippet_request_id;
    default:
      expectTypeOf(event).toBeNever();
      return event;
  }
}

// Type guards.

expectTypeOf(isTraceEvent).guards.toEqualTypeOf<TraceEvent>();
expectTypeOf(isMetricEvent).guards.toEqualTypeOf<MetricEvent>();
expectTypeOf(isLogEvent).guards.toEqualTypeOf<LogEvent>();
expectTypeOf(isCdcEvent).guards.toEqualTypeOf<CdcEvent>();
expectTypeOf(isTrackEvent).guards.toEqualTypeOf<TrackEvent>();
expectTypeOf(isPageEvent).guards.toEqualTypeOf<PageEvent>();
expectTypeOf(isVitalEvent).guards.toEqualTypeOf<VitalEvent>();
expectTypeOf(isReplayEvent).guards.toEqualTypeOf<ReplayEvent>();
expectTypeOf(isTailEvent).guards.toEqualTypeOf<TailEvent>();
expectTypeOf(isSnippetEvent).guards.toEqualTypeOf<SnippetEvent>();
expectTypeOf(isTraceEvent).parameters.toEqualTypeOf<[event: UnifiedEvent]>();

// @ts-expect-error: nothing is known of the span before the guard.
export const unguarded: string = event.span_id;
export const guarded: string = isTraceEvent(event) ? event.span_id : "";
export const traces: TraceEvent[] = [event].filter(isTraceEvent);

// Creating events.

expectTypeOf(createUnifiedEvent).returns.toEqualTypeOf<UnifiedEvent>();

const core = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" } as const;
createUnifiedEvent(core);
createUnifiedEvent({ ...core, log_level: "info", labels: { env: "test" }, timestamp_ns: 1n });
createUnifiedEvent({ ...core, log_level: null });
// What may be undefined needs no `?? null` at the call.
createUnifiedEvent({ ...core, actor_id: undefined });
// An event is made from another one.
createUnifiedEvent({ ...event, id: "2" });
// Partial types of groups are parts of it.
declare const http: Partial<import("unified-event").HttpContext>;
createUnifiedEvent({ ...core, ...http });

// @ts-expect-error: the id is missing.
createUnifiedEvent({ event_type: "log", event_name: "job.ended", ns: "shop.example" });
// @ts-expect-error: the event type is missing.
createUnifiedEvent({ id: "1", event_name: "job.ended", ns: "shop.example" });
// @ts-expect-error: the event name is missing.
createUnifiedEvent({ id: "1", event_type: "log", ns: "shop.example" });
// @ts-expect-error: the namespace is missing.
createUnifiedEvent({ id: "1", event_type: "log", event_name: "job.ended" });
// @ts-expect-error: a required column cannot be null.
createUnifiedEvent({ ...core, id: null });
// @ts-expect-error: a required column cannot be undefined.
createUnifiedEvent({ ...core, ns: undefined });
// @ts-expect-error: no column has this name.
createUnifiedEvent({ ...core, htpp_status: 200 });
// @ts-expect-error: the column holds a number.
createUnifiedEvent({ ...core, http_status: "200" });
// @ts-expect-error: nanoseconds are a bigint.
createUnifiedEvent({ ...core, timestamp_ns: 1768487400123456789 });
// @ts-expect-error: moments are text.
createUnifiedEvent({ ...core, timestamp: new Date() });
// @ts-expect-error: labels are text.
createUnifiedEvent({ ...core, labels: { count: 1 } });
// @ts-expect-error: the row after a change is JSON text.
createUnifiedEvent({ ...core, db_after: { id: 1 } });
// @ts-expect-error: no event has this type.
createUnifiedEvent({ ...core, event_type: "span" });
// @ts-expect-error: a key that is missing is not null.
export const incomplete: UnifiedEvent = { ...core };

// Columns.

expectTypeOf<ColumnType>().toEqualTypeOf<
  "string" | "number" | "boolean" | "bigint" | "timestamp" | "json" | "bytes"
>();
expectTypeOf<ColumnDefinition>().toEqualTypeOf<{
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly partition: boolean;
}>();
expectTypeOf(UNIFIED_COLUMNS).toEqualTypeOf<readonly ColumnDefinition[]>();

// A set of the names answers for any text.
const names = new Set(UNIFIED_COLUMNS.map(({ name }) => name));
declare const anyText: string;
export const isColumn: boolean = names.has(anyText);
export const isHeader: boolean = new Set(UNIFIED_COLUMNS.map((c) => c.name)).has("x-request-id");
export const isFirst: boolean = UNIFIED_COLUMNS[0]?.name === anyText;

export const own: ColumnDefinition = {
  name: "mine",
  type: "json",
  nullable: true,
  partition: false,
};
export const more: readonly ColumnDefinition[] = [...UNIFIED_COLUMNS, own];
// @ts-expect-error: columns have loose types only.
export const exact: ColumnType = "int32";
// @ts-expect-error: the list does not change.
UNIFIED_COLUMNS.push(own);
// @ts-expect-error: neither do its entries.
UNIFIED_COLUMNS[0]!.name = "mine";
