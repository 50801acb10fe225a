// Streams that refuse: all of a request, or some of its records.

import { createSender } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { log, noted, status, stream, summary } from "./stream.js";

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
