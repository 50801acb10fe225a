// The package as it is packed: what it holds and exports, how it reads, and what a bundler keeps.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { TSDocParser } from "@microsoft/tsdoc";
import { build } from "esbuild";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import * as unified from "unified-event";

import { TESTS, text } from "./files.js";

const PACKED = join(TESTS, "node_modules", "unified-event");
const SOURCE = "generated/typescript";
const MODULES = ["index", "unified-event", "values"];

const manifest = JSON.parse(text(`${SOURCE}/package.json`));

describe("the manifest", () => {
  it("declares an ES module without side effects and dependencies", () => {
    expect(manifest).toMatchObject({ name: "unified-event", type: "module", sideEffects: false });
    expect(Object.keys(manifest)).not.toContain("dependencies");
    expect(Object.keys(manifest)).not.toContain("peerDependencies");
  });

  it("builds with the compiler of these tests", () => {
    const own = JSON.parse(text("tests/typescript/package.json"));
    expect(manifest.devDependencies.typescript).toBe(own.devDependencies.typescript);
  });
});

it("the lock file of the tests holds no download addresses", () => {
  expect(text("tests/typescript/package-lock.json")).not.toContain('"resolved"');
});

describe("the package", () => {
  it("holds each module with declarations, source maps and sources", () => {
    const built = MODULES.flatMap((m) => [`${m}.d.ts`, `${m}.d.ts.map`, `${m}.js`, `${m}.js.map`]);
    expect(readdirSync(join(PACKED, "dist")).sort()).toEqual(built.sort());
    expect(readdirSync(join(PACKED, "src")).sort()).toEqual(MODULES.map((m) => `${m}.ts`).sort());
    expect(readdirSync(PACKED).sort()).toEqual(["README.md", "dist", "package.json", "src"]);
  });

  it("has source maps that lead to the sources", () => {
    for (const module of MODULES) {
      const map = JSON.parse(readFileSync(join(PACKED, "dist", `${module}.js.map`), "utf8"));
      expect(map.sources).toEqual([`../src/${module}.ts`]);
    }
  });

  it("exports the values of the hand-written module from its drop-in", async () => {
    const dropIn = await import(join(PACKED, "dist", "unified-event.js"));
    expect(Object.keys(dropIn).sort()).toEqual([
      "UNIFIED_COLUMNS",
      "createUnifiedEvent",
      "isCdcEvent",
      "isLogEvent",
      "isMetricEvent",
      "isPageEvent",
      "isReplayEvent",
      "isSnippetEvent",
      "isTailEvent",
      "isTraceEvent",
      "isTrackEvent",
      "isVitalEvent",
    ]);
    expect(unified).toMatchObject(dropIn);
  });

  it("adds the closed sets of values", () => {
    expect(unified.VISIBILITIES).toEqual(["public", "unlisted", "org", "user"]);
    expect(unified.VITAL_RATINGS).toEqual(["good", "needs-improvement", "poor"]);
    expect(unified.ACTION_DURABILITIES).toEqual(["send", "try", "do"]);
  });

  it("costs a bundle no more than what it uses", async () => {
    const size = async (code: string) => {
      const stdin = { contents: code, resolveDir: TESTS };
      const options = { bundle: true, minify: true, format: "esm", write: false } as const;
      const bundle = await build({ stdin, ...options, logLevel: "silent" });
      return bundle.outputFiles[0]?.contents.length;
    };
    expect(await size('import "unified-event";')).toBeLessThan(10);
    expect(await size('export { isTraceEvent } from "unified-event";')).toBeLessThan(200);
    expect(await size('export { createUnifiedEvent } from "unified-event";')).toBeLessThan(5_000);
  });
});

describe("the generated text", () => {
  const sources = MODULES.map((m) => `${SOURCE}/src/${m}.ts`);
  const files = [
    ...sources,
    ...["package.json", "tsconfig.json", "README.md"].map((f) => `${SOURCE}/${f}`),
  ];

  it.each(files)("%s is formatted as Prettier would", async (file) => {
    const parser = file.endsWith("package.json")
      ? { parser: "json-stringify" }
      : { filepath: file };
    expect(await prettier.check(text(file), { printWidth: 100, ...parser })).toBe(true);
  });

  it.each(sources)("%s has comments that TSDoc understands", (file) => {
    const parser = new TSDocParser();
    const comments = text(file).match(/\/\*\*.*?\*\//gs) ?? [];
    const messages = comments.flatMap((comment) =>
      parser
        .parseString(comment)
        .log.messages.map((message) => `${message.unformattedText}\n${comment}`),
    );
    expect(messages).toEqual([]);
  });

  it("documents every member of every group", () => {
    const lines = text(`${SOURCE}/src/unified-event.ts`).split("\n");
    const members = lines.flatMap((line, i) => (/^  [a-z]\w*: .* \| null;$/.test(line) ? [i] : []));
    expect(members.length).toBeGreaterThanOrEqual(171);
    for (const i of members) expect(lines[i - 1], lines[i]).toMatch(/\*\/$/);
  });
});
