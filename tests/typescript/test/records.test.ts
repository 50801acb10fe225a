// From events in memory to the records that are sent.

import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createUnifiedEvent } from "unified-event";
import {
  EventFaultsError,
  type UnifiedEventInput,
  safeToDoEventsRecord,
  safeToPipelineRecord,
  safeToPipelineText,
  sanitize,
  toDoActionsRecord,
  toDoEventsRecord,
  toDoStateRecord,
  toDoThingsRecord,
  toPipelineRecord,
  toPipelineText,
} from "unified-event/pipeline";
import { validate } from "unified-event/validate";

import { ndjson } from "./files.js";
import { seeded } from "./random.js";
import { fromWire } from "./wire.js";

const CORE = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" } as const;
const LOG = { ...CORE, log_level: "info" };
const NOW = Date.parse("2026-11-21T09:00:00.123Z");
const options = { now: () => NOW };

/** Returns the faults of an event that may be anything, as `code path`. */
function faults(event: unknown): string[] {
  const result = safeToPipelineRecord(event as UnifiedEventInput, options);
  return result.success ? [] : result.faults.map(({ code, path }) => `${code} ${path.join("/")}`);
}

/** Returns the faults of a log with some value as its data. */
function dataFaults(data: unknown): string[] {
  return faults({ ...LOG, data });
}

describe("toPipelineRecord", () => {
  it("drops nulls, converts values and stamps the record", () => {
    const event = createUnifiedEvent({
      ...LOG,
      timestamp: "2026-11-20T10:00:00+01:00",
      timestamp_ns: 1763712000123456789n,
      metric_count: 7,
      metric_buckets: '[{"le":null,"count":0}]',
      db_after: '{"id":9007199254740991,"a":[]}',
      labels: { team: "checkout" },
      log_message: "",
      is_leaf: false,
      depth: 0,
    });
    expect(toPipelineRecord(event, options)).toEqual({
      ...LOG,
      timestamp: "2026-11-20T10:00:00+01:00",
      timestamp_ns: "1763712000123456789",
      metric_count: 7,
      metric_buckets: [{ le: null, count: 0 }],
      db_after: { id: 9007199254740991, a: [] },
      labels: { team: "checkout" },
      log_message: "",
      is_leaf: false,
      depth: 0,
      ingested_at: "2026-11-21T09:00:00.123Z",
    });
  });

  it("returns what every valid event was on the wire", () => {
    for (const wire of ndjson("tests/events/valid/unified_events.ndjson")) {
      if (validate(wire).length > 0) continue;
      const present = Object.entries(wire).filter(([, value]) => value !== null);
      const record = toPipelineRecord(fromWire(wire), options);
      const sent = { ingested_at: new Date(NOW).toISOString(), ...Object.fromEntries(present) };
      expect(JSON.parse(JSON.stringify(record))).toEqual(JSON.parse(JSON.stringify(sent)));
      expect(validate(JSON.parse(JSON.stringify(record)))).toEqual([]);
    }
  });

  it("takes its own records", () => {
    const record = toPipelineRecord({ ...LOG, db_before: '{"a":1}', timestamp_ns: 1n }, options);
    expect(toPipelineRecord(record as UnifiedEventInput, options)).toEqual(record);
  });

  it("keeps the moment at which somebody else took the event in", () => {
    const ingested_at = "2026-01-01T00:00:00Z";
    expect(toPipelineRecord({ ...LOG, ingested_at }, options).ingested_at).toBe(ingested_at);
    expect(toPipelineRecord({ ...LOG, ingested_at: null }, options).ingested_at).toMatch(
      /^2026-11/,
    );
  });

  it("takes the present moment without a clock", () => {
    const before = Date.now();
    const { ingested_at } = toPipelineRecord(LOG);
    expect(Date.parse(ingested_at as string)).toBeGreaterThanOrEqual(before);
  });

  it("throws all faults in one error", () => {
    const event = { ...LOG, id: null, http_status: "200" } as unknown as UnifiedEventInput;
    expect(() => toPipelineRecord(event)).toThrow(EventFaultsError);
    try {
      toPipelineRecord(event);
    } catch (error) {
      expect((error as EventFaultsError).faults).toHaveLength(2);
      expect((error as EventFaultsError).message).toMatch(/`id`: .*; `http_status`: /);
    }
  });

  it("changes neither the event nor what is in it, and shares nothing with it", () => {
    const data = Object.freeze({ list: Object.freeze([Object.freeze({ a: 1 })]) });
    const event = Object.freeze({ ...LOG, data, timestamp: new Date(NOW) });
    const record = toPipelineRecord(event, options);
    expect(event.data).toBe(data);
    expect(event).not.toHaveProperty("ingested_at");
    (record.data as { list: unknown[] }).list.push(1);
    expect(data.list).toHaveLength(1);
  });
});

