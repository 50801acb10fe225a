// Where things are, and reading them.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const TESTS = join(import.meta.dirname, "..");
export const REPOSITORY = join(TESTS, "../..");
export const GENERATED = join(REPOSITORY, "generated");
export const KIT = join(GENERATED, "cloudflare");
const WORK = join(TESTS, ".work");

export const text = (path: string): string => readFileSync(path, "utf8");
export const json = (path: string) => JSON.parse(text(path));

/** The resolved model, as far as these tests read it. */
export type Model = {
  pipelines: {
    name: string;
    table: string;
    binding: string;
    stream: { name: string; fields: { name: string; type: string; required: boolean }[] };
    sink: { name: string; bucket: string; namespace: string; table: string };
  }[];
  lake: {
    buckets: { binding: string; name: string }[];
    time_patterns: { scheme: string; pattern: string }[];
    tiering: { name: string; cold_after_days: number }[];
    compaction: { target_file_mb: number };
    snapshots: { max_age_days: number; min_kept: number };
    raw: { bucket: string; prefix: string };
  };
};

export const model = (): Model => json(join(GENERATED, "model.json"));

/** Returns an empty folder that version control ignores. */
export function folder(name: string): string {
  const path = join(WORK, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

export type Outcome = { code: number; output: string };

/** Runs a program to its end; a failure is an outcome like any other. */
export function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  return new Promise((done) => {
    const settings = { ...options, maxBuffer: 64 << 20, encoding: "utf8" as const };
    execFile(command, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      done({ code, output: stdout + stderr });
    });
  });
}

/** Returns the folder of what the generator makes of the definition after an edit. */
export async function generate(
  name: string,
  edit: (read: (file: string) => string, write: (file: string, text: string) => void) => void,
): Promise<string> {
  const root = folder(name);
  const schema = join(root, "schema");
  for (const part of ["groups", "tables", "pipelines", "queries"]) {
    cpSync(join(REPOSITORY, "schema", part), join(schema, part), { recursive: true });
  }
  for (const file of ["schema.toml", "event_types.toml", "lake.toml"]) {
    cpSync(join(REPOSITORY, "schema", file), join(schema, file));
  }
  edit(
    (file) => text(join(schema, file)),
    (file, contents) => writeFileSync(join(schema, file), contents),
  );
  const out = join(root, "generated");
  const args = ["run", "-q", "codegen", "--schema", schema, "--out", out];
  const { code, output } = await run("cargo", args, { cwd: REPOSITORY });
  if (code !== 0) throw new Error(output);
  return out;
}
