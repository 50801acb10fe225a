// What the kit says to other tools: the configuration of a Worker, sinks, lifecycle rules, Terraform.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse as parseHcl } from "@cdktf/hcl2json";
import { Ajv } from "ajv";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { describe, expect, it } from "vitest";

import { GENERATED, KIT, TESTS, json, model, text } from "./files.ts";
import * as rules from "./rules.ts";
import { ACCOUNT } from "./stub.ts";

type Json = Record<string, unknown>;

const { pipelines, lake } = model();
const MIB = 1024 * 1024;

describe("the configuration of a Worker", () => {
  const jsonc = parseJsonc(text(join(KIT, "wrangler.jsonc")));
  const toml = parseToml(text(join(KIT, "wrangler.toml")));

  it("is accepted by wrangler's own schema in both forms", () => {
    const schema = json(join(TESTS, "node_modules/wrangler/config-schema.json"));
    // `strict` would refuse the keywords that the schema has for editors.
    const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema);
    for (const config of [jsonc, toml]) {
      accepts(config);
      expect(accepts.errors ?? []).toEqual([]);
    }
    expect(accepts({ ...toml, pipelines: [{ binding: "X", stream: "y", streem: "z" }] })).toBe(
      false,
    );
  });

  it("says the same in both forms", () => {
    const { $schema: _, ...rest } = jsonc;
    expect(toml).toEqual(rest);
    expect(rest.pipelines).toEqual(
      pipelines.map((p) => ({ binding: p.binding, stream: `<id of ${p.stream.name}>` })),
    );
    expect(rest.r2_buckets).toEqual(
      lake.buckets.map(({ binding, name }) => ({ binding, bucket_name: name })),
    );
  });
});

describe("sinks.json", () => {
  const sinks: Record<"catalog" | "raw", rules.SinkBody[]> = json(join(KIT, "sinks.json"));

  it("has one catalog sink a pipeline, which the platform takes once it has account and token", () => {
    expect(sinks.catalog.map(({ name }) => name)).toEqual(pipelines.map(({ sink }) => sink.name));
    for (const sink of sinks.catalog) {
      rules.sink({ ...sink, config: { ...sink.config, account_id: ACCOUNT, token: "x" } }, ACCOUNT);
      // A gigabyte, the default, makes a reader of one row fetch a whole file.
      expect((sink.format as Json).row_group_bytes).toBe(32 * MIB);
    }
  });

  it("has one raw sink a partition scheme", () => {
    expect(sinks.raw.map(({ config }) => (config.partitioning as Json).time_pattern)).toEqual(
      lake.time_patterns.map(({ pattern }) => pattern),
    );
    for (const sink of sinks.raw) {
      const credentials = { access_key_id: "x", secret_access_key: "y" };
      rules.sink(
        { ...sink, config: { ...sink.config, account_id: ACCOUNT, credentials } },
        ACCOUNT,
      );
      const sql = text(join(KIT, `raw/${sink.name}.sql`));
      expect(rules.transform(sql)).toEqual({ stream: "unified_events_stream", sink: sink.name });
    }
  });

  it("holds no secret", () => {
    expect(text(join(KIT, "sinks.json"))).not.toMatch(/token|credential|secret|account/);
  });
});

it("every transform keeps to what the platform documents", () => {
  for (const { sink, stream } of pipelines) {
    const sql = text(join(GENERATED, `sql/${sink.table}.sql`));
    expect(rules.transform(sql)).toEqual({ stream: stream.name, sink: sink.name });
  }
});

describe("lifecycle rules", () => {
  it.each(lake.tiering)(
    "of $name let raw files turn cold and lose none",
    ({ name, cold_after_days }) => {
      const body = json(join(KIT, `lifecycle/${name}.json`));
      const [cold, ...others] = rules.lifecycle(body);
      expect(cold).toMatchObject({
        conditions: { prefix: `${lake.raw.prefix}/` },
        storageClassTransitions: [
          { condition: { maxAge: cold_after_days * 86_400 }, storageClass: "InfrequentAccess" },
        ],
      });
      for (const rule of [cold!, ...others])
        expect(rule).not.toHaveProperty("deleteObjectsTransition");
    },
  );

  it("are not for the bucket of a catalog", () => {
    expect(pipelines.map(({ sink }) => sink.bucket)).not.toContain(lake.raw.bucket);
  });
});

