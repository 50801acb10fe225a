// From the first event to the end of a sender, and of its process.

import { execFileSync } from "node:child_process";
import { type UnifiedEventRecord, createSender } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { TESTS } from "../files.js";
import { log, noted, stream, summary } from "./stream.js";

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

  it("end once, however often and by whomever close is called", async () => {
    const target = stream();
    const { options, deadCodes } = noted({ closeTimeoutMs: 500 });
    const sender = createSender(target, options);
    for (let i = 0; i < 3; i++) void sender.add(log(i));
    const results = await Promise.all([sender.close(), sender.close(), sender.flush()]);
    expect(results).toEqual([summary(3, 0, 0), summary(0, 0, 0), summary(0, 0, 0)]);
    void sender.add(log(4));
    expect(await sender.flush()).toEqual(summary(0, 0, 1));
    await sender.ready();
    expect(deadCodes()).toEqual(["sender-closed"]);
    expect(target.ids()).toEqual(["0", "1", "2"]);
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