describe("values in memory", () => {
  it("may be dates, of another global object too", () => {
    const foreign = runInNewContext(`new Date(${NOW})`) as Date;
    const record = toPipelineRecord(
      { ...LOG, started_at: new Date(NOW), ended_at: foreign },
      options,
    );
    expect(record.started_at).toBe("2026-11-21T09:00:00.123Z");
    expect(record.ended_at).toBe(record.started_at);
  });

  it.each([
    ["an invalid date", new Date(NaN), "malformed-timestamp timestamp"],
    ["a date beyond the year 9999", new Date(8.64e15), "malformed-timestamp timestamp"],
    ["a date before the year 1", new Date(-8.64e15), "malformed-timestamp timestamp"],
    ["something that calls itself a date", { [Symbol.toStringTag]: "Date" }, "malformed-json "],
    ["a number", NOW, "type-mismatch timestamp"],
  ])("%s is no timestamp", (_, timestamp, fault) => {
    expect(faults({ ...LOG, timestamp })).toEqual([fault]);
  });

  it.each([
    [{ timestamp_ns: 2n ** 63n }, ["number-out-of-range timestamp_ns"]],
    [{ timestamp_ns: -(2n ** 63n) }, []],
    [{ timestamp_ns: 1763712000123456789 }, ["type-mismatch timestamp_ns"]],
    [{ metric_count: 7n }, []],
    [{ metric_count: 2n ** 53n }, ["number-out-of-range metric_count"]],
    [{ http_status: 200n }, ["type-mismatch http_status"]],
    [{ log_message: 1n }, ["type-mismatch log_message"]],
    [{ metric_value: NaN }, ["number-out-of-range metric_value"]],
    [{ metric_value: -Infinity }, ["number-out-of-range metric_value"]],
    [{ log_message: "\ud800" }, ["malformed-json log_message"]],
    [{ log_message: Symbol("x") }, ["type-mismatch log_message"]],
    [{ log_message: undefined }, []],
    [{ nothing: undefined }, []],
    [{ nothing: null }, ["unknown-field nothing"]],
    [{ day: "2026-11-21" }, ["computed-column day"]],
    [{ log_level: null }, ["requirement-not-met log_level"]],
    [{ ns: null }, ["null-in-required ns"]],
    [{ replay_data: "AA" }, ["malformed-base64 replay_data"]],
  ])("%o", (columns, expected) => {
    expect(faults({ ...LOG, ...columns })).toEqual(expected);
  });

  it.each([null, undefined, 1, "x", [LOG], () => LOG])("%o is no event", (event) => {
    expect(faults(event)).toEqual(["malformed-json "]);
  });
});

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

