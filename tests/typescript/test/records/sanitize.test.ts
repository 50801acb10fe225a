// Any value becomes one that json columns take.

import { runInNewContext } from "node:vm";

import { sanitize, toPipelineRecord } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { LOG, options } from "./events.js";

describe("sanitize", () => {
  it("makes what is refused into what is taken", () => {
    const error = Object.assign(new RangeError("no", { cause: new Error("why") }), { code: 7 });
    const circular: Record<string, unknown> = { a: 1 };
    circular.self = circular;
    const value = {
      error,
      text: "a\ud800b",
      "\udc00": NaN,
      big: 12n,
      map: new Map([["k", new Set([1, undefined])]]),
      bytes: new Uint8Array([1, 2]),
      date: new Date(0),
      circular,
      gone: undefined,
    };
    const throwing = {
      get thrown() {
        throw new Error("out");
      },
    };
    const data = sanitize(value) as Record<string, any>;
    expect(data).toMatchObject({
      error: { name: "RangeError", message: "no", code: 7, cause: { message: "why" } },
      text: "a\ufffdb",
      "\ufffd": "NaN",
      big: "12",
      map: { k: [1, null] },
      bytes: "AQI=",
      date: "1970-01-01T00:00:00.000Z",
      circular: { a: 1, self: "[Circular]" },
    });
    expect(data).not.toHaveProperty("gone");
    expect(sanitize(throwing)).toBe("[Threw an error: out]");
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const worse = {
      get thrown() {
        throw proxy;
      },
    };
    expect(sanitize(worse)).toBe("[Threw an error that cannot be read]");
    expect(() => toPipelineRecord({ ...LOG, data }, options)).not.toThrow();
    let deep: unknown = 1;
    for (let i = 0; i < 500; i++) deep = [deep];
    expect(() =>
      toPipelineRecord({ ...LOG, data: { deep: sanitize({ deep }) } }, options),
    ).toThrow();
    const fits = sanitize({ deep }) as Record<string, unknown>;
    expect(() => toPipelineRecord({ ...LOG, data: fits }, options)).not.toThrow();
  });

  it("knows errors, maps and sets of any global object", () => {
    const made = `({
      error: Object.assign(new RangeError("no", { cause: new Error("why") }), { code: 7 }),
      map: new Map([["k", new Set([1, undefined])]]),
    })`;
    for (const value of [runInNewContext(made), runInNewContext(made, {}, {}), eval(made)]) {
      const data = sanitize(value) as Record<string, any>;
      expect(data.map).toEqual({ k: [1, null] });
      expect(data.error).toMatchObject({ name: "RangeError", message: "no", code: 7 });
      expect(data.error.cause).toMatchObject({ name: "Error", message: "why" });
      expect(data.error.stack).toContain("no");
    }
    expect(sanitize(new DOMException("gone", "AbortError"))).toMatchObject({
      name: "AbortError",
      message: "gone",
    });
  });

  it("keeps the errors of an error, and the values in boxes", () => {
    const error = new AggregateError([new Error("first"), "second"], "both");
    expect(sanitize(error)).toMatchObject({
      name: "AggregateError",
      message: "both",
      errors: [{ message: "first" }, "second"],
    });
    const boxes = [new String("a\ud800"), new Number(NaN), new Boolean(false), Object(5n)];
    expect(sanitize(boxes)).toEqual(["a\ufffd", "NaN", false, "5"]);
    const odd = { [Symbol.toStringTag]: "String", valueOf: () => odd };
    expect(sanitize(odd)).toBe("[Circular]");
  });
});
