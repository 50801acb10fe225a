// Records, senders, validators and bindings. Compiled, not run.

import { expectTypeOf } from "expect-type";
import {
  type EventType,
  type UnifiedEvent,
  type UnifiedEventInit,
  type Visibility,
  type VitalRating,
  createUnifiedEvent,
} from "unified-event";
import type { PipelineBindings, WithPipelines } from "unified-event/cloudflare";
import {
  type DoThingsRecord,
  type Fault,
  type JsonValue,
  type PipelineBinding,
  type RecordResult,
  type RejectCode,
  type SendSummary,
  type Sender,
  type UnifiedEventInput,
  type UnifiedEventRecord,
  createDoThingsSender,
  createSender,
  safeToPipelineRecord,
  toPipelineRecord,
} from "unified-event/pipeline";
import {
  type FaultCode,
  type Warning,
  isValid,
  validate,
  warningsOf,
} from "unified-event/validate";

// Records.

// The platform's `Pipeline` asks for records with an index signature, which only a type has.
type Constrained<T extends Record<string, unknown>> = T;
export type IsConstrained = Constrained<UnifiedEventRecord>;

expectTypeOf<UnifiedEventRecord["id"]>().toEqualTypeOf<string>();
expectTypeOf<UnifiedEventRecord["event_type"]>().toEqualTypeOf<EventType>();
expectTypeOf<Required<UnifiedEventRecord>["trace_id"]>().toEqualTypeOf<string | null>();
expectTypeOf<Required<UnifiedEventRecord>["timestamp_ns"]>().toEqualTypeOf<string | null>();
expectTypeOf<Required<UnifiedEventRecord>["visibility"]>().toEqualTypeOf<Visibility | null>();
expectTypeOf<Required<UnifiedEventRecord>["db_after"]>().toEqualTypeOf<JsonValue | null>();
expectTypeOf<Required<UnifiedEventRecord>["data"]>().toEqualTypeOf<JsonValue | null>();
expectTypeOf<Required<UnifiedEventRecord>["is_leaf"]>().toEqualTypeOf<boolean | null>();
expectTypeOf<DoThingsRecord["version"]>().toEqualTypeOf<number>();

const core = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" } as const;
export const record: UnifiedEventRecord = { ...core, data: { a: [1, null] }, timestamp_ns: "1" };

// @ts-expect-error: the namespace is missing.
export const incomplete: UnifiedEventRecord = { id: "1", event_type: "log", event_name: "x.y" };
// @ts-expect-error: nanoseconds travel as text.
export const big: UnifiedEventRecord = { ...core, timestamp_ns: 1n };
// @ts-expect-error: the pipeline computes the column.
export const computed: UnifiedEventRecord = { ...core, day: "2026-11-21" };
// @ts-expect-error: the stream would strip the key.
export const unknownKey: UnifiedEventRecord = { ...core, httpStatus: 200 };
// @ts-expect-error: JSON has no dates.
export const date: UnifiedEventRecord = { ...core, data: { at: new Date() } };
// @ts-expect-error: the set is closed.
export const hidden: UnifiedEventRecord = { ...core, visibility: "hidden" };

// What records are made from.

expectTypeOf<UnifiedEvent>().toExtend<UnifiedEventInput>();
expectTypeOf(toPipelineRecord).returns.toEqualTypeOf<UnifiedEventRecord>();
expectTypeOf(safeToPipelineRecord).returns.toEqualTypeOf<RecordResult<UnifiedEventRecord>>();
toPipelineRecord({ ...core, timestamp: new Date(), timestamp_ns: 1n }, { now: () => 0 });
// @ts-expect-error: the column holds a number.
toPipelineRecord({ ...core, http_status: "200" });
// @ts-expect-error: an event has an id.
toPipelineRecord({ event_type: "log", event_name: "job.ended", ns: "shop.example" });
// What has all columns is taken for its type, as `createUnifiedEvent` makes it.
toPipelineRecord(createUnifiedEvent({ ...core, visibility: "org" }));

// The pipeline computes these columns: they may be there, but say nothing.
toPipelineRecord({ ...core, hour: null, day: undefined, is_root: null, schema_version: null });
// @ts-expect-error: the pipeline computes the hour.
toPipelineRecord({ ...core, hour: 9 });
// @ts-expect-error: the pipeline computes the day.
toPipelineRecord({ ...core, day: "2026-11-21" });
// @ts-expect-error: the pipeline computes who is a root.
toPipelineRecord({ ...core, is_root: true });
// @ts-expect-error: the pipeline knows its table's version.
toPipelineRecord({ ...core, schema_version: 1 });
declare const init: UnifiedEventInit;
// @ts-expect-error: it may hold columns that the pipeline computes.
toPipelineRecord(init);
// What the platform owns but does not compute may be set.
toPipelineRecord({ ...core, depth: 1, is_leaf: true, batch_id: "b", event_source: "tail" });

// Closed sets are unions, with null and undefined for no value.
type PartialInput = Exclude<UnifiedEventInput, UnifiedEvent>;
expectTypeOf<PartialInput["visibility"]>().toEqualTypeOf<Visibility | null | undefined>();
expectTypeOf<PartialInput["vital_rating"]>().toEqualTypeOf<VitalRating | null | undefined>();
expectTypeOf<PartialInput["action_durability"]>().toEqualTypeOf<
  "send" | "try" | "do" | null | undefined
