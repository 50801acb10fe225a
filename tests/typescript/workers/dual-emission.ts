// Both bindings of the overlap as the platform types them. Compiled, not run.

import type { Pipeline, PipelineRecord } from "cloudflare:pipelines";
import { expectTypeOf } from "expect-type";

import {
  type DualBindings,
  type NewRecord,
  type OldOnly,
  type OldRecord,
  sendToBoth,
} from "../../migrate/expected/migrations/tiny_events_v1_to_v2/producer/dual-emission.js";

// What `wrangler types` writes with a login, and without one.
declare const typed: { TINY: Pipeline<OldRecord>; TINY_V2: Pipeline<NewRecord> };
declare const untyped: { TINY: Pipeline<PipelineRecord>; TINY_V2: Pipeline<PipelineRecord> };
expectTypeOf(typed).toExtend<DualBindings>();
expectTypeOf(untyped).toExtend<DualBindings>();

// Renamed, of another type, gone, new and required.
expectTypeOf<NewRecord>().not.toHaveProperty("status");
expectTypeOf<NewRecord["http_status"]>().toEqualTypeOf<OldRecord["status"]>();
expectTypeOf<NonNullable<OldRecord["code"]>>().toEqualTypeOf<string>();
expectTypeOf<NonNullable<NewRecord["code"]>>().toEqualTypeOf<number>();
expectTypeOf<keyof OldOnly>().toEqualTypeOf<"legacy">();
expectTypeOf<NewRecord["tenant"]>().toEqualTypeOf<string>();

declare const record: NewRecord;
void sendToBoth(typed, [{ record, oldOnly: {} }]);
// @ts-expect-error: the streams are not each other.
void sendToBoth({ TINY: typed.TINY_V2, TINY_V2: typed.TINY }, []);
// @ts-expect-error: a new field that is required.
const incomplete: NewRecord = { id: "1", event_type: "ping", ns: "n" };
export { incomplete };
