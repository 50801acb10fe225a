// The validators on the events that all languages share.

import { describe, expect, it } from "vitest";
import * as validators from "unified-event/validate";
import {
  type Fault,
  type Validator,
  formatFault,
  isValid,
  validate,
  validateBytes,
  validateText,
  validateTrace,
} from "unified-event/validate";

import { list, ndjson, text } from "./files.js";

const OF_TABLE: Record<string, Validator> = {
  unified_events: validate,
  do_events: validators.validateDoEvents,
  do_things: validators.validateDoThings,
  do_actions: validators.validateDoActions,
  do_state: validators.validateDoState,
};

const CORE = { id: "1", event_type: "log", event_name: "job.ended", ns: "shop.example" };
const LOG = { ...CORE, log_level: "info" };

function codes(faults: readonly Fault[]): string[] {
  return faults.map(({ code, path }) => `${code} ${path.join("/")}`);
}

describe("the valid events", () => {
  const files = list("tests/events/valid");

  it("are there for every stream", () => {
    expect(files.map((file) => file.replace(".ndjson", ""))).toEqual(Object.keys(OF_TABLE).sort());
  });

  describe.each(files)("%s", (file) => {
    const validator = OF_TABLE[file.replace(".ndjson", "")]!;
    const lines = text(`tests/events/valid/${file}`).split("\n").filter(Boolean);

    it("have no faults as text and as bytes", () => {
      for (const line of lines) {
        expect(codes(validateText(line, validator)), line).toEqual([]);
        expect(codes(validateBytes(Buffer.from(line), validator)), line).toEqual([]);
      }
    });

    it("have no faults as values, but for integers that parsing has rounded", () => {
      for (const line of lines) {
        const event = JSON.parse(line) as Record<string, unknown>;
        const isRounded = (value: unknown) =>
          typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
        const faults = validator(event);
        for (const fault of faults) {
          expect(fault.code, line).toBe("number-out-of-range");
          expect(isRounded(event[fault.path[0]!]), line).toBe(true);
        }
      }
    });
  });
});

describe("the invalid events", () => {
  type Case = { name: string; table: string; fault: string; column: string | null; event: string };
  const cases = ndjson("tests/events/invalid.ndjson") as Case[];

  it.each(cases)("$name has exactly the fault $fault", ({ name, table, fault, column, event }) => {
    const [only, ...others] = validateText(event, OF_TABLE[table]);
    const faults = [only!];
    // One case lacks two columns, each a fault of its own.
    expect(others.map(({ code }) => code)).toEqual(name.endsWith("both-ids") ? [fault] : []);
    // Within json columns the path goes on.
    expect([faults[0]?.code, ...(faults[0]?.path.slice(0, 1) ?? [])]).toEqual(
      column === null ? [fault] : [fault, column],
    );
    expect(codes(validateBytes(Buffer.from(event), OF_TABLE[table]))[0]).toBe(codes(faults)[0]);
    expect(faults[0]?.expected).not.toBe("");
    expect(faults[0]?.received).not.toBe("");
  });

  it.each(cases.filter((c) => !["malformed-json", "duplicate-key"].includes(c.fault)))(
    "$name has it as a value too",
    ({ table, fault, column, event }) => {
      const faults = OF_TABLE[table]!(JSON.parse(event));
      expect(codes(faults)[0]?.split("/")[0]).toBe(`${fault} ${column ?? ""}`);
    },
  );
});

