// From events in memory to the records that are sent.

import { createUnifiedEvent } from "unified-event";
import { EventFaultsError, type UnifiedEventInput, toPipelineRecord } from "unified-event/pipeline";
import { validate } from "unified-event/validate";
import { describe, expect, it } from "vitest";

import { ndjson } from "../files.js";
import { fromWire } from "../wire.js";
import { LOG, NOW, faults, options } from "./events.js";

describe("toPipelineRecord", () => {
  it("drops nulls, converts values and stamps the record", () => {
    const event = createUnifiedEvent({
      ...LOG,
      timestamp: "2026-11-20T10:00:00+01:00",
      timestamp_ns: 1763712000123456789n,
      metric_count: 7,
      metric_buckets: '[{"le":null,"count":0}]',
      db_after: '{"id":9007199254740991,"a":[]}',
      labels: { team: "checkout" },
      log_message: "",
      is_leaf: false,
      depth: 0,
    });
    expect(toPipelineRecord(event, options)).toEqual({
      ...LOG,
      timestamp: "2026-11-20T10:00:00+01:00",
      timestamp_ns: "1763712000123456789",
      metric_count: 7,
      metric_buckets: [{ le: null, count: 0 }],
      db_after: { id: 9007199254740991, a: [] },
      labels: { team: "checkout" },
      log_message: "",
      is_leaf: false,
      depth: 0,
      ingested_at: "2026-11-21T09:00:00.123Z",
    });
  });

  it("returns what every valid event was on the wire", () => {
    for (const wire of ndjson("tests/events/valid/unified_events.ndjson")) {
      if (validate(wire).length > 0) continue;
      const present = Object.entries(wire).filter(([, value]) => value !== null);
      const record = toPipelineRecord(fromWire(wire), options);
      const sent = { ingested_at: new Date(NOW).toISOString(), ...Object.fromEntries(present) };
      expect(JSON.parse(JSON.stringify(record))).toEqual(JSON.parse(JSON.stringify(sent)));
      expect(validate(JSON.parse(JSON.stringify(record)))).toEqual([]);
    }
  });

  it("takes its own records", () => {
    const record = toPipelineRecord({ ...LOG, db_before: '{"a":1}', timestamp_ns: 1n }, options);
    expect(toPipelineRecord(record as UnifiedEventInput, options)).toEqual(record);
  });

  it("keeps the moment at which somebody else took the event in", () => {
    const ingested_at = "2026-01-01T00:00:00Z";
    expect(toPipelineRecord({ ...LOG, ingested_at }, options).ingested_at).toBe(ingested_at);
    expect(toPipelineRecord({ ...LOG, ingested_at: null }, options).ingested_at).toMatch(
      /^2026-11/,
    );
  });

  it("takes the present moment without a clock", () => {
    const before = Date.now();
    const { ingested_at } = toPipelineRecord(LOG);
    expect(Date.parse(ingested_at as string)).toBeGreaterThanOrEqual(before);
  });

  it("throws all faults in one error", () => {
    const event = { ...LOG, id: null, http_status: "200" } as unknown as UnifiedEventInput;
    expect(() => toPipelineRecord(event)).toThrow(EventFaultsError);
    try {
      toPipelineRecord(event);
    } catch (error) {
      expect((error as EventFaultsError).faults).toHaveLength(2);
      expect((error as EventFaultsError).message).toMatch(/`id`: .*; `http_status`: /);
    }
  });

  it("changes neither the event nor what is in it, and shares nothing with it", () => {
    const data = Object.freeze({ list: Object.freeze([Object.freeze({ a: 1 })]) });
    const event = Object.freeze({ ...LOG, data, timestamp: new Date(NOW) });
    const record = toPipelineRecord(event, options);
    expect(event.data).toBe(data);
    expect(event).not.toHaveProperty("ingested_at");
    (record.data as { list: unknown[] }).list.push(1);
    expect(data.list).toHaveLength(1);
  });
});
