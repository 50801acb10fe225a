// What waits: how long, and how much of it.

import {
  type SenderOptions,
  type UnifiedEventInput,
  type UnifiedEventRecord,
  createSender,
} from "unified-event/pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";

import { log, noted, stream, summary } from "./stream.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
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
