// Nothing may be lost or be in two places, whatever the stream does.

import { type SendSummary, type UnifiedEventRecord, createSender } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { seeded } from "../random.js";
import { bytes, log, noted, status, summary } from "./stream.js";

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
