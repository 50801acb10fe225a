// The stub is only worth something if it refuses: every rule has a body that breaks it.

import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { KIT, json } from "./files.ts";
import * as rules from "./rules.ts";

type Json = Record<string, any>;

const stream = (): Json => ({
  name: "events_stream",
  format: { type: "json" },
  http: { enabled: true, authentication: true },
  worker_binding: { enabled: true },
  schema: json(join(KIT, "streams/events_stream.schema.json")),
});
const sink = (): Json => {
  const [body] = json(join(KIT, "sinks.json")).catalog;
  return { ...body, config: { ...body.config, account_id: "account", token: "token" } };
};
const sql = "INSERT INTO s SELECT a AS a, concat(b, '||') AS b FROM t WHERE a <> 'x JOIN y';";

it("takes what is right", () => {
  rules.stream(stream());
  rules.sink(sink(), "account");
  expect(rules.transform(sql)).toEqual({ stream: "t", sink: "s" });
});

describe("streams", () => {
  it.each<[string, (body: Json) => void]>([
    ["a hyphen in the name", (body) => (body.name = "events-stream")],
    ["a digit at the start of the name", (body) => (body.name = "1events")],
    ["a name of 129 characters", (body) => (body.name = "a".repeat(129))],
    ["an open endpoint", (body) => (body.http.authentication = false)],
    ["an unknown key", (body) => (body.schemas = {})],
    ["no fields", (body) => (body.schema.fields = [])],
    ["a field that stands twice", (body) => body.schema.fields.push(body.schema.fields[0])],
    ["a type that the platform lacks", (body) => (body.schema.fields[0].type = "decimal")],
    [
      "a field that does not say whether it is required",
      (body) => delete body.schema.fields[0].required,
    ],
    ["a unit where there is no time", (body) => (body.schema.fields[0].unit = "second")],
    ["the column that the sink adds", (body) => (body.schema.fields[0].name = "__ingest_ts")],
  ])("refuses %s", (_, break_) => {
    const body = stream();
    break_(body);
    expect(() => rules.stream(body)).toThrow(rules.Refused);
  });
});

it("a change of a stream is one of who may send to it", () => {
  rules.streamChange({
    http: { enabled: false, authentication: true },
    worker_binding: { enabled: false },
  });
  for (const change of [{ name: "x" }, { schema: {} }, { http: { enabled: false } }])
    expect(() => rules.streamChange(change)).toThrow(rules.Refused);
});

describe("sinks", () => {
  it.each<[string, (body: Json) => void]>([
    ["no account", (body) => delete body.config.account_id],
    ["no token", (body) => delete body.config.token],
    ["the type of the command line", (body) => (body.type = "r2-data-catalog")],
    [
      "a partition pattern on a catalog",
      (body) => (body.config.partitioning = { time_pattern: "%Y" }),
    ],
    [
      "files closed sooner than a minute",
      (body) => (body.config.rolling_policy.interval_seconds = 59),
    ],
    ["a compression that the platform lacks", (body) => (body.format.compression = "brotli")],
    ["JSON in a catalog", (body) => (body.format = { type: "json" })],
    ["a bucket name with an underscore", (body) => (body.config.bucket = "my_bucket")],
    ["a table name with a hyphen", (body) => (body.config.table_name = "do-events")],
  ])("refuses %s", (_, break_) => {
    const body = sink();
    break_(body);
    expect(() => rules.sink(body, "account")).toThrow(rules.Refused);
  });
});

describe("transforms", () => {
  it.each([
    "SELECT a AS a FROM t",
    "INSERT INTO s SELECT * FROM t",
    "INSERT INTO s SELECT now() AS a FROM t",
    "INSERT INTO s SELECT a || b AS a FROM t",
    "INSERT INTO s SELECT sum(a) AS a FROM t",
    "INSERT INTO s SELECT a AS a FROM t JOIN u ON true",
    "INSERT INTO s SELECT a AS a FROM t WHERE a > 1 GROUP BY a",
    "INSERT INTO s SELECT lag(a) OVER () AS a FROM t",
    "INSERT INTO s SELECT a AS a FROM t LIMIT 1",
  ])("refuses %s", (text) => {
    expect(() => rules.transform(text)).toThrow(rules.Refused);
  });
});

describe("maintenance and lifecycle", () => {
  it("refuses what the platform does not take", () => {
    expect(() =>
      rules.maintenance({ compaction: { state: "enabled", target_size_mb: 128 } }),
    ).toThrow(rules.Refused);
    // This is what wrangler 4.153 sends.
    expect(() =>
      rules.maintenance({ compaction: { state: "enabled", targetSizeMb: 128 } }),
    ).toThrow(rules.Refused);
    const forever = { state: "enabled", max_snapshot_age: "30", min_snapshots_to_keep: 5 };
    expect(() => rules.maintenance({ snapshot_expiration: forever })).toThrow(rules.Refused);
    expect(() => rules.lifecycle({ rules: [{ id: "x", enabled: true }] })).toThrow(rules.Refused);
  });
});
