// The example Worker: built by wrangler, run in workerd, and what it sends held against the schema
// of the stream.

import { cpSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare, type V4WorkerOptions, convertV4MiniflareOptions } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KIT, REPOSITORY, TESTS, folder, json, run, text } from "./files.ts";

type Json = Record<string, unknown>;
type Field = { name: string; type: string; required: boolean };
type Reply = { order?: string; sent: number; rejected: number; deadLettered: number };

const EXAMPLE = join(REPOSITORY, "examples/worker");
const TYPES = [
  "cdc",
  "log",
  "metric",
  "page",
  "replay",
  "snippet",
  "tail",
  "trace",
  "track",
  "vital",
];
const fields: Field[] = json(join(KIT, "streams/unified_events_stream.schema.json")).fields;

let worker: string;
let miniflare: Miniflare;

/** What catches the records: an entrypoint with the one method that the platform's binding has. */
const CAPTURE = `
import { WorkerEntrypoint } from "cloudflare:workers";
const requests = [];
let failures = 0;
export class Stream extends WorkerEntrypoint {
  async send(records) {
    if (failures > 0) { failures--; throw new Error("429: too many requests"); }
    requests.push(records);
  }
}
export default { fetch(request) {
  const fail = new URL(request.url).searchParams.get("fail");
  if (fail) failures = Number(fail);
  return Response.json(requests.splice(0));
} };`;

function shop(pipelines: Partial<V4WorkerOptions>): V4WorkerOptions {
  const modules = readdirSync(join(worker, "dist")).filter((file) => file.endsWith(".js"));
  return {
    name: "shop",
    modulesRoot: join(worker, "dist"),
    modules: modules.map((file) => ({
      type: "ESModule" as const,
      path: join(worker, "dist", file),
    })),
    compatibilityDate: "2026-01-08",
    durableObjects: { SHOP: { className: "Shop", useSQLite: true } },
    ...pipelines,
  } as V4WorkerOptions;
}

const start = (workers: V4WorkerOptions[]) => new Miniflare(convertV4MiniflareOptions({ workers }));

async function post(path: string, body: unknown): Promise<Reply> {
  const request = { method: "POST", body: JSON.stringify(body) };
  const response = await miniflare.dispatchFetch(
    `http://shop.example/shops/meadow/${path}`,
    request,
  );
  const answer = await response.text();
  expect(response.ok, answer).toBe(true);
  return JSON.parse(answer);
}

/** Returns what the stream was sent since the last time, one list a request. */
async function captured(query = ""): Promise<Json[][]> {
  const capture = await miniflare.getWorker("capture");
  return (await capture.fetch(`http://capture.example/${query}`)).json() as Promise<Json[][]>;
}

/** Returns what the platform would drop or strip of a record. */
function losses(record: Json): string[] {
  const accepts: Record<string, (value: unknown) => boolean> = {
    string: (value) => typeof value === "string",
    bool: (value) => typeof value === "boolean",
    int32: (value) => Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31,
    int64: (value) => Number.isSafeInteger(value),
    float64: (value) => Number.isFinite(value),
    timestamp: (value) =>
      typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value),
    json: () => true,
  };
  const known = new Map(fields.map((field) => [field.name, field]));
  const faults = fields
    .filter(({ name, required }) => required && record[name] == null)
    .map(({ name }) => `missing ${name}`);
  for (const [name, value] of Object.entries(record)) {
    const field = known.get(name);
    if (!field) faults.push(`unknown ${name}`);
    else if (value !== null && !accepts[field.type]!(value))
      faults.push(`${name} is no ${field.type}`);
  }
  return faults;
}

beforeAll(async () => {
  worker = folder("worker");
  for (const part of ["src", "package.json", "tsconfig.json", "wrangler.jsonc"]) {
    cpSync(join(EXAMPLE, part), join(worker, part), { recursive: true });
  }
  symlinkSync(join(TESTS, "node_modules"), join(worker, "node_modules"));
});

afterAll(() => miniflare?.dispose());

