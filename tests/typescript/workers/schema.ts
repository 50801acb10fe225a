// The types of the zod schemas. Compiled, not run.

import { expectTypeOf } from "expect-type";
import type * as unified from "unified-event";
import type { EventType, UnifiedEvent } from "unified-event";
import * as schema from "unified-event/schema";
import * as z from "zod";

// What a schema returns is what the types of the package say.

type Flat<T> = { [Key in keyof T]: T[Key] };

expectTypeOf<schema.ValidatedUnifiedEvent>().toEqualTypeOf<Flat<UnifiedEvent>>();
expectTypeOf<schema.ValidatedUnifiedEvent>().toExtend<UnifiedEvent>();
expectTypeOf<schema.CoreIdentitySchemaType>().toEqualTypeOf<unified.CoreIdentity>();
expectTypeOf<schema.CausalityChainSchemaType>().toEqualTypeOf<unified.CausalityChain>();
expectTypeOf<schema.ActorSchemaType>().toEqualTypeOf<unified.Actor>();
expectTypeOf<schema.ResourceSchemaType>().toEqualTypeOf<unified.Resource>();
expectTypeOf<schema.TimingSchemaType>().toEqualTypeOf<unified.Timing>();
expectTypeOf<schema.OutcomeSchemaType>().toEqualTypeOf<unified.Outcome>();
expectTypeOf<schema.HttpContextSchemaType>().toEqualTypeOf<unified.HttpContext>();
expectTypeOf<schema.GeoLocationSchemaType>().toEqualTypeOf<unified.GeoLocation>();
expectTypeOf<schema.ClientDeviceSchemaType>().toEqualTypeOf<unified.ClientDevice>();
expectTypeOf<schema.ServiceInfraSchemaType>().toEqualTypeOf<unified.ServiceInfra>();
expectTypeOf<schema.DatabaseCdcSchemaType>().toEqualTypeOf<unified.DatabaseCdc>();
expectTypeOf<schema.MessagingQueueSchemaType>().toEqualTypeOf<unified.MessagingQueue>();
expectTypeOf<schema.RpcSchemaType>().toEqualTypeOf<unified.Rpc>();
expectTypeOf<schema.WebMarketingSchemaType>().toEqualTypeOf<unified.WebMarketing>();
expectTypeOf<schema.WebVitalsSchemaType>().toEqualTypeOf<unified.WebVitals>();
expectTypeOf<schema.SessionReplaySchemaType>().toEqualTypeOf<unified.SessionReplay>();
expectTypeOf<schema.OtelMetricsSchemaType>().toEqualTypeOf<unified.OtelMetrics>();
expectTypeOf<schema.LoggingSchemaType>().toEqualTypeOf<unified.Logging>();
expectTypeOf<schema.DoSpecificSchemaType>().toEqualTypeOf<unified.DoSpecific>();
expectTypeOf<schema.BusinessEpcisSchemaType>().toEqualTypeOf<unified.BusinessEpcis>();
expectTypeOf<schema.SnippetProxySchemaType>().toEqualTypeOf<unified.SnippetProxy>();
expectTypeOf<schema.FlexiblePayloadsSchemaType>().toEqualTypeOf<unified.FlexiblePayloads>();
expectTypeOf<schema.PartitionInternalSchemaType>().toEqualTypeOf<unified.PartitionInternal>();
expectTypeOf<z.infer<typeof schema.EventTypeSchema>>().toEqualTypeOf<EventType>();
expectTypeOf<schema.EventTypeSchemaType>().toEqualTypeOf<EventType>();
expectTypeOf<
  z.infer<typeof schema.TraceEventSchema>
>().toEqualTypeOf<schema.ValidatedUnifiedEvent>();

declare const lazy: schema.ValidatedUnifiedEventLazy;
expectTypeOf(lazy.event_type).toEqualTypeOf<EventType>();
expectTypeOf(lazy["http_status"]).toEqualTypeOf<unknown>();

// Functions.

expectTypeOf(schema.validateUnifiedEvent).parameters.toEqualTypeOf<[event: unknown]>();
expectTypeOf(schema.validateUnifiedEvent).returns.toEqualTypeOf<schema.ValidatedUnifiedEvent>();
expectTypeOf(schema.validateUnifiedEventLazy({})).toEqualTypeOf<schema.ValidatedUnifiedEventLazy>();

const result = schema.safeValidateUnifiedEvent({});
export const id: string = result.success
  ? result.data.id
  : schema.formatValidationError(result.error);
// @ts-expect-error: there is no event before the check.
export const unchecked = result.data.id;

const batch = schema.validateEventBatch([{}]);
expectTypeOf(batch.valid).toEqualTypeOf<schema.ValidatedUnifiedEvent[]>();
expectTypeOf(batch.errors).toEqualTypeOf<{ index: number; error: z.ZodError }[]>();
expectTypeOf(
  schema.validateEventBatchLazy([]).valid,
).items.toEqualTypeOf<schema.ValidatedUnifiedEventLazy>();
expectTypeOf(schema.getInvalidFields).returns.toEqualTypeOf<string[]>();

// Constants.

export const groupName: keyof typeof schema.SEMANTIC_GROUP_SCHEMAS = "WebVitals";
// @ts-expect-error: no group has this name.
export const noGroup: keyof typeof schema.SEMANTIC_GROUP_SCHEMAS = "Weather";
export const columns: number = schema.TOTAL_COLUMNS;
expectTypeOf(schema.EVENT_TYPES[0]).toEqualTypeOf<"trace">();

// Schemas stay objects, to be extended and cut.
export const Own = schema.UnifiedEventSchema.pick({ id: true, ns: true }).extend({
  own: z.string(),
});
expectTypeOf<z.infer<typeof Own>>().toEqualTypeOf<{ id: string; ns: string; own: string }>();
// @ts-expect-error: no column has this name.
schema.UnifiedEventSchema.pick({ idd: true });
