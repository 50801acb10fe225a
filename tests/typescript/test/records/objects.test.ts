// Accessors, hidden and inherited values, symbols.

import { runInNewContext } from "node:vm";
import { toPipelineRecord } from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { LOG, NOW, dataFaults, faults, options } from "./events.js";

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
