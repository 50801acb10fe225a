// Whatever an event is, it is a record or a fault.

import {
  type UnifiedEventInput,
  safeToPipelineRecord,
  toPipelineRecord,
  toPipelineText,
} from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { seeded } from "../random.js";
import { LOG, NOW, dataFaults, faults, options } from "./events.js";

describe("hostile events", () => {
  const hostile: [string, () => unknown][] = [
    [
      "a getter that throws",
      () =>
        Object.defineProperty({ ...LOG }, "log_message", {
          enumerable: true,
          get: () => {
            throw new Error("no");
          },
        }),
    ],
    ["a toJSON that throws", () => ({ ...LOG, data: { toJSON: () => JSON.parse("{") } })],
    [
      "a revoked proxy",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
    [
      "a proxy without keys",
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw "just text";
            },
          },
        ),
    ],
    [
      "a getter that throws a revoked proxy",
      () => ({
        ...LOG,
        get log_message(): string {
          const { proxy, revoke } = Proxy.revocable(new Error("x"), {});
          revoke();
          throw proxy;
        },
      }),
    ],
    [
      "a getter that throws an error without a readable message",
      () => ({
        ...LOG,
        get log_message(): string {
          throw Object.defineProperty(new Error(), "message", { get: () => JSON.parse("{") });
        },
      }),
    ],
    [
      "a getter that throws an error whose message is no text",
      () => ({
        ...LOG,
        get log_message(): string {
          throw Object.assign(new Error(), { message: Symbol("x") });
        },
      }),
    ],
    [
      "a toJSON that returns another without end",
      () => {
        const next = (): object => ({ toJSON: next });
        return { ...LOG, data: next() };
      },
    ],
    ["a polluting key", () => JSON.parse(`{"__proto__":{"x":1},${JSON.stringify(LOG).slice(1)}`)],
    ["a clock that is broken", () => LOG],
  ];

  it.each(hostile)("%s is a fault and no crash", (name, make) => {
    const now = () => (name.includes("clock") ? NaN : NOW);
    const result = safeToPipelineRecord(make() as UnifiedEventInput, { now });
    expect(result.success).toBe(false);
    expect(!result.success && result.faults).toHaveLength(1);
    expect({}).not.toHaveProperty("x");
  });

  it("behind a proxy that lets everything through is the event", () => {
    const data = new Proxy({ a: new Proxy([1, { b: 2 }], {}) }, {});
    const event = new Proxy({ ...LOG, data }, {});
    expect(toPipelineRecord(event, options)).toMatchObject({ ...LOG, data: { a: [1, { b: 2 }] } });
    expect(toPipelineText(event, options)).toContain('"data":{"a":[1,{"b":2}]}');
  });

  it.each<[string, unknown, string[]]>([
    ["a bigint", { a: 2n ** 70n }, []],
    ["1e21", { a: 1e21 }, []],
    ["a minus before zero", { a: -0 }, []],
    ["a boxed number", { a: Object(1) }, ["type-mismatch data/a"]],
    ["a boxed text", { a: Object("x") }, ["type-mismatch data/a"]],
    ["a boxed bigint", { a: Object(1n) }, ["type-mismatch data/a"]],
    ["a map", { a: new Map([[1, 2]]) }, ["type-mismatch data/a"]],
    ["a weak map", { a: new WeakMap() }, ["type-mismatch data/a"]],
    ["a typed array", { a: new Float64Array(2) }, ["type-mismatch data/a"]],
    ["an expression", { a: /x/ }, ["type-mismatch data/a"]],
    ["a promise", { a: Promise.resolve(1) }, ["type-mismatch data/a"]],
    ["a function", { a: () => 1 }, ["type-mismatch data/a"]],
    ["a date without an instant", { a: new Date(NaN) }, ["malformed-timestamp data/a"]],
    ["half a pair in a name", { "\ud800": 1 }, ["malformed-json data"]],
  ])("with %s in data", (_, data, expected) => {
    expect(dataFaults(data)).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ["1e21 in an integer", { geo_asn: 1e21 }, ["number-out-of-range geo_asn"]],
    ["1e21 in a float", { duration_ms: 1e21 }, []],
    ["a minus before zero", { duration_ms: -0, http_status: -0, geo_asn: -0 }, []],
    [
      "an integer beyond what a number holds",
      { geo_asn: 2 ** 53 },
      ["number-out-of-range geo_asn"],
    ],
    [
      "a bigint beyond what a number holds",
      { geo_asn: 2n ** 53n },
      ["number-out-of-range geo_asn"],
    ],
    ["a bigint beyond 64 bits", { timestamp_ns: 2n ** 63n }, ["number-out-of-range timestamp_ns"]],
    ["a boxed text", { log_message: Object("x") }, ["type-mismatch log_message"]],
    ["a date in a column of text", { log_message: new Date(0) }, ["type-mismatch log_message"]],
    ["a map in a json column", { data: new Map() }, ["type-mismatch data"]],
  ])("with %s", (_, more, expected) => {
    expect(faults({ ...LOG, ...more })).toEqual(expected);
  });

  it("made at random never crash, and what comes through is JSON", () => {
    const random = seeded(7);
    const junk = [
      NaN,
      1n,
      "\ud800",
      Symbol("x"),
      () => 1,
      new Date(NaN),
      new Map(),
      undefined,
      null,
    ];
    const grow = (depth: number): unknown => {
      if (depth === 0 || random.oneIn(4))
        return random.oneIn(9) ? random.pick(junk) : random.below(9);
      if (random.oneIn(2)) return Array.from({ length: random.below(4) }, () => grow(depth - 1));
      const keys = ["a", "b", "toJSON", "__proto__", "\ud800", ""];
      const entries = random.some(keys.slice(0, random.oneIn(5) ? 6 : 2), 2);
      return Object.fromEntries(entries.map((key) => [key, grow(depth - 1)]));
    };
    let n_sent = 0;
    for (let i = 0; i < 3_000; i++) {
      const event = { ...LOG, data: { a: grow(4) }, attributes: { a: grow(2) } };
      const result = safeToPipelineRecord(event, options);
      if (!result.success) {
        expect(result.faults.length).toBeGreaterThan(0);
        continue;
      }
      n_sent++;
      const text = JSON.stringify(result.record);
      expect(JSON.parse(text)).toEqual(result.record);
      expect(Buffer.from(text).toString()).toBe(text);
    }
    expect(n_sent).toBeGreaterThan(300);
  });
});