>();
expectTypeOf<PartialInput["event_type"]>().toEqualTypeOf<EventType>();
toPipelineRecord({ ...core, visibility: "org", vital_rating: "poor", action_durability: null });
// @ts-expect-error: the set is closed.
toPipelineRecord({ ...core, visibility: "internal" });
// @ts-expect-error: the set is closed.
toPipelineRecord({ ...core, vital_rating: "great" });
// @ts-expect-error: the set is closed.
toPipelineRecord({ ...core, action_durability: "retry" });
// @ts-expect-error: the set is closed.
toPipelineRecord({ ...core, event_type: "span" });
declare const text: string;
// @ts-expect-error: any text is none of the set.
toPipelineRecord({ ...core, visibility: text });

// Open sets take any text, and keep their values for editors to complete.
toPipelineRecord({ ...core, http_method: "GET", log_level: "notice", db_system: text });
expectTypeOf<Extract<PartialInput["http_method"], "GET">>().toEqualTypeOf<"GET">();
expectTypeOf<string>().toExtend<PartialInput["http_method"]>();
// @ts-expect-error: no text.
toPipelineRecord({ ...core, http_method: 1 });
// Bytes may be bytes, of whatever buffer or view, or base64 text.
expectTypeOf<PartialInput["replay_data"]>().toEqualTypeOf<
  string | ArrayBufferLike | ArrayBufferView | null | undefined
>();
toPipelineRecord({ ...core, replay_data: new Uint8Array([1, 2]) });
toPipelineRecord({ ...core, replay_data: new Uint8Array([1, 2]).buffer });
toPipelineRecord({ ...core, replay_data: new DataView(new ArrayBuffer(2)) });
toPipelineRecord({ ...core, replay_data: "AQI=" });
// @ts-expect-error: a list of numbers is neither.
toPipelineRecord({ ...core, replay_data: [1, 2] });
// @ts-expect-error: the wire has text.
export const bytes: UnifiedEventRecord = { ...core, replay_data: new Uint8Array([1, 2]) };
// A column without a set is what it is in memory.
expectTypeOf<PartialInput["log_message"]>().toEqualTypeOf<string | null | undefined>();
expectTypeOf<PartialInput["timestamp"]>().toEqualTypeOf<string | Date | null | undefined>();
expectTypeOf<keyof PartialInput>().toEqualTypeOf<keyof UnifiedEvent>();

const result = safeToPipelineRecord(core);
export const either: UnifiedEventRecord | readonly Fault[] = result.success
  ? result.record
  : result.faults;
// @ts-expect-error: there is no record before the check.
export const unchecked = result.record;

// Senders.

declare const env: PipelineBindings;

const sender = createSender(env.UNIFIED_EVENTS_PIPELINE, {
  onReject(event, faults) {
    expectTypeOf(event).toEqualTypeOf<UnifiedEventInput>();
    expectTypeOf(faults).toEqualTypeOf<readonly Fault<RejectCode>[]>();
  },
});
expectTypeOf(sender).toEqualTypeOf<Sender<UnifiedEventInput>>();
expectTypeOf(sender.send([core])).toEqualTypeOf<Promise<SendSummary>>();
sender.add({ ...core, timestamp: new Date() });
// @ts-expect-error: the event type is unknown.
sender.add({ ...core, event_type: "span" });
// @ts-expect-error: without it, events would be lost.
createSender(env.UNIFIED_EVENTS_PIPELINE, {});
// @ts-expect-error: the stream is another one.
createSender(env.THINGS_PIPELINE, { onReject() {} });

const things = createDoThingsSender(env.THINGS_PIPELINE, { onReject() {} });
things.add({ ns: "n", id: "1", type: "Note", version: 1n, data: {}, timestamp: new Date() });
// @ts-expect-error: the version is missing.
things.add({ ns: "n", id: "1", type: "Note", data: {}, timestamp: new Date() });

// Bindings, as `wrangler types` writes them without a login.

type Loose = { send(records: Record<string, unknown>[]): Promise<void> };
type Env = { UNIFIED_EVENTS_PIPELINE: Loose; KV: string };

declare const loose: Env;
declare const typed: WithPipelines<Env>;
createSender(loose.UNIFIED_EVENTS_PIPELINE, { onReject() {} });
expectTypeOf(typed.UNIFIED_EVENTS_PIPELINE).toEqualTypeOf<PipelineBinding<UnifiedEventRecord>>();
expectTypeOf(typed.KV).toEqualTypeOf<string>();
expectTypeOf<keyof WithPipelines<Env>>().toEqualTypeOf<keyof Env>();
// @ts-expect-error: a record needs more than an id.
typed.UNIFIED_EVENTS_PIPELINE.send([{ id: "1" }]);

// Validators.

expectTypeOf(validate).returns.toEqualTypeOf<readonly Fault[]>();
expectTypeOf<Fault["code"]>().toEqualTypeOf<FaultCode>();
expectTypeOf(isValid).guards.toEqualTypeOf<UnifiedEventRecord>();
expectTypeOf(warningsOf).returns.toEqualTypeOf<readonly Warning[]>();
// @ts-expect-error: faults are not to be changed.
validate({}).push();
