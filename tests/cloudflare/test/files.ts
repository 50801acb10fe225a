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

type EditFiles = (
  read: (file: string) => string,
  write: (file: string, text: string) => void,
) => void;

/** Returns the folder of what the generator makes of the definition after an edit. */
export async function generate(name: string, edit: EditFiles): Promise<string> {
  const root = folder(name);
  copyDefinition(join(root, "schema"), edit);
  return codegen(root);
}

/** Returns the folder of what the generator makes after an edit that was released as a new version. */
export async function release(name: string, edit: EditFiles): Promise<string> {
  const root = folder(name);
  const schema = join(root, "schema");
  cpSync(join(REPOSITORY, "schema/released"), join(schema, "released"), { recursive: true });
  cpSync(join(REPOSITORY, "schema/schema.lock"), join(schema, "schema.lock"));
  copyDefinition(schema, edit);
  const args = ["run", "-q", "--bin", "unified-event", "release", "--schema", schema];
  await succeed(args);
  return codegen(root);
}

function copyDefinition(schema: string, edit: EditFiles): void {
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
}

async function codegen(root: string): Promise<string> {
  const out = join(root, "generated");
  await succeed(["run", "-q", "codegen", "--schema", join(root, "schema"), "--out", out]);
  return out;
}

async function succeed(args: string[]): Promise<void> {
  const { code, output } = await run("cargo", args, { cwd: REPOSITORY });
  if (code !== 0) throw new Error(output);
}
