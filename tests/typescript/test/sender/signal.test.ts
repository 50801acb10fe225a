// Signals that end the waiting.

import { type UnifiedEventRecord, createSender } from "unified-event/pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";

import { log, noted, stream, summary } from "./stream.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
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
