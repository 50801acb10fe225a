// What is sent, and in what requests.

import { type UnifiedEventInput, createDoThingsSender, createSender } from "unified-event/pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";

import { bytes, log, noted, stream, summary } from "./stream.js";

const MB = 1_000_000;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("send", () => {
  it("sends records, and hands the event as it was given to onReject", async () => {
    const target = stream();
    const { options, rejected } = noted();
    const bad = { ...log(2), http_status: "200" } as unknown as UnifiedEventInput;
    const summary = await createSender(target, options).send([log(1), bad, log(3)]);
    expect(summary).toEqual({ sent: 2, rejected: 1, deadLettered: 0 });
    expect(target.requests).toEqual([
      [1, 3].map((id) => ({ ...log(id), ingested_at: "2026-11-21T09:00:00.000Z" })),
    ]);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.event).toBe(bad);
    expect(rejected[0]?.faults).toMatchObject([{ code: "type-mismatch", path: ["http_status"] }]);
  });

  it("takes one event, and none", async () => {
    const target = stream();
    const sender = createSender(target, noted().options);
    expect(await sender.send(log(1))).toEqual({ sent: 1, rejected: 0, deadLettered: 0 });
    expect(await sender.send([])).toEqual({ sent: 0, rejected: 0, deadLettered: 0 });
    expect(await sender.flush()).toEqual({ sent: 0, rejected: 0, deadLettered: 0 });
    expect(target.calls()).toBe(1);
  });

  it("takes nothing of a list that cannot be read, and goes on", async () => {
    const target = stream();
    const sender = createSender(target, noted().options);
    const broken = new Proxy([log(1), log(2), log(3)], {
      get: (list, name) => (name === "1" ? JSON.parse("{") : Reflect.get(list, name)),
    });
    await expect(sender.send(broken)).rejects.toThrow(SyntaxError);
    expect(sender.queued).toBe(0);
    expect(await sender.send(log(4))).toEqual(summary(1, 0, 0));
    expect(await sender.flush()).toEqual(summary(0, 0, 0));
    expect(target.ids()).toEqual(["4"]);
  });

  it("hands on whatever is no event", async () => {
    const { options, rejected, codes } = noted();
    const sender = createSender(stream(), options);
    const junk = [undefined, null, 1, "x", Symbol("x"), () => {}, new Map(), [[log(1)]], new Set()];
    expect(await sender.send(junk as never)).toEqual(summary(0, junk.length, 0));
    expect(rejected.map(({ event }) => event)).toEqual(junk);
    expect(new Set(codes())).toEqual(new Set(["malformed-json"]));
  });

  it("serves the other streams", async () => {
    const records: unknown[] = [];
    const binding = { send: async (batch: unknown[]) => void records.push(...batch) };
    const onReject = vi.fn();
    const thing = { ns: "n", id: "1", type: "Note", version: 1n, data: {}, timestamp: new Date(0) };
    const sender = createDoThingsSender(binding, { onReject });
    expect(await sender.send([thing, { ...thing, version: 2n ** 60n }])).toEqual({
      sent: 1,
      rejected: 1,
      deadLettered: 0,
    });
    expect(records).toEqual([{ ...thing, version: 1, timestamp: "1970-01-01T00:00:00.000Z" }]);
    expect(onReject.mock.calls[0]?.[1]).toMatchObject([{ code: "number-out-of-range" }]);
  });

  it("cannot be set up to lose events", () => {
    expect(() => createSender(stream(), {} as never)).toThrow(TypeError);
  });
});

describe("the limits", () => {
  it("keep requests below 5 MB and records below 1 MB, in bytes of UTF-8", async () => {
    const target = stream();
    const { options, rejected, codes } = noted();
    // Each character takes three bytes, so that counting characters would be wrong.
    const events = Array.from({ length: 30 }, (_, i) => log(i, "€".repeat(300_000)));
    const summary = await createSender(target, options).send([
      ...events,
      log(30, "€".repeat(400_000)),
    ]);
    expect(summary).toEqual({ sent: 30, rejected: 1, deadLettered: 0 });
    expect(target.ids()).toEqual(events.map(({ id }) => id));
    expect(target.requests.length).toBe(6);
    for (const request of target.requests) expect(bytes(request)).toBeLessThan(5 * MB);
    expect(codes()).toEqual(["record-too-large"]);
    expect(rejected[0]?.faults[0]).toMatchObject({ path: ["log_message"] });
    expect(rejected[0]?.faults[0]?.received).toMatch(/^12\d{5} bytes, 1200002 of them/);
  });

  it("reject a stack trace of 2 MB, and say which column it is", async () => {
    const { options, rejected } = noted();
    const event = { ...log(1), error_stack: "at f (a.js:1:1)\n".repeat(131_072) };
    expect(await createSender(stream(), options).send(event)).toEqual({
      sent: 0,
      rejected: 1,
      deadLettered: 0,
    });
    expect(rejected[0]?.event.error_stack).toHaveLength(2_097_152);
    expect(rejected[0]?.faults).toMatchObject([
      { code: "record-too-large", path: ["error_stack"] },
    ]);
  });

  it("are exact to the byte", async () => {
    const record = { ...log(1), ingested_at: "2026-11-21T09:00:00.000Z" };
    for (const [limit, sent] of [
      [bytes(record) + 1, 1],
      [bytes(record), 0],
    ] as const) {
      const sender = createSender(stream(), noted({ maxRecordBytes: limit }).options);
      expect(await sender.send(log(1))).toEqual(summary(sent, 1 - sent, 0));
    }
    // The smallest request that holds two records is a byte larger than both, a comma and brackets.
    for (const slack of [0, 1, 2]) {
      const target = stream();
      const maxRequestBytes = bytes([record, record]) + slack;
      await createSender(target, noted({ maxRequestBytes }).options).send([log(1), log(2)]);
      for (const size of target.sizes) expect(size).toBeLessThan(maxRequestBytes);
      expect(target.ids()).toEqual(["1", "2"]);
    }
  });
});
