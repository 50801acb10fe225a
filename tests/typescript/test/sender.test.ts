// Sending: batches, repetition, rejection. Nothing may be lost, whatever the stream does.

import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Fault,
  type RejectCode,
  type SendSummary,
  SenderError,
  type SenderOptions,
  SenderOptionsError,
  type UnifiedEventInput,
  type UnifiedEventRecord,
  createDoThingsSender,
  createSender,
} from "unified-event/pipeline";

import { TESTS } from "./files.js";
import { seeded } from "./random.js";

const MB = 1_000_000;

function log(id: number, message = "ok"): UnifiedEventInput {
  const core = { id: String(id), event_type: "log", event_name: "job.ended", ns: "shop.example" };
  return { ...core, event_type: "log", log_level: "info", log_message: message };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function summary(sent: number, rejected: number, deadLettered: number): SendSummary {
  return { sent, rejected, deadLettered };
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

type Noted = { event: UnifiedEventInput; faults: readonly Fault<RejectCode>[] };

/** Returns options that wait hardly at all, and what they note. */
function noted(more: Partial<SenderOptions<UnifiedEventInput>> = {}) {
  const rejected: Noted[] = [];
  const dead: Noted[] = [];
  const options: SenderOptions<UnifiedEventInput> = {
    onReject: (event, faults) => void rejected.push({ event, faults }),
    onDeadLetter: (event, faults) => void dead.push({ event, faults }),
    baseDelayMs: 1,
    random: () => 1,
    now: () => Date.parse("2026-11-21T09:00:00Z"),
    ...more,
  };
  const codes = (of: Noted[]) => of.map(({ faults }) => faults[0]?.code);
  return { options, rejected, dead, codes: () => codes(rejected), deadCodes: () => codes(dead) };
}

/** Returns how long timers were asked to wait, but for those of time limits. */
function waits(): number[] {
  const { calls } = vi.mocked(setTimeout).mock;
  return calls.map(([, ms]) => ms ?? 0).filter((ms) => ms < 1_000);
}

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

describe("a stream that fails", () => {
  it("is tried again after waits that double, spread by chance and capped", async () => {
    vi.spyOn(globalThis, "setTimeout");
    const target = stream((_, call) => (call < 5 ? new Error("busy") : undefined));
    const { options, dead } = noted({ baseDelayMs: 10, maxDelayMs: 35 });
    expect(await createSender(target, options).send(log(1))).toEqual(summary(1, 0, 0));
    expect(waits()).toEqual([10, 20, 35, 35]);
    expect(dead).toEqual([]);
    vi.mocked(setTimeout).mockClear();
    const half = noted({ random: () => 0.5, baseDelayMs: 8 });
    const twice = stream((_, call) => (call < 2 ? "text" : undefined));
    await createSender(twice, half.options).send(log(1));
    expect(waits()).toEqual([4]);
  });

  it("gets no more than all attempts, and the events go to onDeadLetter", async () => {
    const target = stream(() => new Error("gone"));
    const { options, rejected, dead, deadCodes } = noted({ maxAttempts: 3 });
    const result = await createSender(target, options).send([log(1), log(2)]);
    expect(result).toEqual(summary(0, 0, 2));
    expect(target.calls()).toBe(3);
    expect(deadCodes()).toEqual(["send-failed", "send-failed"]);
    expect(dead[0]?.faults[0]?.received).toBe("an error: gone in the last of 3 attempts");
    expect(rejected).toEqual([]);
  });

  it("hands its events to onReject where there is no onDeadLetter", async () => {
    const onReject = vi.fn();
    const target = stream(() => new Error("gone"));
    const sender = createSender(target, { onReject, maxAttempts: 1 });
    expect(await sender.send(log(1))).toEqual(summary(0, 0, 1));
    expect(onReject.mock.calls[0]?.[1]).toMatchObject([{ code: "send-failed" }]);
  });

  it.each<[string, object, number]>([
    ["a client's number of seconds", { retryAfter: 0.02 }, 20],
    ["a header", { headers: new Headers({ "retry-after": "0.03" }) }, 30],
    ["a response", { response: { headers: { "retry-after": "0.01" } } }, 10],
    ["nothing", { headers: new Headers(), response: {} }, 1],
    ["nonsense", { retryAfter: "soon" }, 1],
    ["the past", { retryAfter: "Thu, 01 Jan 1970 00:00:00 GMT" }, 1],
  ])("is left alone as long as it asks by %s", async (_, more, ms) => {
    vi.spyOn(globalThis, "setTimeout");
    const busy = Object.assign(status(429), more);
    const target = stream((_, call) => (call === 1 ? busy : undefined));
    const { options } = noted();
    expect(await createSender(target, options).send(log(1))).toEqual(summary(1, 0, 0));
    expect(waits()).toEqual([ms]);
  });

  it.each([
    ["seconds", "3600"],
    ["a date", new Date(Date.now() + 3_600_000).toUTCString()],
  ])(
    "is not asked again when it asks for more time than there is, in %s",
    async (_, retryAfter) => {
      const target = stream(() => Object.assign(status(503), { retryAfter }));
      const { options, dead } = noted();
      expect(await createSender(target, options).send(log(1))).toEqual(summary(0, 0, 1));
      expect(target.calls()).toBe(1);
      expect(dead[0]?.faults[0]?.received).toMatch(
        /status 503, and the wish to be asked again after/,
      );
    },
  );

  it("may throw before it returns a promise, or return none", async () => {
    const { options, deadCodes } = noted({ maxAttempts: 1 });
    const binding = {
      send: () => {
        throw new Error("no promise");
      },
    };
    expect(await createSender(binding, options).send(log(1))).toEqual(summary(0, 0, 1));
    expect(deadCodes()).toEqual(["send-failed"]);
    const silent = { send: () => undefined as unknown as Promise<void> };
    expect(await createSender(silent, options).send(log(1))).toEqual(summary(1, 0, 0));
  });

  it.each<[string, Partial<SenderOptions<UnifiedEventInput>>]>([
    ["isTransient", { isTransient: () => JSON.parse("{") as boolean }],
    ["random", { random: () => JSON.parse("{") as number }],
  ])("takes no event along when %s fails too", async (_, broken) => {
    const { options, deadCodes } = noted(broken);
    const target = stream(() => new Error("busy"));
    expect(await createSender(target, options).send([log(1), log(2)])).toEqual(summary(0, 0, 2));
    expect(deadCodes()).toEqual(["send-failed", "send-failed"]);
  });

  it("does not hold up other things when it fails at once, however often it may", async () => {
    const target = stream(() => new Error("gone"));
    const { options } = noted({ maxAttempts: 1e15, baseDelayMs: 0, closeTimeoutMs: 30 });
    const sender = createSender(target, options);
    void sender.add(log(1));
    expect(await sender.close()).toEqual(summary(0, 0, 1));
  });
});

describe("a stream that refuses", () => {
  it.each([401, 403, 404, 405, 410, 451])(
    "every request with status %i is asked once a request, not once an event",
    async (code) => {
      const target = stream(() => status(code));
      const { options, dead, deadCodes } = noted();
      const events = Array.from({ length: 1_000 }, (_, i) => log(i));
      expect(await createSender(target, options).send(events)).toEqual(summary(0, 0, 1_000));
      expect(target.calls()).toBe(1);
      expect(new Set(deadCodes())).toEqual(new Set(["send-failed"]));
      expect(dead.map(({ event }) => event.id)).toEqual(events.map(({ id }) => id));
      expect(dead[999]?.faults[0]?.received).toContain(`status ${code}`);
    },
  );

  it.each([1, 2, 3, 50, 1_000, 5_000])(
    "every record of %i, by a status about records, is known for it after few requests",
    async (n) => {
      for (const code of [400, 413, 422]) {
        const target = stream(() => status(code));
        const { options, dead } = noted();
        const events = Array.from({ length: n }, (_, i) => log(i));
        expect(await createSender(target, options).send(events)).toEqual(summary(0, 0, n));
        expect(target.calls()).toBeLessThan(30);
        expect(new Set(dead.map(({ event }) => event.id)).size).toBe(n);
        for (const { faults } of dead) expect(faults[0]?.received).toContain(`status ${code}`);
      }
    },
  );

  it("without a status, when the caller calls it no passing fault, is asked few times too", async () => {
    const target = stream(() => new Error("never"));
    const { options } = noted({ isTransient: () => false });
    const events = Array.from({ length: 1_000 }, (_, i) => log(i));
    expect(await createSender(target, options).send(events)).toEqual(summary(0, 0, 1_000));
    expect(target.calls()).toBeLessThan(30);
  });

  it("records after it has taken some is known for it after few requests too", async () => {
    let n_taken = 0;
    const target = stream(({ length }) =>
      length > 500 || n_taken++ > 0 ? status(400) : undefined,
    );
    const { options } = noted();
    const events = Array.from({ length: 5_000 }, (_, i) => log(i));
    const { sent, deadLettered } = await createSender(target, options).send(events);
    expect(sent).toBeGreaterThan(0);
    expect(sent + deadLettered).toBe(5_000);
    expect(target.calls()).toBeLessThan(50);
  });

  it.each<[string, (i: number) => boolean]>([
    ["two side by side", (i) => i === 11 || i === 12],
    ["the first and the last", (i) => i === 0 || i === 999],
    ["the first thirty", (i) => i < 30],
    ["the last hundred", (i) => i >= 900],
    ["every fiftieth", (i) => i % 50 === 0],
    ["every tenth", (i) => i % 10 === 7],
    ["all but one in three", (i) => i % 3 !== 0],
  ])("some records: %s, finds them and lets the others through", async (_, isPoison) => {
    const events = Array.from({ length: 1_000 }, (_, i) => log(i));
    const poison = events.filter((_, i) => isPoison(i)).map(({ id }) => id);
    const target = stream((records) =>
      records.some(({ id }) => isPoison(Number(id))) ? status(400) : undefined,
    );
    const { options, dead } = noted();
    const result = await createSender(target, options).send(events);
    expect(result).toEqual(summary(1_000 - poison.length, 0, poison.length));
    expect(new Set(dead.map(({ event }) => event.id))).toEqual(new Set(poison));
    expect(new Set(target.ids()).size).toBe(target.ids().length);
    expect(target.calls()).toBeLessThan(40 + 2 * 11 * poison.length);
  });
});

describe("a stream that does not answer", () => {
  const hang = () => new Promise<void>(() => {});

  it("is asked again after the time limit, and not for ever", async () => {
    const send = vi.fn(hang);
    const { options, dead, deadCodes } = noted({ timeoutMs: 5, maxAttempts: 3 });
    const result = await createSender({ send }, options).send([log(1), log(2)]);
    expect(result).toEqual(summary(0, 0, 2));
    expect(send).toHaveBeenCalledTimes(3);
    expect(deadCodes()).toEqual(["timed-out", "timed-out"]);
    expect(dead[0]?.faults[0]?.received).toBe("no answer within 5 ms in the last of 3 attempts");
  });

  it("and answers after all, has the records: they are not sent again", async () => {
    const answers: (() => void)[] = [];
    const send = vi.fn(() => new Promise<void>((done) => void answers.push(done)));
    const { options } = noted({ timeoutMs: 5, baseDelayMs: 10_000 });
    const sending = createSender({ send }, options).send(log(1));
    setTimeout(() => answers[0]?.(), 30);
    expect(await sending).toEqual(summary(1, 0, 0));
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("and answers when all is over, changes nothing and disturbs no other request", async () => {
    const late: { done: () => void; fail: (error: Error) => void }[] = [];
    const target = stream();
    let n_calls = 0;
    const send = (records: UnifiedEventRecord[]) =>
      ++n_calls > 2
        ? new Promise<void>((done) => setTimeout(() => done(target.send(records)), 20))
        : new Promise<void>((done, fail) => void late.push({ done, fail }));
    const { options, dead } = noted({ timeoutMs: 200, maxAttempts: 1 });
    const sender = createSender({ send }, { ...options, timeoutMs: 200 });
    expect(await sender.send(log(1))).toEqual(summary(0, 0, 1));
    expect(await sender.send(log(2))).toEqual(summary(0, 0, 1));
    const third = sender.send(log(3));
    await Promise.resolve();
    late[0]?.done();
    late[1]?.fail(new Error("late"));
    expect(await third).toEqual(summary(1, 0, 0));
    expect(dead.map(({ event }) => event.id)).toEqual(["1", "2"]);
    expect(target.ids()).toEqual(["3"]);
  });

  it("does not keep close waiting", async () => {
    const { options, dead, deadCodes } = noted({ closeTimeoutMs: 20 });
    const sender = createSender({ send: hang }, options);
    for (let i = 0; i < 5; i++) void sender.add(log(i));
    expect(await sender.close()).toEqual(summary(0, 0, 5));
    expect(deadCodes()).toEqual(Array(5).fill("send-aborted"));
    expect(dead[0]?.faults[0]?.received).toBe("`close` took 20 ms");
    expect(sender.queued).toBe(0);
    expect(await sender.close()).toEqual(summary(0, 0, 0));
  });

  it("ends what others wait for when the sender is closed", async () => {
    const { options } = noted({ closeTimeoutMs: 20 });
    const sender = createSender({ send: hang }, options);
    const sending = sender.send([log(1), log(2)]);
    void sender.add(log(3));
    const flushing = sender.flush();
    expect(await sender.close()).toEqual(summary(0, 0, 0));
    expect(await sending).toEqual(summary(0, 0, 2));
    expect(await flushing).toEqual(summary(0, 0, 1));
  });
});

describe("a signal", () => {
  const reason = new Error("no time");

  it.each(["send", "flush"] as const)("ends the waiting of %s, not the sending", async (method) => {
    let answer = () => {};
    const target = stream();
    const send = async (records: UnifiedEventRecord[]) => {
      await new Promise<void>((done) => (answer = done));
      return target.send(records);
    };
    const { options, dead } = noted();
    const sender = createSender({ send }, options);
    const controller = new AbortController();
    const { signal } = controller;
    if (method === "flush") void sender.add(log(1));
    const waiting = method === "flush" ? sender.flush({ signal }) : sender.send(log(1), { signal });
    setTimeout(() => controller.abort(reason), 5);
    await expect(waiting).rejects.toBe(reason);
    expect(sender.queued).toBe(1);
    setTimeout(() => answer(), 5);
    // Who asks next is told.
    expect(await sender.flush()).toEqual(summary(1, 0, 0));
    expect(target.ids()).toEqual(["1"]);
    expect(dead).toEqual([]);
  });

  it("that is aborted already keeps no event from being sent", async () => {
    const target = stream();
    const sender = createSender(target, noted().options);
    const signal = AbortSignal.abort(reason);
    await expect(sender.send(log(1), { signal })).rejects.toBe(reason);
    expect(await sender.flush()).toEqual(summary(1, 0, 0));
    expect(target.ids()).toEqual(["1"]);
  });

  it("of close gives up what is not sent", async () => {
    const { options, dead } = noted();
    const sender = createSender({ send: () => new Promise<void>(() => {}) }, options);
    void sender.add(log(1));
    void sender.add(log(2));
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 5);
    await expect(sender.close({ signal: controller.signal })).rejects.toBe(reason);
    expect(dead.map(({ faults }) => faults[0]?.received)).toEqual(
      Array(2).fill("`close` was aborted"),
    );
    expect(await sender.close()).toEqual(summary(0, 0, 2));
  });

  it("leaves no listener behind, and that is aborted later does nothing", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const sender = createSender(stream(), noted().options);
    await sender.send(log(1), { signal });
    await sender.flush({ signal });
    await sender.close({ signal });
    expect(added.mock.calls.length).toBeGreaterThan(2);
    const listeners = (calls: unknown[][]) => new Set(calls.map(([, listener]) => listener));
    expect(listeners(removed.mock.calls)).toEqual(listeners(added.mock.calls));
    controller.abort(reason);
  });

  it.each([null, 1, {}, "signal", new AbortController()])("must be one: %o", async (signal) => {
    const target = stream();
    const sender = createSender(target, noted().options);
    const wait = { signal: signal as never };
    await expect(sender.send(log(1), wait)).rejects.toThrow(/`signal`: expected an AbortSignal/);
    await expect(sender.flush(wait)).rejects.toThrow(TypeError);
    await expect(sender.close(wait)).rejects.toThrow(TypeError);
    expect(await sender.send(log(2))).toEqual(summary(1, 0, 0));
    expect(target.ids()).toEqual(["2"]);
  });
});

describe("the queue", () => {
  const hang = () => new Promise<void>(() => {});

  it("sends by itself after the flush interval, and keeps no process alive for it", async () => {
    vi.useFakeTimers();
    const target = stream();
    const sender = createSender(target, noted({ flushIntervalMs: 500 }).options);
    void sender.add(log(1));
    await vi.advanceTimersByTimeAsync(400);
    void sender.add(log(2));
    expect(target.calls()).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(target.requests.map((request) => request.length)).toEqual([2]);
    expect(vi.getTimerCount()).toBe(0);
    void sender.add(log(3));
    await vi.advanceTimersByTimeAsync(500);
    expect(target.ids()).toEqual(["1", "2", "3"]);
    expect(await sender.flush()).toEqual(summary(3, 0, 0));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tells who awaits when there is room, so that nothing is refused", async () => {
    const target = stream();
    let n_most = 0;
    const send = async (records: UnifiedEventRecord[]) => {
      await new Promise((done) => setTimeout(done, 1));
      return target.send(records);
    };
    const { options, dead } = noted({ maxQueueEvents: 20 });
    const sender = createSender({ send }, options);
    const produce = async (from: number) => {
      for (let i = from; i < from + 30; i++) {
        await sender.add(log(i));
        n_most = Math.max(n_most, sender.queued);
      }
    };
    await Promise.all([0, 100, 200, 300, 400].map(produce));
    expect(await sender.close()).toEqual(summary(150, 0, 0));
    expect(n_most).toBeLessThanOrEqual(15);
    expect(dead).toEqual([]);
  });

  it.each<[string, Partial<SenderOptions<UnifiedEventInput>>]>([
    ["events", { maxQueueEvents: 10 }],
    ["bytes", { maxQueueBytes: 10 * 170 }],
  ])("does not grow without bound: a limit of %s", async (_, limit) => {
    const { options, dead, deadCodes } = noted({ ...limit, closeTimeoutMs: 10 });
    const sender = createSender({ send: hang }, options);
    let isReady = false;
    for (let i = 0; i < 1_000; i++) void sender.add(log(i));
    void sender.ready().then(() => (isReady = true));
    expect(sender.queued).toBeLessThan(20);
    expect(sender.queued).toBeGreaterThan(5);
    expect(sender.queued + dead.length).toBe(1_000);
    expect(new Set(deadCodes())).toEqual(new Set(["queue-full"]));
    expect(dead[0]?.faults[0]?.received).toMatch(/^a queue of \d+ events and \d+ bytes$/);
    // A list is refused as one too, and is taken as one where there is room.
    expect(await sender.send([log(1), log(2)])).toEqual(summary(0, 0, 2));
    await new Promise((done) => setTimeout(done, 5));
    expect(isReady).toBe(false);
    expect((await sender.close()).deadLettered).toBe(1_000);
    expect(dead).toHaveLength(1_002);
    expect(isReady).toBe(true);
  });

  it("takes a list as a whole", async () => {
    const target = stream();
    const sender = createSender(target, noted({ maxQueueEvents: 3 }).options);
    const events = Array.from({ length: 50 }, (_, i) => log(i));
    expect(await sender.send(events)).toEqual(summary(50, 0, 0));
  });

  it("keeps the platform's Worker alive until everything is settled", async () => {
    const target = stream((_, call) => (call === 1 ? new Error("busy") : undefined));
    const promises: Promise<unknown>[] = [];
    const { options } = noted({ waitUntil: (p) => void promises.push(p), flushIntervalMs: 5 });
    const sender = createSender(target, options);
    void sender.add(log(1));
    void sender.add(log(2));
    expect(promises).toHaveLength(1);
    await promises[0];
    expect(target.ids()).toEqual(["1", "2"]);
    expect(sender.queued).toBe(0);
    void sender.add(log(3));
    expect(promises).toHaveLength(2);
    await promises[1];
    expect(target.ids()).toEqual(["1", "2", "3"]);
  });
});

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

describe("onReject and onDeadLetter", () => {
  it("may fail: their errors come out when all events are dealt with", async () => {
    const target = stream();
    const onReject = vi.fn(({ id }: UnifiedEventInput) => {
      if (id === "1") throw new Error("sync");
      return Promise.reject(new Error("async"));
    });
    const sender = createSender(target, { onReject });
    const bad = (id: number) => ({ ...log(id), log_level: null });
    const failure: unknown = await sender.send([bad(1), bad(2), log(3)]).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(AggregateError);
    expect(failure).toBeInstanceOf(SenderError);
    const { errors, summary: result } = failure as SenderError;
    expect(result).toEqual(summary(1, 2, 0));
    // An event that even its hook has lost is in the error.
    expect(errors).toMatchObject([
      { event: { id: "1" }, faults: [{ code: "requirement-not-met" }], cause: { message: "sync" } },
      { event: { id: "2" }, cause: { message: "async" } },
    ]);
    expect(target.ids()).toEqual(["3"]);
    expect(await sender.send(log(4))).toEqual(summary(1, 0, 0));
  });

  it("fail in the background without an unhandled rejection, and flush says so", async () => {
    const onDeadLetter = () => Promise.reject(new Error("full disk"));
    const target = stream(() => status(404));
    const { options } = noted({ onDeadLetter, flushIntervalMs: 1 });
    const sender = createSender(target, options);
    for (let i = 0; i < 200; i++) void sender.add(log(i));
    await new Promise((done) => setTimeout(done, 30));
    const failure = (await sender.flush().catch((e: unknown) => e)) as SenderError;
    expect(failure.summary).toEqual(summary(0, 0, 200));
    expect(failure.message).toContain("200 errors, the first 100 are kept");
    expect(failure.errors).toHaveLength(100);
    expect(await sender.flush()).toEqual(summary(0, 0, 0));
  });

  it("are waited for", async () => {
    const stored: unknown[] = [];
    const store = async ({ id }: UnifiedEventInput) => {
      await new Promise((done) => setTimeout(done, 5));
      stored.push(id);
    };
    const target = stream(() => status(403));
    const sender = createSender(target, { onReject: store, onDeadLetter: store });
    await sender.send([{ ...log(1), log_level: null }, log(2)]);
    expect(stored.sort()).toEqual(["1", "2"]);
  });

  it("that never settle do not keep close waiting", async () => {
    const { options } = noted({ onDeadLetter: () => new Promise(() => {}), closeTimeoutMs: 10 });
    const sender = createSender(
      stream(() => status(403)),
      options,
    );
    void sender.add(log(1));
    const failure = (await sender.close().catch((e: unknown) => e)) as SenderError;
    expect(failure.errors[0]).toMatchObject({ message: /1 event.*did not settle in time/ });
    expect(failure.summary).toEqual(summary(0, 0, 1));
  });
});

describe("add, flush and close", () => {
  it("fill a request and send it when it is full", async () => {
    const target = stream();
    const { options } = noted({ maxRequestBytes: 1_000, flushIntervalMs: 60_000 });
    const sender = createSender(target, options);
    for (let i = 0; i < 20; i++) void sender.add(log(i));
    expect(target.calls()).toBe(0);
    await new Promise((done) => setTimeout(done, 5));
    const n_full = target.calls();
    expect(n_full).toBeGreaterThan(2);
    expect(sender.queued).toBeGreaterThan(0);
    expect(await sender.flush()).toEqual(summary(20, 0, 0));
    expect(target.calls()).toBe(n_full + 1);
    expect(target.ids()).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  });

  it("tell each caller what became of its own events", async () => {
    const target = stream();
    const sender = createSender(target, noted().options);
    void sender.add(log(1));
    const [first, second] = await Promise.all([
      sender.send([log(2), { ...log(3), log_level: null }]),
      sender.send(log(4)),
    ]);
    expect([first, second]).toEqual([summary(1, 1, 0), summary(1, 0, 0)]);
    expect(await sender.flush()).toEqual(summary(1, 0, 0));
    expect(target.ids().sort()).toEqual(["1", "2", "4"]);
  });

  it("wait for what earlier callers wait for", async () => {
    let n_done = 0;
    const send = () => new Promise<void>((done) => setTimeout(() => done(void n_done++), 10));
    const sender = createSender({ send }, noted().options);
    void sender.add(log(1));
    const first = sender.flush();
    expect(await sender.flush()).toEqual(summary(0, 0, 0));
    expect(n_done).toBe(1);
    expect(await first).toEqual(summary(1, 0, 0));
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
    const sender = createSender(binding, noted({ maxRequestBytes: 400 }).options);
    await Promise.all(Array.from({ length: 10 }, (_, i) => sender.send(log(i))));
    expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
  });

  it("take nothing after the end", async () => {
    const target = stream();
    const { options, deadCodes } = noted();
    const sender = createSender(target, options);
    void sender.add(log(1));
    expect(await sender.close()).toEqual(summary(1, 0, 0));
    await sender.add(log(2));
    expect(await sender.send(log(3))).toEqual(summary(0, 0, 1));
    expect(await sender.close()).toEqual(summary(0, 0, 1));
    expect(deadCodes()).toEqual(["sender-closed", "sender-closed"]);
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
    for (let i = 0; i < 5; i++) void sender.add(log(i));
    await expect(sender.flush()).rejects.toThrow(AggregateError);
    expect(target.ids()).toHaveLength(5);
  });
});

describe("a process", () => {
  const run = (code: string) =>
    execFileSync(process.execPath, ["--input-type=module", "-e", PRELUDE + code], {
      cwd: TESTS,
      encoding: "utf8",
      timeout: 30_000,
    });
  const PRELUDE = `
    import { createSender } from "unified-event/pipeline";
    const log = { id: "1", event_type: "log", event_name: "a.b", ns: "n", log_level: "info" };
    const hang = { send: () => new Promise(() => {}) };
    const options = {
      onReject() {},
      onDeadLetter: (event, [fault]) => console.log(fault.code),
      flushIntervalMs: 600_000,
      timeoutMs: 600_000,
    };`;

  it("ends although timers wait: for requests to fill up, and for answers", () => {
    const idle = "createSender(hang, options).add(log); console.log('end');";
    expect(run(idle)).toBe("end\n");
    const busy = "const s = createSender(hang, { ...options, flushIntervalMs: 0 }); s.add(log);";
    expect(run(`${busy} console.log('end');`)).toBe("end\n");
  });

  it("does not end while somebody waits", () => {
    const close = "const s = createSender(hang, { ...options, closeTimeoutMs: 20 }); s.add(log);";
    expect(run(`${close} console.log(await s.close());`)).toBe(
      "send-aborted\n{ sent: 0, rejected: 0, deadLettered: 1 }\n",
    );
    const send = "const s = createSender(hang, { ...options, timeoutMs: 20, maxAttempts: 2 });";
    expect(run(`${send} console.log((await s.send(log)).deadLettered);`)).toBe("timed-out\n1\n");
  });
});

describe("whatever the stream does, every event of a random day is in one place", () => {
  // Each way to answer: the records are taken, refused or never answered for, at once or late.
  const ANSWERS = ["take", "take", "take", "busy", "status", "refuse", "throw", "hang", "late"];

  it.each(Array.from({ length: 60 }, (_, i) => i + 1))("seed %i", async (seed) => {
    const random = seeded(seed);
    const taken = new Map<string, number>();
    const limit = 600 + random.below(3_000);
    const sizeLimit = random.oneIn(3) ? 1 + random.below(6) : Infinity;
    const answers = random.oneIn(4) ? [random.pick(ANSWERS)] : ANSWERS;
    const binding = {
      send(records: UnifiedEventRecord[]): Promise<void> {
        expect(bytes(records)).toBeLessThan(limit);
        const take = () => {
          for (const { id } of records) taken.set(id, (taken.get(id) ?? 0) + 1);
        };
        const answer = random.pick(answers);
        if (answer === "throw") throw random.pick([new Error("sync"), undefined, "text", 5]);
        if (records.length > sizeLimit) return Promise.reject(status(413));
        if (records.some((record) => record.log_message === "poison")) {
          return Promise.reject(status(400));
        }
        if (answer === "busy") return Promise.reject(random.pick([new Error("busy"), status(429)]));
        if (answer === "status") return Promise.reject(status(random.pick([401, 403, 404, 503])));
        if (answer === "refuse" && random.oneIn(3)) return Promise.reject(status(422));
        if (answer === "hang") return new Promise(() => {});
        if (answer !== "late") return Promise.resolve(take());
        // After the time limit, and perhaps after the end.
        const ms = 2 + random.below(12);
        return new Promise((done, fail) =>
          setTimeout(() => (random.oneIn(3) ? fail(status(403)) : done(take())), ms),
        );
      },
    };
    const promises: Promise<unknown>[] = [];
    const { options, rejected, dead } = noted({
      maxRequestBytes: limit,
      maxRecordBytes: 500,
      maxAttempts: 1 + random.below(3),
      timeoutMs: 5,
      maxDelayMs: 2,
      flushIntervalMs: random.below(20),
      closeTimeoutMs: 40 + random.below(60),
      maxQueueEvents: random.pick([5, 40, 1_000]),
      maxQueueBytes: random.pick([3_000, 1_000_000]),
      waitUntil: (p) => void promises.push(p),
    });
    const sender = createSender(binding, options);
    const all: string[] = [];
    const sending: Promise<SendSummary | void>[] = [];
    const total = { sent: 0, rejected: 0, deadLettered: 0 };
    const wait = () => {
      const signal = random.oneIn(4) ? AbortSignal.timeout(random.below(10)) : undefined;
      return random.oneIn(2) ? { signal } : undefined;
    };
    const asked = (promise: Promise<SendSummary>) =>
      sending.push(
        promise.then(
          (part) => {
            total.sent += part.sent;
            total.rejected += part.rejected;
            total.deadLettered += part.deadLettered;
          },
          (error: unknown) => void expect((error as Error).name).toBe("TimeoutError"),
        ),
      );
    for (let i = 0; i < 80; i++) {
      const message = () =>
        random.pick(["ok", "ok", "ok", "poison", "€".repeat(50), "x".repeat(600), "\ud800"]);
      const next = () => {
        all.push(String(all.length));
        return log(all.length - 1, message());
      };
      const step = random.below(8);
      if (step === 0) asked(sender.send(Array.from({ length: random.below(9) }, next), wait()));
      else if (step === 1) asked(sender.flush(wait()));
      else if (step === 2) await new Promise((done) => setTimeout(done, random.below(4)));
      else if (step === 3) await Promise.race([sender.add(next()), Promise.resolve()]);
      else void sender.add(next());
      // Nothing is anywhere else in between.
      expect(rejected.length + dead.length + sender.queued).toBeLessThanOrEqual(all.length);
    }
    const isEarly = random.oneIn(4);
    if (!isEarly) await new Promise((done) => setTimeout(done, random.below(60)));
    asked(sender.close());
    await Promise.all(sending);
    // Those whose callers went away are told to the next one.
    sending.length = 0;
    asked(sender.close());
    await Promise.all([...sending, ...promises]);
    // What answers after the end must change nothing.
    await new Promise((done) => setTimeout(done, 15));

    expect(sender.queued).toBe(0);
    const handed = [...rejected, ...dead].map(({ event }) => event.id);
    expect(new Set(handed).size, "handed out once").toBe(handed.length);
    const delivered = all.filter((id) => !handed.includes(id));
    for (const id of delivered) expect(taken.get(id), `event ${id} is gone`).toBeGreaterThan(0);
    expect(total).toEqual(summary(delivered.length, rejected.length, dead.length));
    for (const { faults } of rejected) {
      expect(faults[0]?.code).toMatch(/^(record-too-large|malformed-json)$/);
    }
    for (const { event, faults } of dead) {
      expect(faults).toHaveLength(1);
      // Only what may have arrived may have arrived.
      if (faults[0]?.code === "queue-full" || faults[0]?.code === "sender-closed") {
        expect(taken.has(event.id)).toBe(false);
      }
    }
  });
});
