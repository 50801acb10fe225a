// The guard's witnesses for the npm package: TypeScript that compiles against one version and not
// against the other, and events that the validators of one take and those of the other refuse.

import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TESTS, path } from "./files.js";

type Witness = {
  case: string;
  rule: string;
  table: string | null;
  kind: string;
  works_on: "old" | "new";
  text: string;
};

const SIDES = ["old", "new"] as const;
/** The wide tables, whose validators have no suffix. */
const WIDE = ["tiny_events", "unified_events"];

const scratch = mkdtempSync(join(tmpdir(), "witnesses-"));
let witnesses: Witness[] = [];

beforeAll(() => {
  const run = ["run", "--quiet", "--locked", "-p", "unified-event-tests", "--bin", "witnesses"];
  execFileSync("cargo", [...run, "--", scratch], { cwd: path("."), stdio: "inherit" });
  witnesses = JSON.parse(readFileSync(join(scratch, "witnesses.json"), "utf8"));
  for (const folder of folders(witnesses)) {
    const manifest = join(scratch, folder, "node_modules/unified-event/package.json");
    const built = JSON.parse(readFileSync(manifest, "utf8"));
    // The sources stand for what is built of them.
    const exports = JSON.stringify(built.exports).replaceAll(
      /dist\/([\w-]+)(\.d\.ts|\.js)/g,
      "src/$1.ts",
    );
    // The compiler takes packages of one name and version for the same, wherever they are.
    const version = `0.0.0-${folder.replace("/", "-")}`;
    writeFileSync(manifest, JSON.stringify({ ...built, version, exports: JSON.parse(exports) }));
  }
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function ofKind(...kinds: string[]): Witness[] {
  return witnesses.filter((witness) => kinds.includes(witness.kind));
}

function folders(of: Witness[]): string[] {
  return [
    ...new Set(of.filter(isOfPackage).flatMap((w) => SIDES.map((side) => `${w.case}/${side}`))),
  ];
}

function isOfPackage({ kind }: Witness): boolean {
  return kind === "type_script" || kind.endsWith("_event");
}

function label(witness: Witness): string {
  return `${witness.rule} of ${witness.case}: ${witness.text}`;
}

function other(side: "old" | "new"): "old" | "new" {
  return side === "old" ? "new" : "old";
}

/** Returns which of the modules the compiler refuses, by their place in the list. */
function refused(modules: Witness[], side: (witness: Witness) => string): Set<number> {
  const names = modules.map((witness, i) => `${witness.case}/${side(witness)}/w${i}.ts`);
  names.forEach((name, i) => writeFileSync(join(scratch, name), `${modules[i]?.text}\n`));
  const compilerOptions = {
    ...{ target: "es2022", lib: ["es2022"], module: "nodenext", types: [], noEmit: true },
    ...{ strict: true, exactOptionalPropertyTypes: true },
  };
  const project = join(scratch, "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions, files: names }));
  const lines = compile(project).split("\n");
  const errors = lines.filter((line) => line.includes("error TS"));
  const places = errors.map((line) => names.findIndex((name) => line.startsWith(`${name}(`)));
  expect(errors.filter((_, i) => places[i] === -1)).toEqual([]);
  return new Set(places);
}

/** Returns what the compiler says, which is nothing if all is well. */
function compile(project: string): string {
  const tsc = join(TESTS, "node_modules/typescript/bin/tsc");
  try {
    return execFileSync(process.execPath, [tsc, "--pretty", "false", "-p", project], {
      cwd: scratch,
      encoding: "utf8",
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

describe("TypeScript", () => {
  it("compiles against the version on which it works, and not against the other", () => {
    const modules = ofKind("type_script");
    expect(modules.length).toBeGreaterThan(60);
    const broken = refused(modules, (witness) => witness.works_on);
    expect(modules.filter((_, i) => broken.has(i)).map(label)).toEqual([]);
    const breaks = refused(modules, (witness) => other(witness.works_on));
    expect(modules.filter((_, i) => !breaks.has(i)).map(label)).toEqual([]);
  });
});

type Validators = Record<string, (event: unknown, validator?: unknown) => readonly unknown[]>;

describe("an event", () => {
  it("is taken by the validators of one version, and refused by those of the other", async () => {
    const events = ofKind("refused_event", "unreadable_event");
    expect(events.length).toBeGreaterThan(80);
    const loaded = new Map<string, Validators>();
    for (const folder of folders(events)) loaded.set(folder, await validators(folder));
    for (const event of events) {
      const takes = (side: string) => {
        const { validateText, ...all } = loaded.get(`${event.case}/${side}`) ?? {};
        const validator = all[validatorName(event.table ?? "")];
        // Without the table, there is nobody who could take the event.
        return validator !== undefined && validateText?.(event.text, validator).length === 0;
      };
      expect(takes(event.works_on), `${label(event)} is refused`).toBe(true);
      expect(takes(other(event.works_on)), `${label(event)} is taken`).toBe(false);
    }
  });
});

function validatorName(table: string): string {
  if (WIDE.includes(table)) return "validate";
  return `validate_${table}`.replaceAll(/_(.)/g, (_, first: string) => first.toUpperCase());
}

/** Returns what the package of a folder exports for validation. */
async function validators(folder: string): Promise<Validators> {
  const outfile = join(scratch, folder, "validate.mjs");
  const entry = join(scratch, folder, "node_modules/unified-event/src/validate.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "silent" });
  return import(/* @vite-ignore */ pathToFileURL(outfile).href);
}