describe("validate", () => {
  it("reports all faults at once, each with its place, and leaves the event alone", () => {
    const event = Object.freeze({ ...CORE, id: undefined, ns: null, http_status: "200", day: "x" });
    expect(codes(validate(event))).toEqual([
      "null-in-required ns",
      "type-mismatch http_status",
      "computed-column day",
      "missing-required id",
      "requirement-not-met log_level",
    ]);
  });

  it("says what was expected and what came", () => {
    const [fault] = validate({ ...LOG, http_status: "200" });
    expect(fault).toEqual({
      code: "type-mismatch",
      path: ["http_status"],
      expected: "an integer from -2147483648 to 2147483647",
      received: '"200"',
    });
    expect(formatFault(fault!)).toBe(
      '`http_status`: expected an integer from -2147483648 to 2147483647, found "200" (type-mismatch)',
    );
  });

  it.each([
    ["httpStatus", "http_status"],
    ["trace_ID", "trace_id"],
    ["Trace-Id", "trace_id"],
    ["LogLevel", "log_level"],
  ])("leads from %s to %s", (slip, column) => {
    expect(validate({ ...LOG, [slip]: null })[0]?.expected).toBe(`the column ${column}`);
  });

  it("leads from snake case to the names of another stream", () => {
    const faults = validators.validateDoEvents({ source_type: "Invoice" });
    expect(faults[0]).toMatchObject({ code: "unknown-field", expected: "the column sourceType" });
  });

  it.each([null, undefined, 1, "{}", [], [LOG], true, () => LOG])(
    "refuses %o as a whole",
    (value) => {
      expect(codes(validate(value))).toEqual(["malformed-json "]);
      expect(codes(validateTrace(value))).toEqual(["malformed-json "]);
    },
  );

  it("lets null stand where the pipeline computes the column", () => {
    expect(validate({ ...LOG, day: null, hour: null })).toEqual([]);
  });

  it("narrows the type of what is valid", () => {
    const event: unknown = LOG;
    expect(isValid(event) && event.event_name).toBe("job.ended");
    expect(isValid({})).toBe(false);
  });

  it("costs a valid event no memory", () => {
    expect(validate(LOG)).toBe(validate({ ...LOG }));
    expect(Object.isFrozen(validate(LOG))).toBe(true);
  });
});

describe("an object that is more than its own columns", () => {
  it("is judged by what its JSON would hold", () => {
    class Log {
      event_type = "log";
      event_name = "job.ended";
      ns = "shop.example";
      extra = undefined;
      get id() {
        return "inherited";
      }
      get log_level() {
        return "inherited";
      }
    }
    expect(codes(validate(new Log()))).toEqual([
      "missing-required id",
      "requirement-not-met log_level",
    ]);
    expect(validate(Object.assign(Object.create({ inherited: 1 }), LOG))).toEqual([]);
    expect(validate(Object.assign(Object.create(null), LOG))).toEqual([]);
  });

  it("may have keys that are names of objects' own machinery", () => {
    for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""]) {
      const event = JSON.parse(JSON.stringify(LOG).replace("{", `{${JSON.stringify(key)}:{},`));
      expect(codes(validate(event))).toEqual([`unknown-field ${key}`]);
      expect(codes(validate({ ...CORE, event_type: key })), key).toEqual([
        "value-not-allowed event_type",
      ]);
    }
    expect({}).not.toHaveProperty("log_level");
  });
});

describe("the validators of one event type", () => {
  it("refuse other types, and report the type once", () => {
    expect(codes(validateTrace(LOG))).toEqual(["value-not-allowed event_type"]);
    expect(codes(validateTrace({ ...LOG, event_type: "span" }))).toEqual([
      "value-not-allowed event_type",
    ]);
    expect(codes(validateTrace({ ...LOG, event_type: undefined }))).toEqual([
      "missing-required event_type",
    ]);
  });

  it("agree with validate on events of their type", () => {
    const byType = new Map<string, Validator>([
      ["trace", validators.validateTrace],
      ["metric", validators.validateMetric],
      ["log", validators.validateLog],
      ["cdc", validators.validateCdc],
      ["track", validators.validateTrack],
      ["page", validators.validatePage],
      ["vital", validators.validateVital],
      ["replay", validators.validateReplay],
      ["tail", validators.validateTail],
      ["snippet", validators.validateSnippet],
    ]);
    for (const [type, validator] of byType) {
      for (const event of ndjson("tests/events/valid/unified_events.ndjson")) {
        if (event["event_type"] === type) expect(validator(event)).toEqual(validate(event));
      }
      expect(validator({ ...CORE, event_type: type })).toEqual(
        validate({ ...CORE, event_type: type }),
      );
      expect(validate({ ...CORE, event_type: type })).not.toEqual([]);
    }
  });
});

