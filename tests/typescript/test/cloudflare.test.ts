// The Worker configuration against wrangler's own schema, and the schemas of the streams.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { type ParseError, parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";

import { type ModelField, TESTS, list, model, text } from "./files.js";

const FOLDER = "generated/cloudflare";
const schema = JSON.parse(
  readFileSync(join(TESTS, "node_modules/wrangler/config-schema.json"), "utf8"),
);
// `strict` would refuse the keywords that the schema has for editors.
const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema);

type Config = {
  pipelines: { binding: string; stream: string; [key: string]: unknown }[];
  r2_buckets: { binding: string; bucket_name: string }[];
};

/** Returns the generated configuration; each call returns a new one. */
function config(): Config {
  const errors: ParseError[] = [];
  const value = parse(text(`${FOLDER}/wrangler.jsonc`), errors);
  expect(errors).toEqual([]);
  return value;
}

describe("wrangler.jsonc", () => {
  it("is accepted by the schema of wrangler", () => {
    accepts(config());
    expect(accepts.errors ?? []).toEqual([]);
  });

  it("binds all streams and buckets", () => {
    const { pipelines, r2_buckets } = config();
    expect(pipelines.map(({ binding }) => binding).sort()).toEqual([
      "ACTIONS_PIPELINE",
      "EVENTS_PIPELINE",
      "PIPELINE",
      "THINGS_PIPELINE",
      "UNIFIED_EVENTS_PIPELINE",
    ]);
    for (const { stream } of pipelines) expect(stream).toEqual(expect.any(String));
    expect(r2_buckets).toMatchObject([
      { binding: "R2", bucket_name: "dotdo-lake" },
      { binding: "EVENTS_ICEBERG_BUCKET", bucket_name: "events-iceberg" },
    ]);
  });

  it.each<[string, (config: Config) => void]>([
    [
      "an unknown key in a binding",
      (config) => Object.assign(config.pipelines[0]!, { streamm: "x" }),
    ],
    [
      "a binding without a name",
      (config) => Reflect.deleteProperty(config.pipelines[0]!, "binding"),
    ],
    ["a stream that is no text", (config) => Object.assign(config.pipelines[0]!, { stream: 1 })],
    ["an unknown key at the top", (config) => Object.assign(config, { pipeline: [] })],
    [
      "a bucket without a binding",
      (config) => Reflect.deleteProperty(config.r2_buckets[0]!, "binding"),
    ],
  ])("is refused with %s", (_, breakIt) => {
    const broken = config();
    breakIt(broken);
    expect(accepts(broken)).toBe(false);
  });
});

describe("stream schemas", () => {
  const { counts, pipelines } = model();

  it("exist for each stream and for nothing else", () => {
    expect(list(`${FOLDER}/streams`)).toEqual(
      pipelines.map((p) => `${p.stream.name}.schema.json`).sort(),
    );
    expect(pipelines.map(({ stream }) => stream.name).sort()).toEqual([
      "actions_stream",
      "do_state_stream",
      "events_stream",
      "things_stream",
      "unified_events_stream",
    ]);
  });

  it.each(pipelines.map(({ stream }) => stream))(
    "$name is strict JSON in the platform's terms",
    (stream) => {
      // JSON.parse refuses comments and trailing commas, as the platform's own reader does.
      const { fields } = JSON.parse(text(`${FOLDER}/streams/${stream.name}.schema.json`));
      expect(
        fields.map(({ name, type, required }: ModelField) => ({ name, type, required })),
      ).toEqual(stream.fields.map(({ name, type, required }) => ({ name, type, required })));
      const types = ["string", "bool", "int32", "int64", "float64", "timestamp", "json", "binary"];
      for (const { type } of fields) expect(types).toContain(type);
    },
  );

  it("of the wide table has all columns but the four that the pipeline computes", () => {
    const { fields } = JSON.parse(text(`${FOLDER}/streams/unified_events_stream.schema.json`));
    expect(fields).toHaveLength(counts.stored - 4);
    const names = new Set(fields.map(({ name }: ModelField) => name));
    for (const computed of ["is_root", "hour", "day", "schema_version"])
      expect(names).not.toContain(computed);
    expect(fields).toContainEqual(
      expect.objectContaining({ name: "timestamp_ns", type: "string" }),
    );
  });
});
