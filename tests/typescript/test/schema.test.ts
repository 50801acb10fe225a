// The zod schemas that replace the hand-written ones, as their users know them.

import { describe, expect, it } from "vitest";
import { EVENT_TYPES as FROM_INDEX, type EventType, createUnifiedEvent } from "unified-event";
import * as schema from "unified-event/schema";
import {
  EVENT_TYPES,
  EventTypeSchema,
  SEMANTIC_GROUP_SCHEMAS,
  TOTAL_COLUMNS,
  UnifiedEventLazySchema,
  UnifiedEventSchema,
  UnifiedEventStrictSchema,
  formatValidationError,
  getInvalidFields,
  safeValidateUnifiedEvent,
  safeValidateUnifiedEventLazy,
  validateEventBatch,
  validateEventBatchLazy,
  validateUnifiedEvent,
  validateUnifiedEventLazy,
} from "unified-event/schema";
import * as z from "zod";

import { model, ndjson } from "./files.js";
import { fromWire } from "./wire.js";

const CORE = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" } as const;
const LOG = createUnifiedEvent({ ...CORE, log_level: "info" });

/** The valid events, but for those with a key that zod leaves out of every record. */
const EVENTS = ndjson("tests/events/valid/unified_events.ndjson")
  .filter((event) => !JSON.stringify(event).includes("__proto__"))
  .map(fromWire);

const EVENT_SCHEMAS: Record<EventType, typeof UnifiedEventSchema> = {
  trace: schema.TraceEventSchema,
  metric: schema.MetricEventSchema,
  log: schema.LogEventSchema,
  cdc: schema.CdcEventSchema,
  track: schema.TrackEventSchema,
  page: schema.PageEventSchema,
  vital: schema.VitalEventSchema,
  replay: schema.ReplayEventSchema,
  tail: schema.TailEventSchema,
  snippet: schema.SnippetEventSchema,
};

function error(event: unknown): z.ZodError {
  const result = safeValidateUnifiedEvent(event);
  if (result.success) throw new Error("the event is valid");
  return result.error;
}

describe("the module", () => {
  it("exports what the hand-written one does", () => {
    const groups = model().groups.map(({ name }) => `${name}Schema`);
    const events = Object.keys(EVENT_SCHEMAS).map((type) => {
      return `${type[0]?.toUpperCase()}${type.slice(1)}EventSchema`;
    });
    expect(Object.keys(schema).sort()).toEqual(
      [
        ...groups,
        ...events,
        "EVENT_TYPES",
        "EventTypeSchema",
        "SEMANTIC_GROUP_SCHEMAS",
        "TOTAL_COLUMNS",
        "UnifiedEventLazySchema",
        "UnifiedEventSchema",
        "UnifiedEventStrictSchema",
        "formatValidationError",
        "getInvalidFields",
        "safeValidateUnifiedEvent",
        "safeValidateUnifiedEventLazy",
        "validateEventBatch",
        "validateEventBatchLazy",
        "validateUnifiedEvent",
        "validateUnifiedEventLazy",
      ].sort(),
    );
    expect(EVENT_TYPES).toBe(FROM_INDEX);
    expect(EventTypeSchema.options).toEqual(EVENT_TYPES);
  });

  it("has a schema for each group, with its columns in order", () => {
    const { groups, counts } = model();
    expect(Object.keys(SEMANTIC_GROUP_SCHEMAS)).toEqual(groups.map(({ name }) => name));
    for (const { name, columns } of groups) {
      const group = SEMANTIC_GROUP_SCHEMAS[name as keyof typeof SEMANTIC_GROUP_SCHEMAS];
      expect(Object.keys(group.shape)).toEqual(columns);
      expect(group).toBe(schema[`${name}Schema` as keyof typeof schema]);
    }
    expect(TOTAL_COLUMNS).toBe(counts.stored);
    expect(Object.keys(UnifiedEventSchema.shape)).toHaveLength(TOTAL_COLUMNS);
  });
});

describe("a group", () => {
  it("needs every key, with null where there is no value", () => {
    const { ActorSchema } = schema;
    const actor = { actor_id: null, actor_type: "user", actor_name: null, anonymous_id: null };
    expect(ActorSchema.parse(actor)).toEqual(actor);
    const { actor_id, ...rest } = actor;
    expect(ActorSchema.safeParse(rest).success).toBe(false);
    expect(ActorSchema.safeParse({ ...actor, actor_id: undefined }).success).toBe(false);
    expect(ActorSchema.parse({ ...actor, other: 1 })).toEqual(actor);
  });

  it("checks the structure only", () => {
    const chain = EVENTS.map((event) => schema.CausalityChainSchema.parse(event))[0]!;
    expect(schema.CausalityChainSchema.parse({ ...chain, trace_id: "no hex" }).trace_id).toBe(
      "no hex",
    );
    const { TimingSchema } = schema;
    const timing = TimingSchema.parse(LOG);
    expect(TimingSchema.parse({ ...timing, timestamp: "yesterday" }).timestamp).toBe("yesterday");
    expect(TimingSchema.safeParse({ ...timing, timestamp_ns: 1 }).success).toBe(false);
    expect(TimingSchema.parse({ ...timing, timestamp_ns: 1n }).timestamp_ns).toBe(1n);
    const payloads = schema.FlexiblePayloadsSchema.parse(LOG);
    const labels = (value: unknown) =>
      schema.FlexiblePayloadsSchema.safeParse({ ...payloads, labels: value }).success;
    expect([labels({ a: "b" }), labels({ a: 1 }), labels("a")]).toEqual([true, false, false]);
    expect(schema.PartitionInternalSchema.parse({ ...LOG, visibility: "any" }).visibility).toBe(
      "any",
    );
    expect(schema.CoreIdentitySchema.safeParse({ ...CORE, event_type: "span" }).success).toBe(
      false,
    );
  });
});

