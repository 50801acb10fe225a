// Streams that do not answer, or too late.

import { type UnifiedEventRecord, createSender } from "unified-event/pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";

import { log, noted, stream, summary } from "./stream.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
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
