// What columns hold in memory, and what becomes of it.

import { runInNewContext } from "node:vm";
import { type UnifiedEventInput, toPipelineRecord } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { LOG, NOW, faults, options } from "./events.js";

describe("values in memory", () => {
  it("may be dates, of another global object too", () => {
    const foreign = runInNewContext(`new Date(${NOW})`) as Date;
    const record = toPipelineRecord(
      { ...LOG, started_at: new Date(NOW), ended_at: foreign },
      options,
    );
    expect(record.started_at).toBe("2026-11-21T09:00:00.123Z");
    expect(record.ended_at).toBe(record.started_at);
  });

  it.each([
    ["an invalid date", new Date(NaN), "malformed-timestamp timestamp"],
    ["a date beyond the year 9999", new Date(8.64e15), "malformed-timestamp timestamp"],
    ["a date before the year 1", new Date(-8.64e15), "malformed-timestamp timestamp"],
    ["something that calls itself a date", { [Symbol.toStringTag]: "Date" }, "malformed-json "],
    ["a number", NOW, "type-mismatch timestamp"],
  ])("%s is no timestamp", (_, timestamp, fault) => {
    expect(faults({ ...LOG, timestamp })).toEqual([fault]);
  });

  it.each([
    [{ timestamp_ns: 2n ** 63n }, ["number-out-of-range timestamp_ns"]],
    [{ timestamp_ns: -(2n ** 63n) }, []],
    [{ timestamp_ns: 1763712000123456789 }, ["type-mismatch timestamp_ns"]],
    [{ metric_count: 7n }, []],
    [{ metric_count: 2n ** 53n }, ["number-out-of-range metric_count"]],
    [{ http_status: 200n }, ["type-mismatch http_status"]],
    [{ log_message: 1n }, ["type-mismatch log_message"]],
    [{ metric_value: NaN }, ["number-out-of-range metric_value"]],
    [{ metric_value: -Infinity }, ["number-out-of-range metric_value"]],
    [{ log_message: "\ud800" }, ["malformed-json log_message"]],
    [{ log_message: Symbol("x") }, ["type-mismatch log_message"]],
    [{ log_message: undefined }, []],
    [{ nothing: undefined }, []],
    [{ nothing: null }, ["unknown-field nothing"]],
    [{ day: "2026-11-21" }, ["computed-column day"]],
    [{ log_level: null }, ["requirement-not-met log_level"]],
    [{ ns: null }, ["null-in-required ns"]],
    [{ replay_data: "AA" }, ["malformed-base64 replay_data"]],
  ])("%o", (columns, expected) => {
    expect(faults({ ...LOG, ...columns })).toEqual(expected);
  });

  it.each([null, undefined, 1, "x", [LOG], () => LOG])("%o is no event", (event) => {
    expect(faults(event)).toEqual(["malformed-json "]);
  });
});

describe("columns of the memory form", () => {
  it.each([["text"], [1], [true], [[1]]])("%j is no object", (labels) => {
    const event = { ...LOG, labels } as unknown as UnifiedEventInput;
    expect(faults(event)).toEqual(["type-mismatch labels"]);
  });

  it("take bytes where the wire has base64", () => {
    const replay = (replay_data: unknown) =>
      toPipelineRecord({ ...LOG, replay_data } as UnifiedEventInput, options).replay_data;
    for (const n of [0, 1, 2, 3, 4, 255, 256]) {
      const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 7 + n) & 255);
      const expected = Buffer.from(bytes).toString("base64");
      expect(replay(bytes)).toBe(expected);
      expect(replay(bytes.buffer)).toBe(expected);
      expect(replay(new DataView(bytes.buffer))).toBe(expected);
    }
    expect(replay(new Uint8Array([9, 1, 2, 9]).subarray(1, 3))).toBe("AQI=");
  });
});
