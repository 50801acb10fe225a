// A deprecated column in TypeScript: the package still compiles, and JSON Schemas made of it say so.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { TESTS, generate, run } from "./files.ts";

it("is said by the JSON Schemas that are made of the zod module", async () => {
  const generated = await generate("deprecated", (read, write) => {
    const file = "groups/web_marketing.toml";
    const deprecated = 'deprecated = { since = 1, reason = "nobody reads it." }';
    write(file, read(file).replace(/(\[column\.page_title\]\nid = \d+\n)/, `$1${deprecated}\n`));
  });
  // The folder is below the modules of these tests, of which the package needs zod.
  const built = join(generated, "typescript");
  const tsc = join(TESTS, "node_modules/typescript/bin/tsc");
  expect(await run("node", [tsc, "-p", built])).toEqual({ code: 0, output: "" });
  const program = join(built, "program.mjs");
  writeFileSync(
    program,
    `import * as z from "zod";
     import { WebMarketingSchema } from "./dist/unified-event-schema.js";
     const { properties } = z.toJSONSchema(WebMarketingSchema);
     console.log(Object.keys(properties).filter((name) => properties[name].deprecated).join());`,
  );
  expect(await run("node", [program])).toEqual({ code: 0, output: "page_title\n" });
});