describe("the example Worker", () => {
  it("compiles, and wrangler builds it", async () => {
    const compiled = await run("node", [
      join(TESTS, "node_modules/typescript/bin/tsc"),
      "-p",
      worker,
    ]);
    expect(compiled.output).toBe("");
    const build = ["deploy", "--dry-run", "--outdir", join(worker, "dist")];
    const environment = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", HOME: worker };
    const { code, output } = await run(join(TESTS, "node_modules/.bin/wrangler"), build, {
      cwd: worker,
      env: environment,
    });
    expect(output).toContain("env.UNIFIED_EVENTS_PIPELINE");
    expect(output).not.toMatch(/warning/i);
    expect(code).toBe(0);
  });

  it("sends events of all ten types that the stream takes whole", async () => {
    const capture = {
      name: "capture",
      modules: true,
      script: CAPTURE,
      compatibilityDate: "2026-01-08",
    };
    const stream = {
      serviceBindings: { UNIFIED_EVENTS_PIPELINE: { name: "capture", entrypoint: "Stream" } },
    };
    miniflare = start([shop(stream), capture]);
    const reply = await post("orders", { user: "ada", sku: 'sock "3"\n', price: 59.9 });
    expect(reply).toMatchObject({ sent: 10, rejected: 0 });
    const [records, ...more] = await captured();
    expect(more).toEqual([]);
    expect(records!.map(({ event_type }) => event_type).sort()).toEqual(TYPES);
    for (const record of records!) expect(losses(record), String(record.event_type)).toEqual([]);
    const change = records!.find(({ event_type }) => event_type === "cdc")!;
    expect(change.db_after).toMatchObject({ user: "ada", sku: 'sock "3"\n' });
    expect(change.timestamp_ns).toMatch(/^\d{19}$/);
    for (const record of records!) expect(record.ingested_at).toMatch(/^\d{4}-.*Z$/);
    // The engine test goes on from here.
    writeFileSync(
      join(worker, "sent.ndjson"),
      records!.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
  });

  it("repeats a request that fails", async () => {
    await captured("?fail=2");
    expect(await post("orders", { user: "bo", sku: "hat", price: 20 })).toMatchObject({
      sent: 10,
      rejected: 0,
    });
    const requests = await captured();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toHaveLength(10);
  });

  it("keeps what the stream would drop or strip, with the reasons", async () => {
    const event = {
      event_type: "log",
      event_name: "log.recorded",
      ns: "https://meadow.example",
      log_level: "error",
    };
    const sent = await post("events", [
      { ...event, id: "fine" },
      { ...event, id: "too-large", log_message: "x".repeat(2_000_000) },
      { ...event, id: "unknown", log_mesage: "typing error" },
      { ...event, id: "half-a-character", log_message: "\ud83d" },
      { ...event, id: "no-name", event_name: null },
      null,
    ]);
    expect(sent).toEqual({ sent: 1, rejected: 5, deadLettered: 0 });
    expect((await captured()).flat().map(({ id }) => id)).toEqual(["fine"]);
    const response = await miniflare.dispatchFetch("http://shop.example/shops/meadow/rejected");
    const rejected = (await response.json()) as { id?: string; faults: string[] }[];
    expect(rejected.map(({ id }) => id)).toEqual([
      "too-large",
      "unknown",
      "half-a-character",
      "no-name",
      undefined,
    ]);
    for (const { faults } of rejected) expect(faults.length).toBeGreaterThan(0);
  });

  it("runs on the binding that Miniflare itself has for a stream", async () => {
    await miniflare.dispose();
    miniflare = start([shop({ pipelines: { UNIFIED_EVENTS_PIPELINE: { stream: "local" } } })]);
    expect(await post("orders", { user: "ada", sku: "hat", price: 20 })).toMatchObject({
      sent: 10,
      rejected: 0,
    });
  });

  it("has the bindings of the kit", () => {
    expect(text(join(EXAMPLE, "wrangler.jsonc"))).toContain('"<id of unified_events_stream>"');
  });
});
