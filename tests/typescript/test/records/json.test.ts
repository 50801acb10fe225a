// Json columns: text and values.

import {
  safeToPipelineRecord,
  safeToPipelineText,
  toPipelineRecord,
  toPipelineText,
} from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { LOG, NOW, dataFaults, faults, options } from "./events.js";

describe("JSON text", () => {
  it.each([
    ["{}", {}],
    ["[1,2.5,null]", [1, 2.5, null]],
    ['"text"', "text"],
    ["1e5", 1e5],
    ['"9007199254740993"', "9007199254740993"],
    ["9007199254740992", 9007199254740992],
    ["1.50", 1.5],
    ["100000000000000000000", 1e20],
  ])("%s is sent as the value it holds", (text, value) => {
    expect(toPipelineRecord({ ...LOG, db_after: text }, options).db_after).toEqual(value);
  });

  it.each([
    ["", "malformed-json"],
    ["{", "malformed-json"],
    ["undefined", "malformed-json"],
    ["{a:1}", "malformed-json"],
    ["[1e400]", "number-out-of-range"],
    ['["\\ud800"]', "malformed-json"],
    ['{"id":9007199254740993}', "number-out-of-range"],
    [`[${"9".repeat(400)}]`, "number-out-of-range"],
    ['{"balance":12345678901234567.89}', "number-out-of-range"],
    ["0.1234567890123456789", "number-out-of-range"],
    ["123456789012345678e2", "number-out-of-range"],
    ["[1e-400]", "number-out-of-range"],
    ["-0", "number-out-of-range"],
    ['{"a":1,"a":2}', "duplicate-key"],
    ['[{"a":{"b":1,"\\u0062":2}}]', "duplicate-key"],
  ])("%s is a fault", (text, code) => {
    expect(
      faults({ ...LOG, db_after: text }).map((fault) => fault.split(/[ /]/).slice(0, 2)),
    ).toEqual([[code, "db_after"]]);
  });

  it("says where it is that a value in memory would differ", () => {
    const path = (text: string) => {
      const result = safeToPipelineRecord({ ...LOG, db_after: text }, options);
      return result.success ? [] : result.faults[0]!.path;
    };
    expect(path('{"a":[1,{"b":12345678901234567.89}]}')).toEqual(["db_after", "a", 1, "b"]);
    expect(path('{"a":[{}, {"b":1,"b":2}]}')).toEqual(["db_after", "a", 1, "b"]);
  });

  it("stays the text that it is in the text of a record", () => {
    for (const text of [
      '{"balance":12345678901234567.89,"a":[1e-400,-0.0,123456789012345678e2]}',
      '{"a":1,"a":2}',
      "100000000000000000000000001",
    ]) {
      const line = toPipelineText({ ...LOG, db_after: text }, options);
      expect(line).toContain(`"db_after":${text}`);
      expect(JSON.parse(line).id).toBe(LOG.id);
    }
    expect(toPipelineText({ ...LOG, db_after: '{\n"a":\r1}' }, options)).not.toMatch(/[\r\n]/);
    for (const text of ["[1e400]", '["\\ud800"]', "{", "[".repeat(121) + "]".repeat(121)]) {
      expect(safeToPipelineText({ ...LOG, db_after: text }, options).success, text).toBe(false);
    }
  });

  it("of null sets nothing", () => {
    expect(toPipelineRecord({ ...LOG, db_after: "null" }, options)).not.toHaveProperty("db_after");
  });
});

describe("JSON values", () => {
  it("lose nothing that JSON can hold", () => {
    const data = {
      date: new Date(NOW),
      big: 2n ** 64n,
      url: new URL("https://shop.example/a"),
      absent: undefined,
      holes: [1, , undefined, 2], // eslint-disable-line no-sparse-arrays
      own: Object.assign(Object.create(null), { a: 1 }),
      custom: { toJSON: (key: unknown) => ({ key }) },
      nested: [{ deep: [{ "": "empty" }] }],
    };
    expect(toPipelineRecord({ ...LOG, data }, options).data).toEqual({
      date: "2026-11-21T09:00:00.123Z",
      big: "18446744073709551616",
      url: "https://shop.example/a",
      holes: [1, null, null, 2],
      own: { a: 1 },
      custom: { key: "custom" },
      nested: [{ deep: [{ "": "empty" }] }],
    });
  });

  it("keep a key that would change prototypes as the data it is", () => {
    const text = '{"__proto__":{"polluted":1},"a":[{"__proto__":2,"constructor":{"prototype":3}}]}';
    const { data, db_after } = toPipelineRecord(
      { ...LOG, data: JSON.parse(text), db_after: text },
      options,
    );
    for (const value of [data, db_after] as object[]) {
      expect(JSON.stringify(value)).toBe(text);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(value).not.toHaveProperty("polluted");
    }
    expect({}).not.toHaveProperty("polluted");
  });

  it("may hold the same object twice, but not itself", () => {
    const shared = { a: 1 };
    expect(dataFaults({ one: shared, two: [shared, shared] })).toEqual([]);
    const loop: Record<string, unknown> = { a: [{}] };
    (loop["a"] as unknown[])[0] = loop;
    expect(dataFaults(loop)).toEqual(["malformed-json data/a/0"]);
    const list: unknown[] = [];
    list.push([list]);
    expect(dataFaults({ list })).toEqual(["malformed-json data/list/0/0"]);
    expect(dataFaults({ endless: { toJSON: () => loop } })).toHaveLength(1);
  });

  it.each([
    ["NaN", { a: [1, NaN] }, "number-out-of-range data/a/1"],
    ["a function", { f: () => 1 }, "type-mismatch data/f"],
    ["a symbol", { s: Symbol("s") }, "type-mismatch data/s"],
    ["an error", { error: new Error("x") }, "type-mismatch data/error"],
    ["a map", { map: new Map([[1, 2]]) }, "type-mismatch data/map"],
    ["a set", { set: new Set([1]) }, "type-mismatch data/set"],
    ["bytes", { bytes: new Uint8Array(2) }, "type-mismatch data/bytes"],
    ["an invalid date", { date: new Date(NaN) }, "malformed-timestamp data/date"],
    ["half of a pair", { s: ["\udc00"] }, "malformed-json data/s/0"],
    ["a key that is half of a pair", { "\ud800": 1 }, "malformed-json data"],
  ])("%s is a fault with its path", (_, data, fault) => {
    expect(dataFaults(data)).toEqual([fault]);
  });

  it("may nest as deep as other parsers read", () => {
    const nest = (n: number) => JSON.parse("[".repeat(n) + "]".repeat(n)) as unknown;
    expect(dataFaults({ a: nest(119) })).toEqual([]);
    expect(dataFaults({ a: nest(120) })).toHaveLength(1);
    expect(dataFaults({ a: nest(5_000) })).toHaveLength(1);
  });

  it("may be many, but not without end", () => {
    let laughs: unknown = ["ha"];
    for (let i = 0; i < 60; i++) laughs = [laughs, laughs];
    expect(dataFaults({ laughs })).toHaveLength(1);
    expect(dataFaults({ holes: new Array(2 ** 32 - 1) })).toEqual(["malformed-json data/holes"]);
    expect(dataFaults({ many: new Array(900_000).fill(0) })).toEqual([]);
  });

  it("report every fault at once", () => {
    expect(dataFaults({ a: NaN, b: [() => 1, Infinity] })).toEqual([
      "number-out-of-range data/a",
      "type-mismatch data/b/0",
      "number-out-of-range data/b/1",
    ]);
  });
});