describe("text", () => {
  const line = JSON.stringify(LOG);
  const withEntry = (entry: string) => `${line.slice(0, -1)},${entry}}`;

  it.each([
    ['"metric_count":9223372036854775807', []],
    ['"metric_count":-9223372036854775808', []],
    ['"metric_count":9223372036854775808', ["number-out-of-range metric_count"]],
    ['"metric_count":9007199254740993', []],
    ['"metric_count":1.0', ["type-mismatch metric_count"]],
    ['"http_status":1e2', ["type-mismatch http_status"]],
    ['"http_status" : 200 ', []],
    ['"metric_value":1.0', []],
    ['"metric_value":1e309', ["number-out-of-range metric_value"]],
    ['"data":{"metric_count":9223372036854775808,"a":[1,{"b":"}]"}],"a":2}', []],
    ['"\\u006co\\u0067_message":"a","log_message":"b"', ["duplicate-key log_message"]],
    ['"log_message":"\\\\ud800"', []],
    ['"log_message":"\\ud83d\\ude00"', []],
    ['"log_message":"\\ud83d\\ud83d\\ude00"', ["malformed-json "]],
    ['"data":{"a":["\\udc00"]}', ["malformed-json "]],
    ['"log_message":"\\u0041\\udc00"', ["malformed-json "]],
    ['"log_message":"\\ud83d\\\\ude00"', ["malformed-json "]],
    ['"log_message":"\\uD83D\\uDE00\\\\\\"", "metric_count" : 1.5', ["type-mismatch metric_count"]],
    ['"log_message":"\ud800"', ["malformed-json "]],
    ['"x":1,"x":2', ["unknown-field x"]],
  ])("%s", (entry, expected) => {
    expect(codes(validateText(withEntry(entry)))).toEqual(expected);
  });

  it.each(["", "null", "[]", "1", '"x"', "{", `[${line}]`, `\ufeff${line}`])(
    "%o is no event",
    (other) => {
      expect(codes(validateText(other))).toEqual(["malformed-json "]);
    },
  );

  it("is judged by the validator that is asked for", () => {
    expect(codes(validateText(line, validateTrace))).toEqual(["value-not-allowed event_type"]);
  });

  it("has to be UTF-8", () => {
    const bytes = Buffer.from(line);
    bytes[bytes.indexOf("info")] = 0xff;
    expect(codes(validateBytes(bytes))).toEqual(["invalid-utf8 "]);
    expect(codes(validateBytes(Buffer.from(`\ufeff${line}`)))).toEqual(["malformed-json "]);
  });

  it("may be longer than any stack", () => {
    const long = "\\n".repeat(4_000_000) + "x".repeat(4_000_000);
    expect(validateText(withEntry(`"log_message":"${long}"`))).toEqual([]);
  });

  it("may nest deeper than any stack", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(() => validateText(withEntry(`"data":${deep}`))).not.toThrow();
  });

  it("may repeat more keys than could be compared with one another", () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(",");
    const faults = validateText(withEntry(`"ns":"b",${keys},${keys}`));
    expect(faults).toHaveLength(100_001);
    expect(faults.filter(({ code }) => code !== "unknown-field")).toMatchObject([
      { code: "duplicate-key", path: ["ns"] },
    ]);
  });
});

describe("a long value", () => {
  it("is checked in a moment and cut in the fault", () => {
    const base64 = "AAAA".repeat(2_000_000);
    const replay = { ...CORE, event_type: "replay", session_id: "s", replay_type: "meta" };
    const start = performance.now();
    expect(validate({ ...replay, replay_data: base64 })).toEqual([]);
    const [fault] = validate({ ...replay, replay_data: `${base64}!` });
    expect(fault?.code).toBe("malformed-base64");
    expect(fault?.received.length).toBeLessThan(80);
    const digits = "9".repeat(2_000_000);
    expect(codes(validate({ ...LOG, timestamp_ns: digits }))).toEqual([
      "number-out-of-range timestamp_ns",
    ]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
