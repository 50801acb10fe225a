// The package as it is packed: what it holds and exports, how it reads, and what a bundler keeps.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { TSDocParser } from "@microsoft/tsdoc";
import { build } from "esbuild";
import * as prettier from "prettier";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, it } from "vitest";
import * as unified from "unified-event";
import { UNIFIED_COLUMNS } from "unified-event";

import { TESTS, list, text } from "./files.js";

const PACKED = join(TESTS, "node_modules", "unified-event");
const SOURCE = "generated/typescript";
const MODULES = list(`${SOURCE}/src`).map((name) => name.replace(".ts", ""));
/** What users import, with its module. */
const ENTRIES = {
  ".": "index",
  "./schema": "unified-event-schema",
  "./validate": "validate",
  "./pipeline": "pipeline",
  "./cloudflare": "cloudflare",
};

const manifest = JSON.parse(text(`${SOURCE}/package.json`));

describe("the manifest", () => {
  it("declares an ES module without side effects and dependencies", () => {
    expect(manifest).toMatchObject({ name: "unified-event", type: "module", sideEffects: false });
    expect(Object.keys(manifest)).not.toContain("dependencies");
    expect(manifest.peerDependencies).toEqual({ zod: "^4.0.0" });
    expect(manifest.peerDependenciesMeta).toEqual({ zod: { optional: true } });
  });

  it("exports each entry with its types first", () => {
    const { "./package.json": self, ...entries } = manifest.exports;
    expect(self).toBe("./package.json");
    expect(Object.keys(entries)).toEqual(Object.keys(ENTRIES));
    for (const [path, module] of Object.entries(ENTRIES)) {
      const files = { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` };
      expect(Object.entries(entries[path])).toEqual(Object.entries(files));
    }
  });

  it("builds with the tools of these tests", () => {
    const own = JSON.parse(text("tests/typescript/package.json")).devDependencies;
    expect(manifest.devDependencies).toEqual({ typescript: own.typescript, zod: own.zod });
  });
});

it("the lock file of the tests holds no download addresses", () => {
  expect(text("tests/typescript/package-lock.json")).not.toContain('"resolved"');
});

describe("the package as it is published", () => {
  it("is in order by publint", async () => {
    const { messages } = await publint({ pkgDir: PACKED, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it("has types that resolve everywhere, by are-the-types-wrong", () => {
    const attw = join(TESTS, "node_modules/@arethetypeswrong/cli/dist/index.js");
    const tarball = join(TESTS, "node_modules/unified-event.tgz");
    // An ES module cannot be required before Node 22, which is no fault of its types.
    const options = ["--format", "json", "--ignore-rules", "cjs-resolves-to-esm"];
    const out = execFileSync(process.execPath, [attw, tarball, ...options], { encoding: "utf8" });
    const { analysis, problems } = JSON.parse(out);
    expect(analysis.types).toEqual({ kind: "included" });
    expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining(Object.keys(ENTRIES)));
    expect(Object.keys(problems ?? {}).filter((kind) => kind !== "CJSResolvesToESM")).toEqual([]);
  });

  it("needs neither zod nor anything else, but for the schemas", () => {
    const project = mkdtempSync(join(tmpdir(), "unified-event-"));
    try {
      cpSync(PACKED, join(project, "node_modules", "unified-event"), { recursive: true });
      for (const path of Object.keys(ENTRIES)) {
        const name = `unified-event${path.slice(1)}`;
        const run = () =>
          execFileSync(process.execPath, ["--input-type=module", "-e", `import "${name}";`], {
            cwd: project,
            stdio: "pipe",
          });
        if (path === "./schema") expect(run).toThrow(/Cannot find package 'zod'/);
        else expect(run, name).not.toThrow();
      }
    } finally {
      rmSync(project, { recursive: true });
    }
  });

  it("makes no code at run time, and uses nothing that one platform alone has", () => {
    for (const module of MODULES) {
      const code = readFileSync(join(PACKED, "dist", `${module}.js`), "utf8");
      expect(code, module).not.toMatch(
        /\beval\b|\bFunction\(|\bprocess\.|\brequire\(|\bBuffer\b|"node:/,
      );
    }
  });
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
      "UNIFIED_COLUMN_TUPLE",
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
    expect((await bundle('import "unified-event";')).length).toBeLessThan(10);
    expect((await bundle('import "unified-event/validate";')).length).toBeLessThan(10);
    expect((await bundle('import "unified-event/pipeline";')).length).toBeLessThan(10);
    expect((await bundle('export { isTraceEvent } from "unified-event";')).length).toBeLessThan(
      200,
    );
    const create = await bundle('export { createUnifiedEvent } from "unified-event";');
    expect(create.length).toBeLessThan(5_000);
  });

  it("keeps validators small, and out of one another", async () => {
    const one = await bundle('export { validateTrace } from "unified-event/validate";');
    expect(gzipSync(one, { level: 9 }).length).toBeLessThan(6_000);
    // Neither what other types require, nor other streams, nor known values.
    expect(Buffer.from(one).toString()).toMatch(/"trace","span_id"/);
    expect(Buffer.from(one).toString()).not.toMatch(/"metric","metric_name"|sourceType|mobile/);
    const all = await bundle('export * from "unified-event/validate";');
    expect(gzipSync(all, { level: 9 }).length).toBeLessThan(25_000);
    const narrow = await bundle('export { validateDoState } from "unified-event/validate";');
    expect(Buffer.from(narrow).toString()).not.toContain("http_url");
  });
});

/** Returns some code with all that it uses, as small as esbuild makes it. */
async function bundle(code: string): Promise<Uint8Array> {
  const stdin = { contents: code, resolveDir: TESTS };
  const options = { bundle: true, minify: true, format: "esm", write: false } as const;
  const { outputFiles } = await build({ stdin, ...options, logLevel: "silent" });
  return outputFiles[0]!.contents;
}

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
    expect(members).toHaveLength(UNIFIED_COLUMNS.filter(({ nullable }) => nullable).length);
    for (const i of members) expect(lines[i - 1], lines[i]).toMatch(/\*\/$/);
  });
});