describe("whole events", () => {
  it.each(EVENTS.map((event) => [event.id, event] as const))("%s is valid", (_, event) => {
    expect(validateUnifiedEvent(event)).toEqual(event);
    expect(UnifiedEventStrictSchema.parse(event)).toEqual(event);
    expect(validateUnifiedEventLazy(event)).toEqual(event);
    for (const type of EVENT_TYPES) expect(EVENT_SCHEMAS[type].parse(event)).toEqual(event);
  });

  it("lose unknown keys, are refused for them, or keep them", () => {
    const event = { ...LOG, extra: 1 };
    expect(UnifiedEventSchema.parse(event)).toEqual(LOG);
    expect(UnifiedEventStrictSchema.safeParse(event).success).toBe(false);
    expect(UnifiedEventLazySchema.parse(event)).toEqual(event);
  });

  it("are checked in their core columns only when validated lazily", () => {
    const lazy = { ...CORE, http_status: "anything", extra: [] };
    expect(validateUnifiedEventLazy(lazy)).toEqual(lazy);
    expect(safeValidateUnifiedEvent(lazy).success).toBe(false);
    expect(() => validateUnifiedEventLazy({ ...lazy, ns: null })).toThrow(z.ZodError);
    expect(safeValidateUnifiedEventLazy({ ...lazy, event_type: "span" }).success).toBe(false);
  });

  it("are returned or thrown, or both in a result", () => {
    expect(validateUnifiedEvent(LOG)).not.toBe(LOG);
    expect(() => validateUnifiedEvent({})).toThrow(z.ZodError);
    expect(safeValidateUnifiedEvent(LOG)).toEqual({ success: true, data: LOG });
    expect(error({}).issues).toHaveLength(TOTAL_COLUMNS);
    for (const value of [null, undefined, 1, "x", []]) {
      expect(safeValidateUnifiedEvent(value).success).toBe(false);
    }
  });
});

describe("events of one type", () => {
  it.each(model().event_types)("$name must set what it requires", ({ name, requires }) => {
    const type = name as EventType;
    const full = Object.fromEntries(requires.flat().map((c) => [c, c === "vital_value" ? 0 : "x"]));
    const event = createUnifiedEvent({ ...CORE, event_type: type, ...full });
    expect(EVENT_SCHEMAS[type].safeParse(event).success).toBe(true);
    for (const columns of requires) {
      const lacking = { ...event, ...Object.fromEntries(columns.map((column) => [column, null])) };
      const result = EVENT_SCHEMAS[type].safeParse(lacking);
      expect(getInvalidFields(result.error!)).toEqual(columns.slice(0, 1));
      for (const other of EVENT_TYPES.filter((other) => other !== type)) {
        expect(EVENT_SCHEMAS[other].safeParse(lacking).success).toBe(true);
      }
    }
    for (const columns of requires.filter(({ length }) => length > 1)) {
      for (const column of columns) {
        expect(EVENT_SCHEMAS[type].safeParse({ ...event, [column]: null }).success).toBe(true);
      }
    }
  });

  it("can be combined further", () => {
    expect(schema.ActorSchema.extend({ own: z.string() }).shape).toHaveProperty("own");
    expect(UnifiedEventSchema.pick({ id: true }).parse({ id: "1", ns: 1 })).toEqual({ id: "1" });
  });
});

describe("batches", () => {
  it("are divided into valid events and errors with their index", () => {
    const bad = { ...LOG, http_status: "200" };
    const { valid, errors } = validateEventBatch([LOG, bad, null, LOG]);
    expect(valid).toEqual([LOG, LOG]);
    expect(errors.map(({ index }) => index)).toEqual([1, 2]);
    expect(getInvalidFields(errors[0]!.error)).toEqual(["http_status"]);
    expect(validateEventBatch([])).toEqual({ valid: [], errors: [] });
  });

  it("can be validated lazily", () => {
    const { valid, errors } = validateEventBatchLazy([{ ...CORE, http_status: "200" }, {}]);
    expect(valid).toEqual([{ ...CORE, http_status: "200" }]);
    expect(errors.map(({ index }) => index)).toEqual([1]);
  });
});

describe("errors", () => {
  it("become one line with all paths", () => {
    const issues = error({ ...LOG, http_status: "200", labels: { a: 1, b: 2 } });
    expect(formatValidationError(issues)).toMatch(
      /^http_status: Invalid input: .+; labels\.a: Invalid input: .+; labels\.b: Invalid input: .+$/,
    );
    expect(getInvalidFields(issues)).toEqual(["http_status", "labels.a", "labels.b"]);
  });

  it("name each field once, unknown ones too, and nothing if it is all of the event", () => {
    const both = new z.ZodError([
      { code: "custom", path: ["a", 0], message: "x", input: 1 },
      { code: "custom", path: ["a", 0], message: "y", input: 1 },
    ]);
    expect(getInvalidFields(both)).toEqual(["a.0"]);
    expect(formatValidationError(both)).toBe("a.0: x; a.0: y");
    const strict = UnifiedEventStrictSchema.safeParse({ ...LOG, extra: 1, other: 2 });
    expect(getInvalidFields(strict.error!)).toEqual(["extra", "other"]);
    expect(getInvalidFields(error(null))).toEqual([]);
    expect(formatValidationError(error(null))).toMatch(/^Invalid input/);
  });
});
