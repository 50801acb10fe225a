// Streams that fail for a while, or for good.

import {
  type SenderOptions,
  type UnifiedEventInput,
  type UnifiedEventRecord,
  createSender,
} from "unified-event/pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";

import { log, noted, status, stream, summary, waits } from "./stream.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const BROKEN = { get: () => JSON.parse("{") as unknown };

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

  it("may change the list that it is given: every attempt has all records", async () => {
    const ids: string[][] = [];
    const send = async (records: UnifiedEventRecord[]) => {
      ids.push(records.splice(0).map(({ id }) => id));
      if (ids.length < 3) throw new Error("busy");
    };
    expect(await createSender({ send }, noted().options).send([log(1), log(2)])).toEqual(
      summary(2, 0, 0),
    );
    expect(ids).toEqual(Array(3).fill(["1", "2"]));
  });

  const unreadable = () => {
    const { proxy, revoke } = Proxy.revocable(new Error("x"), {});
    revoke();
    return proxy;
  };

  it.each<[string, () => unknown]>([
    ["nothing", () => null],
    ["a text", () => "no"],
    ["a symbol", () => Symbol("no")],
    ["an error whose message is none", () => Object.assign(new Error(), { message: Symbol("x") })],
    ["an error whose status throws", () => Object.defineProperty(new Error(), "status", BROKEN)],
    ["an error whose message throws", () => Object.defineProperty(new Error(), "message", BROKEN)],
    ["a revoked proxy", unreadable],
  ])("with %s keeps its events, and the sender goes on", async (_, thrown) => {
    let isBroken = true;
    const send = () => (isBroken ? Promise.reject(thrown()) : Promise.resolve());
    const { options, dead, deadCodes } = noted({ maxAttempts: 2 });
    const sender = createSender({ send }, options);
    expect(await sender.send([log(1), log(2)])).toEqual(summary(0, 0, 2));
    expect(deadCodes()).toEqual(["send-failed", "send-failed"]);
    expect(dead[0]?.faults[0]?.received).not.toBe("");
    isBroken = false;
    expect(await sender.send(log(3))).toEqual(summary(1, 0, 0));
  });

  it.each<[string, object]>([
    ["no text", { retryAfter: Symbol("x") }],
    ["endless", { retryAfter: NaN }],
    ["behind headers that throw", { headers: { get: () => JSON.parse("{") as string } }],
    [
      "behind an accessor that throws",
      Object.defineProperty({}, "headers", { ...BROKEN, enumerable: true }),
    ],
  ])("asks for nothing by a Retry-After that is %s", async (_, more) => {
    const busy = Object.defineProperties(status(429), Object.getOwnPropertyDescriptors(more));
    const target = stream((_, call) => (call === 1 ? busy : undefined));
    expect(await createSender(target, noted().options).send(log(1))).toEqual(summary(1, 0, 0));
  });

  it("may answer with anything: what does not fail is taken", async () => {
    for (const answer of [undefined, null, 0, "no", { success: false }, () => {}, [1]]) {
      const send = async () => answer as unknown as void;
      expect(await createSender({ send }, noted().options).send(log(1))).toEqual(summary(1, 0, 0));
    }
  });
});