describe("what objects hold where JSON does not look", () => {
  class Held {
    #status = 404;
    id = "1";
    event_type = "log" as const;
    event_name = "job.ended";
    ns = "shop.example";
    get log_level() {
      return "info";
    }
    get http_status() {
      return this.#status;
    }
    get nothing() {
      return undefined;
    }
    set written(_: number) {}
    method() {}
    static http_method = "GET";
  }
  class Heir extends Held {
    get log_message() {
      return "inherited";
    }
  }
  const stored = { ...LOG, http_status: 404, ingested_at: "2026-11-21T09:00:00.123Z" };

  it("is read from accessors of an instance, of its classes and of the event", () => {
    expect(toPipelineRecord(new Held(), options)).toEqual(stored);
    expect(toPipelineRecord(new Heir(), options)).toEqual({ ...stored, log_message: "inherited" });
    const own = Object.defineProperty({ ...LOG }, "http_status", { get: () => 404 });
    expect(toPipelineRecord(own, options)).toEqual(stored);
    const foreign: unknown = runInNewContext(`(${JSON.stringify(LOG)})`);
    expect(toPipelineRecord(foreign as typeof LOG, options)).toMatchObject(LOG);
  });

  it("is read where an enumeration leaves it out, and where it is inherited", () => {
    const hidden = Object.defineProperty({ ...LOG }, "http_status", { value: 404 });
    expect(toPipelineRecord(hidden, options)).toEqual(stored);
    const heir = Object.assign(Object.create({ http_status: 404, log_level: "debug" }), LOG);
    expect(toPipelineRecord(heir as typeof LOG, options)).toEqual(stored);
  });

  it("is what toJSON returns, if there is one", () => {
    const event = { toJSON: () => ({ ...LOG, http_status: 404 }), log_message: "not this" };
    expect(toPipelineRecord(event as unknown as typeof LOG, options)).toEqual(stored);
    expect(faults({ toJSON: () => "text" })).toEqual(["malformed-json "]);
    expect(faults({ ...LOG, toJSON: () => JSON.parse("{") as object })).toEqual([
      "malformed-json ",
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ["an accessor that is no column", { get: () => 1 }, ["unknown-field extra"]],
    ["a hidden value that is no column", { value: 1 }, ["unknown-field extra"]],
    ["a hidden function", { value: () => 1 }, ["unknown-field extra"]],
    ["a hidden accessor of nothing", { get: () => undefined }, []],
  ])("is a fault or nothing: %s", (_, property, expected) => {
    const event = Object.defineProperty({ ...LOG }, "extra", property as PropertyDescriptor);
    expect(faults(event)).toEqual(expected);
  });

  it("under a symbol is a fault", () => {
    expect(faults({ ...LOG, [Symbol("x")]: 1 })).toEqual(["malformed-json "]);
    expect(dataFaults({ a: { [Symbol("x")]: 1 } })).toEqual(["malformed-json data/a"]);
  });

  it.each([
    ["a map", new Map(Object.entries(LOG))],
    ["a set", new Set([LOG])],
    ["a date", new Date(NOW)],
    ["an error", Object.assign(new Error("x"), LOG)],
    ["bytes", new Uint8Array(3)],
    ["a promise", Promise.resolve(LOG)],
  ])("makes no event: %s", (_, event) => {
    expect(faults(event)).toEqual(["malformed-json "]);
  });

  it("is kept in json columns as well", () => {
    class Money {
      #cents = 1999;
      currency = "EUR";
      get cents() {
        return this.#cents;
      }
      format() {
        return "19.99 EUR";
      }
    }
    const hidden = Object.defineProperty({ a: 1 }, "b", { value: [2] });
    const data = { price: new Money(), hidden, list: [new Money()] };
    expect(toPipelineRecord({ ...LOG, data }, options).data).toEqual({
      price: { currency: "EUR", cents: 1999 },
      hidden: { a: 1, b: [2] },
      list: [{ currency: "EUR", cents: 1999 }],
    });
    expect(dataFaults({ match: /(?<word>b)/.exec("abc") })).toEqual(["malformed-json data/match"]);
    const named = Object.assign([1, , 3], { name: "x" }); // eslint-disable-line no-sparse-arrays
    expect(dataFaults({ named })).toEqual(["malformed-json data/named"]);
  });
});

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

describe("the other streams", () => {
  it("have records of their own", () => {
    const core = { ns: "shop.example", timestamp: new Date(NOW) };
    const timestamp = "2026-11-21T09:00:00.123Z";
    const action = { ...core, id: "a", verb: "send", status: "completed", startedAt: null };
    expect(toDoActionsRecord({ ...action, duration: 1.5, error: undefined })).toEqual({
      ns: "shop.example",
      timestamp,
      id: "a",
      verb: "send",
      status: "completed",
      duration: 1.5,
    });
    const thing = { ...core, id: "t", type: "Note", version: 3n, data: { at: new Date(NOW) } };
    expect(toDoThingsRecord(thing)).toMatchObject({ version: 3, data: { at: timestamp } });
    const event = { ...core, verb: "Note.made", source: "t", sourceType: "Note", data: [] };
    expect(toDoEventsRecord(event)).toMatchObject({ data: [], timestamp });
    const state = { do_id: "d", type: "Note", key: "k", value: null, op: "DELETE", seq: 1 };
    expect(toDoStateRecord({ ...core, ...state })).not.toHaveProperty("value");
  });

  it("refuse a required value that cannot be sent, with one fault", () => {
    const event = { ns: "n", verb: "v", source: "s", sourceType: "S", timestamp: new Date(NOW) };
    const result = safeToDoEventsRecord({ ...event, data: { f: () => 1 } });
    expect(result).toMatchObject({ success: false, faults: [{ path: ["data", "f"] }] });
  });

  it("send the events that are valid for them", () => {
    for (const event of ndjson("tests/events/valid/do_events.ndjson")) {
      const present = Object.entries(event).filter(([, value]) => value !== null);
      expect(toDoEventsRecord(event as never)).toEqual(Object.fromEntries(present));
    }
  });
});

describe("columns of the memory form", () => {
  it.each([["text"], [1], [true], [[1]]])("%j is no object", (labels) => {
    const event = { ...LOG, labels } as unknown as UnifiedEventInput;
    expect(faults(event)).toEqual(["type-mismatch labels"]);
  });

  it("take bytes where the wire has base64", () => {
    const replay = (replay_data: unknown) =>
      toPipelineRecord({ ...LOG, replay_data } as UnifiedEventInput, options).replay_data;
    for (const n of [0, 1, 2, 3, 4, 255, 256]) {
      const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 7 + n) & 255);
      const expected = Buffer.from(bytes).toString("base64");
      expect(replay(bytes)).toBe(expected);
      expect(replay(bytes.buffer)).toBe(expected);
      expect(replay(new DataView(bytes.buffer))).toBe(expected);
    }
    expect(replay(new Uint8Array([9, 1, 2, 9]).subarray(1, 3))).toBe("AQI=");
  });
});

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
    expect(sanitize(throwing)).toBe("[Threw out]");
    expect(() => toPipelineRecord({ ...LOG, data }, options)).not.toThrow();
    let deep: unknown = 1;
    for (let i = 0; i < 500; i++) deep = [deep];
    expect(() => toPipelineRecord({ ...LOG, data: { deep: sanitize({ deep }) } }, options)).toThrow();
    const fits = sanitize({ deep }) as Record<string, unknown>;
    expect(() => toPipelineRecord({ ...LOG, data: fits }, options)).not.toThrow();
  });
});
