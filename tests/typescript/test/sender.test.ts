// Sending: batches, repetition, rejection. Nothing may be lost, whatever the stream does.

import { describe, expect, it, vi } from "vitest";
import {
  type Fault,
  type RejectCode,
  type SenderOptions,
  type UnifiedEventInput,
  type UnifiedEventRecord,
  createDoThingsSender,
  createSender,
} from "unified-event/pipeline";

import { seeded } from "./random.js";

const MB = 1_000_000;

function log(id: number, message = "ok"): UnifiedEventInput {
  const core = { id: String(id), event_type: "log", event_name: "job.ended", ns: "shop.example" };
  return { ...core, event_type: "log", log_level: "info", log_message: message };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** An error as an HTTP client would throw it. */
function status(code: number): Error {
  return Object.assign(new Error(`status ${code}`), { status: code });
}

/** A stream that remembers what it took, and fails as `fail` says. */
function stream(fail: (records: UnifiedEventRecord[], call: number) => unknown = () => undefined) {
  const requests: UnifiedEventRecord[][] = [];
  const sizes: number[] = [];
  let calls = 0;
  return {
    requests,
    sizes,
    ids: () => requests.flat().map(({ id }) => id),
    calls: () => calls,
    async send(records: UnifiedEventRecord[]) {
      sizes.push(bytes(records));
      const error = fail(records, ++calls);
      if (error !== undefined) throw error;
      requests.push(records);
    },
  };
}

/** Returns options that wait for nothing, and what they note. */
function noted(more: Partial<SenderOptions<UnifiedEventInput>> = {}) {
  const rejected: { event: UnifiedEventInput; faults: readonly Fault<RejectCode>[] }[] = [];
  const waits: number[] = [];
  const options: SenderOptions<UnifiedEventInput> = {
    onReject: (event, faults) => void rejected.push({ event, faults }),
    sleep: async (ms) => void waits.push(ms),
    random: () => 1,
    now: () => Date.parse("2026-11-21T09:00:00Z"),
    ...more,
  };
  return { options, rejected, waits, codes: () => rejected.map(({ faults }) => faults[0]?.code) };
}

describe("send", () => {
  it("sends records, and hands the event as it was given to onReject", async () => {
    const target = stream();
    const { options, rejected } = noted();
    const bad = { ...log(2), http_status: "200" } as unknown as UnifiedEventInput;
    const summary = await createSender(target, options).send([log(1), bad, log(3)]);
    expect(summary).toEqual({ sent: 2, rejected: 1 });
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
    expect(await sender.send(log(1))).toEqual({ sent: 1, rejected: 0 });
    expect(await sender.send([])).toEqual({ sent: 0, rejected: 0 });
    expect(await sender.flush()).toEqual({ sent: 0, rejected: 0 });
    expect(target.calls()).toBe(1);
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
    expect(summary).toEqual({ sent: 30, rejected: 1 });
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
    expect(await createSender(stream(), options).send(event)).toEqual({ sent: 0, rejected: 1 });
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
      expect(await sender.send(log(1))).toEqual({ sent, rejected: 1 - sent });
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

describe("a stream that fails", () => {
  it("is tried again after waits that double, spread by chance and capped", async () => {
    const target = stream((_, call) => (call < 5 ? new Error("busy") : undefined));
    const { options, waits, rejected } = noted({ baseDelayMs: 100, maxDelayMs: 350 });
    expect(await createSender(target, options).send(log(1))).toEqual({ sent: 1, rejected: 0 });
    expect(waits).toEqual([100, 200, 350, 350]);
    expect(rejected).toEqual([]);
    const half = noted({ random: () => 0.5 });
    await createSender(
      stream((_, call) => (call < 2 ? "text" : undefined)),
      half.options,
    ).send(log(1));
    expect(half.waits).toEqual([50]);
  });

  it("gets no more than all attempts, and the events go to onReject", async () => {
    const target = stream(() => new Error("gone"));
    const { options, rejected, codes } = noted({ maxAttempts: 3 });
    expect(await createSender(target, options).send([log(1), log(2)])).toEqual({
      sent: 0,
      rejected: 2,
    });
    expect(target.calls()).toBe(3);
    expect(codes()).toEqual(["send-failed", "send-failed"]);
    expect(rejected[0]?.faults[0]?.received).toBe("an error: gone");
  });

  it("waits with a timer of its own", async () => {
    const target = stream((_, call) => (call < 3 ? status(429) : undefined));
    const sender = createSender(target, { onReject: vi.fn(), baseDelayMs: 1 });
    expect(await sender.send(log(1))).toEqual({ sent: 1, rejected: 0 });
  });

  it.each([400, 413, 422])(
    "with status %i is not asked again: halves find the record",
    async (code) => {
      const isPoison = ({ id }: UnifiedEventRecord) => id === "11" || id === "12";
      const target = stream((records) => (records.some(isPoison) ? status(code) : undefined));
      const { options, rejected, waits } = noted();
      const events = Array.from({ length: 40 }, (_, i) => log(i));
      expect(await createSender(target, options).send(events)).toEqual({ sent: 38, rejected: 2 });
      expect(rejected.map(({ event }) => event.id)).toEqual(["11", "12"]);
      expect(new Set([...target.ids(), "11", "12"])).toEqual(new Set(events.map(({ id }) => id)));
      expect(target.calls()).toBeLessThan(25);
      expect(waits).toEqual([]);
    },
  );

  it("may throw before it returns a promise", async () => {
    const { options, codes } = noted({ maxAttempts: 1 });
    const binding = {
      send: () => {
        throw new Error("no promise");
      },
    };
    expect(await createSender(binding, options).send(log(1))).toEqual({ sent: 0, rejected: 1 });
    expect(codes()).toEqual(["send-failed"]);
  });

  it.each<[string, Partial<SenderOptions<UnifiedEventInput>>]>([
    ["isTransient", { isTransient: () => JSON.parse("{") as boolean }],
    ["random", { random: () => JSON.parse("{") as number }],
    ["sleep", { sleep: () => Promise.reject(new Error("asleep")) }],
  ])("takes no event along when %s fails too", async (_, broken) => {
    const { options, codes } = noted(broken);
    const sender = createSender(
      stream(() => new Error("busy")),
      options,
    );
    expect(await sender.send([log(1), log(2)])).toEqual({ sent: 0, rejected: 2 });
    expect(codes()).toEqual(["send-failed", "send-failed"]);
  });
});

describe("onReject", () => {
  it("may fail: its errors come out when all events are dealt with", async () => {
    const target = stream();
    const onReject = vi.fn(({ id }: UnifiedEventInput) => {
      if (id === "1") throw new Error("sync");
      return Promise.reject(new Error("async"));
    });
    const sender = createSender(target, { onReject });
    const bad = (id: number) => ({ ...log(id), log_level: null });
    const failure: unknown = await sender.send([bad(1), bad(2), log(3)]).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(AggregateError);
    expect((failure as AggregateError).errors).toHaveLength(2);
    expect(target.ids()).toEqual(["3"]);
    expect(await sender.send(log(4))).toEqual({ sent: 1, rejected: 0 });
  });

  it("is waited for", async () => {
    let isStored = false;
    const onReject = async () => {
      await new Promise((done) => setTimeout(done, 5));
      isStored = true;
    };
    await createSender(stream(), { onReject }).send({ ...log(1), log_level: null });
    expect(isStored).toBe(true);
  });
});

describe("add, flush and close", () => {
  it("fill a request and send it when it is full", async () => {
    const target = stream();
    const promises: Promise<unknown>[] = [];
    const { options } = noted({ maxRequestBytes: 1_000, waitUntil: (p) => void promises.push(p) });
    const sender = createSender(target, options);
    for (let i = 0; i < 20; i++) sender.add(log(i));
    expect(target.calls()).toBe(0);
    await Promise.all(promises);
    expect(promises.length).toBeGreaterThan(2);
    expect(target.calls()).toBe(promises.length);
    expect(await sender.flush()).toEqual({ sent: 20, rejected: 0 });
    expect(target.ids()).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  });

  it("tell each caller what became of its own events", async () => {
    const target = stream();
    const sender = createSender(target, noted().options);
    sender.add(log(1));
    const [first, second] = await Promise.all([
      sender.send([log(2), { ...log(3), log_level: null }]),
      sender.send(log(4)),
    ]);
    expect([first, second]).toEqual([
      { sent: 1, rejected: 1 },
      { sent: 1, rejected: 0 },
    ]);
    expect(await sender.flush()).toEqual({ sent: 1, rejected: 0 });
    expect(target.ids().sort()).toEqual(["1", "2", "4"]);
  });

  it("keep the order, one request at a time", async () => {
    let n_open = 0;
    const ids: string[] = [];
    const binding = {
      async send(records: UnifiedEventRecord[]) {
        expect(++n_open).toBe(1);
        await new Promise((done) => setTimeout(done, 1));
        ids.push(...records.map(({ id }) => id));
        n_open--;
      },
    };
    const sender = createSender(binding, noted().options);
    await Promise.all(Array.from({ length: 10 }, (_, i) => sender.send(log(i))));
    expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
  });

  it("reject what comes after the end", async () => {
    const target = stream();
    const { options, codes } = noted();
    const sender = createSender(target, options);
    sender.add(log(1));
    expect(await sender.close()).toEqual({ sent: 1, rejected: 0 });
    sender.add(log(2));
    expect(await sender.send(log(3))).toEqual({ sent: 0, rejected: 1 });
    expect(await sender.close()).toEqual({ sent: 0, rejected: 1 });
    expect(codes()).toEqual(["sender-closed", "sender-closed"]);
    expect(target.ids()).toEqual(["1"]);
  });

  it("survive a waitUntil that was torn from its context", async () => {
    const ctx = {
      promises: [] as unknown[],
      waitUntil(this: { promises: unknown[] } | undefined, promise: unknown) {
        this!.promises.push(promise);
      },
    };
    const { waitUntil } = ctx as { waitUntil: (promise: unknown) => void };
    const target = stream();
    const sender = createSender(target, noted({ maxRequestBytes: 400, waitUntil }).options);
    for (let i = 0; i < 5; i++) sender.add(log(i));
    await expect(sender.flush()).rejects.toThrow(AggregateError);
    expect(target.ids()).toHaveLength(5);
  });
});

it("every event of a random day is sent or rejected, once", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    const taken: string[] = [];
    const limit = 600 + random.below(3_000);
    const binding = {
      async send(records: UnifiedEventRecord[]) {
        expect(bytes(records)).toBeLessThan(limit);
        if (random.oneIn(3)) throw random.pick([new Error("busy"), status(503), status(429)]);
        if (records.some(({ log_message }) => log_message === "poison")) throw status(400);
        if (random.oneIn(4)) await Promise.resolve();
        taken.push(...records.map(({ id }) => id));
      },
    };
    const { options, rejected } = noted({
      maxRequestBytes: limit,
      maxRecordBytes: 500,
      maxAttempts: 1 + random.below(4),
    });
    const sender = createSender(binding, options);
    const all: string[] = [];
    const sending: Promise<unknown>[] = [];
    for (let i = 0; i < 80; i++) {
      const message = random.pick([
        "ok",
        "poison",
        "€".repeat(50),
        "x".repeat(600),
        "\ud800",
        "ok",
      ]);
      all.push(String(i));
      if (random.oneIn(3)) sending.push(sender.send([log(i, message)]));
      else sender.add(log(i, message));
      if (random.oneIn(9)) sending.push(sender.flush());
      if (random.oneIn(9)) await Promise.resolve();
    }
    await Promise.all(sending);
    await sender.close();
    const given = rejected.map(({ event }) => event.id);
    expect([...taken, ...given].sort(), `seed ${seed}`).toEqual(all.sort());
    for (const { faults } of rejected) expect(faults.length).toBeGreaterThan(0);
    // Of what can be sent, a stream that mostly works takes something.
    expect(taken.length).toBeGreaterThan(0);
  }
});
