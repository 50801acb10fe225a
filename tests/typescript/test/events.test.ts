// createUnifiedEvent and the type guards at run time.

import { describe, expect, it } from "vitest";
import * as unified from "unified-event";
import {
  type EventType,
  UNIFIED_COLUMN_TUPLE,
  type UnifiedEvent,
  createUnifiedEvent,
} from "unified-event";

import { REFERENCE_COLUMNS } from "./reference.js";

const CORE = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" } as const;

/** The columns that an event of each type must set, with a value. */
const REQUIRED: Record<EventType, Partial<UnifiedEvent>> = {
  trace: { trace_id: "7b1f0c52e9a84d3fb6c08e21d4957a30", span_id: "a3c91e70b5d2f846" },
  metric: { metric_name: "http.server.duration" },
  log: { log_level: "info" },
  cdc: { db_operation: "INSERT", db_table: "orders" },
  track: { actor_id: "usr_1", anonymous_id: "anon_1" },
  page: { http_url: "https://shop.example/" },
  vital: { vital_name: "LCP", vital_value: 0 },
  replay: { session_id: "ses_1", replay_type: "Meta" },
  tail: { service_name: "checkout" },
  snippet: { snippet_request_id: "9be1c2d3e4f5a6b7-FRA" },
};

const GUARDS: Record<EventType, (event: UnifiedEvent) => boolean> = {
  trace: unified.isTraceEvent,
  metric: unified.isMetricEvent,
  log: unified.isLogEvent,
  cdc: unified.isCdcEvent,
  track: unified.isTrackEvent,
  page: unified.isPageEvent,
  vital: unified.isVitalEvent,
  replay: unified.isReplayEvent,
  tail: unified.isTailEvent,
  snippet: unified.isSnippetEvent,
};

const TYPES = Object.keys(GUARDS) as EventType[];

describe("createUnifiedEvent", () => {
  it("sets every column that is not given to null", () => {
    const event = createUnifiedEvent(CORE);
    expect(Object.keys(event)).toEqual(REFERENCE_COLUMNS.map(({ name }) => name));
    for (const { name } of UNIFIED_COLUMN_TUPLE) {
      expect(event[name], name).toBe(name in CORE ? CORE[name as keyof typeof CORE] : null);
    }
  });

  it("keeps what is given, falsy values too", () => {
    const given = {
      depth: 0,
      is_leaf: false,
      log_message: "",
      metric_value: NaN,
      timestamp_ns: 0n,
      data: {},
    };
    expect(createUnifiedEvent({ ...CORE, ...given })).toMatchObject({ ...CORE, ...given });
  });

  it("keeps the identity of objects and leaves its argument alone", () => {
    const data = { a: 1 };
    const partial = Object.freeze({ ...CORE, data });
    expect(createUnifiedEvent(partial).data).toBe(data);
    expect(Object.keys(partial)).toHaveLength(5);
  });

  it("sets what is given as undefined to null", () => {
    expect(createUnifiedEvent({ ...CORE, actor_id: undefined }).actor_id).toBeNull();
  });

  it("returns a new event each time", () => {
    const first = createUnifiedEvent(CORE);
    first.log_level = "warn";
    expect(createUnifiedEvent(CORE).log_level).toBeNull();
  });

  it("keeps keys that are no columns, for validators to report", () => {
    const partial: typeof CORE = Object.assign({}, CORE, { htpp_status: 200 });
    expect(createUnifiedEvent(partial)).toHaveProperty("htpp_status", 200);
  });

  it("does not let a key of the argument change prototypes", () => {
    const partial: typeof CORE = Object.assign(JSON.parse('{"__proto__":{"polluted":1}}'), CORE);
    const event = createUnifiedEvent(partial);
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(event).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
  });

  it("copies an event", () => {
    const event = createUnifiedEvent({ ...CORE, ...REQUIRED.log });
    expect(createUnifiedEvent(event)).toEqual(event);
    expect(createUnifiedEvent(event)).not.toBe(event);
  });
});

describe("type guards", () => {
  it.each(TYPES)("accept an event of type %s and no other", (type) => {
    const everything = Object.assign({}, ...Object.values(REQUIRED));
    const event = createUnifiedEvent({ ...CORE, ...everything, event_type: type });
    expect(TYPES.filter((other) => GUARDS[other](event))).toEqual([type]);
  });

  it.each(TYPES)("accept an event of type %s with just what it requires", (type) => {
    expect(GUARDS[type](createUnifiedEvent({ ...CORE, event_type: type, ...REQUIRED[type] }))).toBe(
      true,
    );
  });

  it.each(TYPES.filter((type) => type !== "track"))(
    "refuse an event of type %s that lacks a column its type promises",
    (type) => {
      for (const column of Object.keys(REQUIRED[type])) {
        const event = createUnifiedEvent({
          ...CORE,
          event_type: type,
          ...REQUIRED[type],
          [column]: null,
        });
        expect(GUARDS[type](event), column).toBe(false);
      }
    },
  );

  it("accept a track event with either of its columns, not with neither", () => {
    const track = { ...CORE, event_type: "track" } as const;
    expect(GUARDS.track(createUnifiedEvent({ ...track, actor_id: "usr_1" }))).toBe(true);
    expect(GUARDS.track(createUnifiedEvent({ ...track, anonymous_id: "anon_1" }))).toBe(true);
    expect(GUARDS.track(createUnifiedEvent(track))).toBe(false);
  });

  it("refuse an event of plain JavaScript in which a column is missing", () => {
    const event = { ...CORE, event_type: "trace", trace_id: "1" } as unknown as UnifiedEvent;
    expect(unified.isTraceEvent(event)).toBe(false);
  });
});
