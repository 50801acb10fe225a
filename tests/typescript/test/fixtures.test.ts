// The valid events of tests/events can be held in memory as the package types them.

import { describe, expect, it } from "vitest";
import * as unified from "unified-event";
import { EVENT_TYPES, UNIFIED_COLUMNS } from "unified-event";

import { ndjson } from "./files.js";
import { faults, fromWire } from "./wire.js";

const EVENTS = ndjson("tests/events/valid/unified_events.ndjson");

const GUARDS = [
  unified.isTraceEvent,
  unified.isMetricEvent,
  unified.isLogEvent,
  unified.isCdcEvent,
  unified.isTrackEvent,
  unified.isPageEvent,
  unified.isVitalEvent,
  unified.isReplayEvent,
  unified.isTailEvent,
  unified.isSnippetEvent,
];

describe("valid events", () => {
  it("cover all event types", () => {
    expect(new Set(EVENTS.map((event) => event["event_type"]))).toEqual(new Set(EVENT_TYPES));
  });

  it.each(EVENTS.map((event) => [event["id"], event] as const))(
    "%s is held in memory",
    (_, wire) => {
      const event = fromWire(wire);
      expect(faults(event)).toEqual([]);
      expect(Object.keys(event)).toHaveLength(UNIFIED_COLUMNS.length);
      expect(GUARDS.filter((guard) => guard(event))).toHaveLength(1);
    },
  );

  it("keep nanoseconds exactly", () => {
    const exact = EVENTS.filter((event) => typeof event["timestamp_ns"] === "string");
    expect(exact.length).toBeGreaterThan(0);
    for (const wire of exact) {
      expect(String(fromWire(wire).timestamp_ns)).toBe(wire["timestamp_ns"]);
    }
  });
});
