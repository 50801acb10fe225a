// Options are checked when they are given.

import { SenderOptionsError, createSender } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { stream } from "./stream.js";

describe("options", () => {
  const faultsOf = (options: object, binding: unknown = stream()) => {
    try {
      createSender(binding as never, options as never);
    } catch (error) {
      expect(error).toBeInstanceOf(SenderOptionsError);
      expect(error).toBeInstanceOf(TypeError);
      return (error as SenderOptionsError).faults.map(({ path }) => path[0]);
    }
    return [];
  };
  const onReject = () => {};

  it.each<[string, unknown[]]>([
    ["maxAttempts", [NaN, 0, -1, 1.5, Infinity, "5", null, 5n]],
    ["timeoutMs", [NaN, 0, -1, Infinity, 2 ** 31, "5", null]],
    ["closeTimeoutMs", [NaN, 0, -1, Infinity, 2 ** 31, "5", null]],
    ["baseDelayMs", [NaN, -1, Infinity, "5", null]],
    ["maxDelayMs", [NaN, -1, Infinity, {}, null]],
    ["flushIntervalMs", [NaN, -1, 2 ** 31, "1s", null]],
    ["maxRequestBytes", [NaN, 0, -5, 0.5, "1", null]],
    ["maxRecordBytes", [NaN, 0, -5, 0.5, "1", null]],
    ["maxQueueEvents", [NaN, 0, -5, 0.5, "1", null]],
    ["maxQueueBytes", [NaN, 0, -5, 0.5, "1", null]],
    ["onReject", [undefined, null, "log", {}]],
    ["onDeadLetter", [null, "log", {}]],
    ["waitUntil", [null, Promise.resolve(), {}]],
    ["isTransient", [null, true]],
    ["random", [null, 0.5]],
    ["now", [null, 0, new Date()]],
    ["maxAttempt", [5]],
    ["__proto_", [5]],
    ["toString", [5]],
  ])("are checked: %s", (name, values) => {
    for (const value of values) expect(faultsOf({ onReject, [name]: value })).toEqual([name]);
  });

  it("may be absent, and have their extremes", () => {
    expect(faultsOf({ onReject })).toEqual([]);
    const names = [
      "maxAttempts",
      "timeoutMs",
      "maxRequestBytes",
      "onDeadLetter",
      "waitUntil",
      "now",
    ];
    const absent = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(faultsOf({ onReject, ...absent })).toEqual([]);
    const extreme = { maxAttempts: 1, baseDelayMs: 0, maxDelayMs: 0, flushIntervalMs: 0.5 };
    expect(faultsOf({ onReject, ...extreme, timeoutMs: 2 ** 31 - 1 })).toEqual([]);
  });

  it("show all that is wrong at once, and the binding too", () => {
    const options = { maxAttempts: NaN, flushIntervalMs: -1, extra: 1 };
    expect(faultsOf(options, null)).toEqual([
      "binding",
      "onReject",
      "maxAttempts",
      "flushIntervalMs",
      "extra",
    ]);
    expect(faultsOf(undefined as never, {})).toEqual(["binding", "options"]);
    expect(() => createSender({} as never, { onReject, maxAttempts: NaN })).toThrow(
      /`binding`: expected the binding of a stream.*; `maxAttempts`: expected an integer of at least 1, found NaN/,
    );
  });
});
