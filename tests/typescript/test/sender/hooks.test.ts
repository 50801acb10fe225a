// What takes the events that are not sent.

import {
  type SendSummary,
  SenderError,
  type UnifiedEventInput,
  createSender,
} from "unified-event/pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";

import { log, noted, status, stream, summary } from "./stream.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
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

  it("may add the event again, and again: in a sender that is closed that has an end", async () => {
    const target = stream(() => status(403));
    const dead: string[] = [];
    const sender = createSender(target, {
      onReject() {},
      onDeadLetter(event, [fault]) {
        dead.push(fault?.code ?? "");
        void sender.add(event);
      },
      flushIntervalMs: 0,
    });
    void sender.add(log(1));
    await new Promise((done) => setTimeout(done, 20));
    expect(target.calls()).toBeGreaterThan(1);
    const failure = (await sender.close().catch((error: unknown) => error)) as SenderError;
    expect(sender.queued).toBe(0);
    expect(dead.filter((code) => code === "sender-closed").length).toBeLessThan(101);
    const later = (await sender.flush().catch((error: unknown) => error)) as SenderError;
    const errors = [failure, later].flatMap(({ errors }) => errors ?? []);
    // The event is where it can be had, and nowhere else.
    expect(errors).toMatchObject([{ event: { id: "1" }, faults: [{ code: "sender-closed" }] }]);
    expect(errors[0].cause.message).toBe("it has called itself 100 times");
  });

  it("may close the sender", async () => {
    const target = stream();
    const { options, deadCodes } = noted();
    const closing: Promise<SendSummary>[] = [];
    const onReject = () => void closing.push(sender.close());
    const sender = createSender(target, { ...options, onReject });
    const bad = { ...log(2), log_level: null };
    expect(await sender.send([log(1), bad, log(3)])).toEqual(summary(1, 1, 1));
    await Promise.all(closing);
    expect(target.ids()).toEqual(["1"]);
    expect(deadCodes()).toEqual(["sender-closed"]);
  });
});
