// The platform's part of a move to a new table version: the kit as emitted, on an account that has
// the old version, and the module that feeds both.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { Deployment } from "./deployment.ts";
import { GENERATED, TESTS, folder, json, model, run, text } from "./files.ts";
import { type Move, move } from "./move.ts";
import * as rules from "./rules.ts";
import { ACCOUNT, type Platform } from "./stub.ts";

const { pipelines } = model();
let moved: Move;
let before: Platform;
let account: Deployment;

beforeAll(async () => {
  moved = await move("migration");
  const deployment = await Deployment.start("migration-base");
  await deployment.succeed();
  await deployment.platform.stop();
  before = deployment.platform;
});

beforeEach(async (context) => {
  account = await Deployment.start(context.task.id, before);
});

afterEach(() => account.platform.stop());

const NEW = ["streams unified_events_stream_v2", "sinks unified_events_v2"];
const CREATED = [...NEW, "pipelines unified_events_v2"].map((what) => `POST /pipelines/v1/${what}`);

describe("the kit", () => {
  it("creates stream, sink and pipeline of the new version in this order, and nothing else", async () => {
    const config = folder("migration-config");
    expect(await account.succeed(["--config", config], moved.kit)).toContain("3 created");
    expect(account.platform.changes()).toEqual(CREATED);
    for (const kind of ["streams", "sinks", "pipelines"] as const)
      expect(account.platform[kind]).toHaveLength(pipelines.length + 1);
    // Both versions are fed from one Worker: its configuration has the ids of both streams.
    for (const file of ["wrangler.jsonc", "wrangler.toml"]) {
      const written = text(join(config, file));
      expect(written).not.toContain("<id of");
      const parsed = file.endsWith("toml") ? parseToml(written) : parseJsonc(written);
      const id = (stream: string) =>
        account.platform.streams.find(({ name }) => name === stream)!.id;
      expect(parsed.pipelines).toEqual([
        { binding: "UNIFIED_EVENTS_PIPELINE", stream: id("unified_events_stream") },
        { binding: "UNIFIED_EVENTS_PIPELINE_V2", stream: id("unified_events_stream_v2") },
      ]);
    }
    expect(await account.succeed([], moved.kit)).toContain("0 created");
    expect(account.platform.changes()).toEqual(CREATED);
  });

  it("fills the last places of an account, and is refused where one is missing", async () => {
    const fill = (n: number) => {
      const foreign = Array.from({ length: n }, (_, i) => ({ id: `f${i}`, name: `foreign_${i}` }));
      account.platform.streams = [...before.streams, ...foreign];
    };
    fill(20 - pipelines.length);
    expect(await account.fail([], moved.kit)).toContain(
      "the account has 20 of 20 streams, the plan adds 1: unified_events_stream_v2",
    );
    expect(account.platform.changes()).toEqual([]);
    fill(19 - pipelines.length);
    await account.succeed([], moved.kit);
    expect(account.platform.streams).toHaveLength(20);
    expect(text(join(moved.folder, "PLAN.md"))).toContain(
      `takes ${pipelines.length + 1} of the 20 streams`,
    );
  });

  it("has what the platform and its tools take", () => {
    const schema = json(join(TESTS, "node_modules/wrangler/config-schema.json"));
    const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema);
    for (const config of [
      parseJsonc(text(join(moved.kit, "wrangler.jsonc"))),
      parseToml(text(join(moved.kit, "wrangler.toml"))),
    ]) {
      accepts(config);
      expect(accepts.errors ?? []).toEqual([]);
    }
    const streams = readdirSync(join(moved.kit, "streams"));
    expect(streams).toEqual(["unified_events_stream_v2.schema.json"]);
    rules.stream({
      name: "unified_events_stream_v2",
      format: { type: "json" },
      http: { enabled: true, authentication: true },
      worker_binding: { enabled: true },
      schema: json(join(moved.kit, "streams", streams[0]!)),
    });
    const { catalog } = json(join(moved.kit, "sinks.json"));
    expect(catalog.map(({ name }: { name: string }) => name)).toEqual(["unified_events_v2"]);
    for (const sink of catalog)
      rules.sink({ ...sink, config: { ...sink.config, account_id: ACCOUNT, token: "x" } }, ACCOUNT);
    const sql = text(join(moved.folder, "platform/sql/unified_events_v2.sql"));
    expect(rules.transform(sql)).toEqual({
      stream: "unified_events_stream_v2",
      sink: "unified_events_v2",
    });
  });

  it("has a script that shellcheck takes", async () => {
    const shellcheck = join(TESTS, ".work/tools/bin/shellcheck");
    const found = await run(shellcheck, [join(moved.kit, "deploy.sh")]);
    expect(found).toEqual({ code: 0, output: "" });
  });
});

describe("the module that feeds both versions", () => {
  /** Compiles a use of the module beside the packages of both versions; returns what is wrong. */
  async function compile(name: string, use: string): Promise<string> {
    const project = folder(`dual/${name}`);
    mkdirSync(project, { recursive: true });
    const imports = [
      `import type { Pipeline, PipelineRecord } from "cloudflare:pipelines";`,
      `import * as dual from "${join(moved.folder, "producer/dual-emission.js")}";`,
      `import type { UnifiedEventRecord as Old } from "${join(GENERATED, "typescript/src/records.js")}";`,
      `import type { UnifiedEventRecord as New } from "${join(moved.generated, "typescript/src/records.js")}";`,
    ];
    writeFileSync(join(project, "use.ts"), [...imports, use, "export {};", ""].join("\n"));
    const compilerOptions = {
      target: "es2022",
      lib: ["es2022"],
      module: "esnext",
      moduleResolution: "bundler",
      types: ["@cloudflare/workers-types"],
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
    };
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["use.ts"] }),
    );
    const tsc = join(TESTS, "node_modules/typescript/bin/tsc");
    return (await run("node", [tsc, "-p", project])).output;
  }

  it("takes the records of both packages and the platform's bindings", async () => {
    const use = `
      declare const made: New;
      declare const old: Old;
      const record: dual.NewRecord = made;
      export const same: dual.OldRecord = old;
      declare const env: { UNIFIED_EVENTS_PIPELINE: Pipeline<Old>; UNIFIED_EVENTS_PIPELINE_V2: Pipeline<New> };
      declare const bare: { UNIFIED_EVENTS_PIPELINE: Pipeline<PipelineRecord>; UNIFIED_EVENTS_PIPELINE_V2: Pipeline<PipelineRecord> };
      export const untyped: dual.DualBindings = bare;
      export const status: string | null | undefined = dual.toOld(record, {}).rpc_status;
      export const sending: Promise<void> = dual.sendToBoth(untyped, [{ record, oldOnly: {} }]);
      export type Env = typeof env;`;
    expect(await compile("right", use)).toBe("");
  });

  it("takes no record of the old version for one of the new", async () => {
    const use = `
      declare const old: Old;
      export const record: dual.NewRecord = { ...old };
      export const none: dual.OldOnly = { http_status: 1 };`;
    const faults = await compile("wrong", use);
    expect(faults).toMatch(/use\.ts\(7,.*not assignable to type 'NewRecord'/);
    expect(faults).toMatch(/use\.ts\(8,/);
  });
});