/** The arguments that the provider documents for each resource: required first, then optional. */
const ATTRIBUTES: Record<string, [string[], string[]]> = {
  cloudflare_r2_bucket: [
    ["account_id", "name"],
    ["location", "storage_class", "jurisdiction"],
  ],
  cloudflare_r2_data_catalog: [["account_id", "bucket_name"], []],
  cloudflare_pipeline_stream: [
    ["account_id", "name"],
    ["format", "schema", "http", "worker_binding"],
  ],
  cloudflare_pipeline_sink: [
    ["account_id", "name", "type"],
    ["config", "format", "schema"],
  ],
  cloudflare_pipeline: [["account_id", "name", "sql"], []],
};
const NESTED: Record<string, [string[], string[]]> = {
  "cloudflare_pipeline_stream.format": [
    ["type"],
    ["timestamp_format", "decimal_encoding", "unstructured"],
  ],
  "cloudflare_pipeline_stream.schema": [[], ["fields", "inferred"]],
  "cloudflare_pipeline_stream.http": [["enabled", "authentication"], ["cors"]],
  "cloudflare_pipeline_stream.worker_binding": [["enabled"], []],
  "cloudflare_pipeline_sink.config": [
    ["account_id", "bucket"],
    [
      "namespace",
      "table_name",
      "token",
      "credentials",
      "path",
      "partitioning",
      "file_naming",
      "rolling_policy",
      "jurisdiction",
    ],
  ],
  "cloudflare_pipeline_sink.config.rolling_policy": [
    [],
    ["file_size_bytes", "inactivity_seconds", "interval_seconds"],
  ],
  "cloudflare_pipeline_sink.format": [["type"], ["compression", "row_group_bytes"]],
};
/** What the provider takes as the type of a stream's field: neither lists nor structs. */
const FIELD_TYPES = [
  "int32",
  "int64",
  "float32",
  "float64",
  "bool",
  "string",
  "binary",
  "timestamp",
  "json",
];
const META = ["lifecycle", "depends_on"];

function checkKeys(value: Json, [required, optional]: [string[], string[]], where: string): void {
  const keys = Object.keys(value).filter((key) => !META.includes(key));
  expect(
    keys.filter((key) => ![...required, ...optional].includes(key)),
    where,
  ).toEqual([]);
  expect(
    required.filter((key) => !keys.includes(key)),
    where,
  ).toEqual([]);
}

describe("terraform", async () => {
  const folder = join(KIT, "terraform");
  const files = readdirSync(folder).sort();
  // No provider can be had where these tests run, so that `terraform validate` is not among them;
  // this is HashiCorp's own parser, and the table of the provider's arguments.
  const parsed: Json[] = await Promise.all(
    files.map((file) => parseHcl(file, text(join(folder, file)))),
  );
  const resources = parsed.flatMap(({ resource }) =>
    Object.entries((resource ?? {}) as Record<string, Record<string, Json[]>>).flatMap(
      ([type, named]) =>
        Object.entries(named).map(([label, bodies]) => ({ type, label, body: bodies[0]! })),
    ),
  );

  it("has a resource for everything that the script creates", () => {
    const count = (type: string) => resources.filter((r) => r.type === type).length;
    expect(count("cloudflare_r2_bucket")).toBe(lake.buckets.length);
    expect(count("cloudflare_r2_data_catalog")).toBe(1);
    for (const [type, name] of [
      ["cloudflare_pipeline_stream", (p: (typeof pipelines)[number]) => p.stream.name],
      ["cloudflare_pipeline_sink", (p: (typeof pipelines)[number]) => p.sink.name],
      ["cloudflare_pipeline", (p: (typeof pipelines)[number]) => p.name],
    ] as const) {
      const found = resources.filter((r) => r.type === type).map(({ body }) => body.name);
      expect(found.sort()).toEqual(pipelines.map(name).sort());
    }
  });

  it.each(resources)(
    "$type.$label has the arguments that the provider documents",
    ({ type, body }) => {
      checkKeys(body, ATTRIBUTES[type]!, type);
      const nested = (value: Json, where: string) => {
        for (const [key, part] of Object.entries(value)) {
          const known = NESTED[`${where}.${key}`];
          if (!known) continue;
          checkKeys(part as Json, known, `${where}.${key}`);
          nested(part as Json, `${where}.${key}`);
        }
      };
      nested(body, type);
      // The platform cannot change any of them, and Terraform would destroy what it replaces.
      expect(body.lifecycle).toEqual([{ prevent_destroy: true }]);
    },
  );

  it("says of sinks what sinks.json says", () => {
    for (const sink of json(join(KIT, "sinks.json")).catalog) {
      const { body } = resources.find(
        (r) => r.type === "cloudflare_pipeline_sink" && r.body.name === sink.name,
      )!;
      const { account_id, bucket, token, ...config } = body.config as Json;
      const { bucket: _, ...wanted } = sink.config;
      expect({ type: body.type, config, format: body.format }).toEqual({
        type: sink.type,
        config: wanted,
        format: sink.format,
      });
      expect([account_id, token]).toEqual(["${var.account_id}", "${var.catalog_token}"]);
      expect(bucket).toMatch(/^\$\{cloudflare_r2_data_catalog\.\w+\.bucket_name\}$/);
    }
  });

  it("reads streams whose fields the provider can express, and transforms that exist", () => {
    const all = files.map((file) => text(join(folder, file))).join("");
    const read = [...all.matchAll(/file\("\$\{path\.module\}\/([^"]+)"\)/g)].map(([, path]) =>
      join(folder, path!),
    );
    expect(read).toHaveLength(2 * pipelines.length);
    for (const path of read) {
      if (path.endsWith(".sql")) expect(text(path)).toContain("INSERT INTO");
      else for (const { type } of json(path).fields) expect(FIELD_TYPES).toContain(type);
    }
  });

  it("keeps the token out of what it prints", () => {
    expect(parsed.find(({ variable }) => variable)!.variable).toMatchObject({
      catalog_token: [{ sensitive: true }],
    });
  });
});
