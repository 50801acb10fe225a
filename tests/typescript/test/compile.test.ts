// The compiler's view: the sources, and projects that import the built package by its name.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { TESTS, path, text } from "./files.js";

/** The compiler that builds the package, and the oldest that its users may have. */
const COMPILERS = ["typescript", "typescript-oldest"];
const SCRATCH = join(TESTS, "node_modules", ".scratch");

/** Returns what a compiler says, which is nothing if all is well. */
function compile(compiler: string, ...options: string[]): string {
  try {
    const tsc = join(TESTS, "node_modules", compiler, "bin", "tsc");
    return execFileSync(process.execPath, [tsc, ...options], { cwd: TESTS, encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function modules(module: string, resolution: string): string[] {
  return ["--module", module, "--moduleResolution", resolution];
}

afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }));

describe("the sources", () => {
  it("compile under the strictest options", () => {
    const strict = [
      "--strict",
      "--exactOptionalPropertyTypes",
      "--noUncheckedIndexedAccess",
      "--noPropertyAccessFromIndexSignature",
      "--noUnusedLocals",
      "--noUnusedParameters",
    ];
    expect(compile("typescript", "-p", path("generated/typescript"), "--noEmit", ...strict)).toBe(
      "",
    );
  });
});

describe.each(COMPILERS)("a project with %s that imports the package", (compiler) => {
  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("sees the types by module %s, resolution %s", (module, resolution) => {
    expect(compile(compiler, "-p", "types", ...modules(module, resolution))).toBe("");
  });
});

it("a project with the oldest way of resolving modules sees the types", () => {
  expect(compile("typescript-oldest", "-p", "types", ...modules("esnext", "node"))).toBe("");
});

it.each([
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
])("a Worker with zod sees the types by module %s, resolution %s", (module, resolution) => {
  expect(compile("typescript", "-p", "workers", ...modules(module, resolution))).toBe("");
});

it("the type tests notice a wrong type", () => {
  const project = join(SCRATCH, "wrong");
  mkdirSync(project, { recursive: true });
  const config = { extends: join(TESTS, "types", "tsconfig.json"), include: ["."] };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
  writeFileSync(
    join(project, "wrong.ts"),
    'import { expectTypeOf } from "expect-type";\n' +
      'import type { Outcome, UnifiedEvent } from "unified-event";\n' +
      'expectTypeOf<Outcome["status_code"]>().toEqualTypeOf<string | null>();\n' +
      'expectTypeOf<UnifiedEvent["timestamp_ns"]>().toEqualTypeOf<number | null>();\n',
  );
  const faults = compile("typescript", "-p", project, ...modules("esnext", "bundler"));
  expect(faults).toMatch(/wrong\.ts\(3,/);
  expect(faults).toMatch(/wrong\.ts\(4,/);
});

it("the samples of the README compile", () => {
  const samples = [...text("generated/typescript/README.md").matchAll(/```ts\n(.*?)```/gs)];
  expect(samples.length).toBeGreaterThan(0);
  const project = join(SCRATCH, "readme");
  mkdirSync(project, { recursive: true });
  const config = { extends: join(TESTS, "types", "tsconfig.json"), include: ["."] };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
  samples.forEach(([, code], i) => {
    const console = "declare const console: { log(...values: unknown[]): void };\n";
    writeFileSync(join(project, `sample${i}.ts`), console + code);
  });
  expect(compile("typescript", "-p", project, ...modules("esnext", "bundler"))).toBe("");
});
