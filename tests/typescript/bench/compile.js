// How long compilers take for a project that imports the package, and for one that does not.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TESTS = fileURLToPath(new URL("..", import.meta.url));

const PROJECTS = {
  "an empty type": "import type { Empty } from './empty.js';\nexport type Use = Empty;\n",
  "`unified-event`": `
    import { type UnifiedEvent, createUnifiedEvent, isTraceEvent } from "unified-event";
    const event: UnifiedEvent = createUnifiedEvent({ id: "1", event_type: "log", event_name: "a.b", ns: "n" });
    export const span: string | null = isTraceEvent(event) ? event.span_id : null;
  `,
  "`unified-event/pipeline`": `
    import { createSender } from "unified-event/pipeline";
    import type { PipelineBindings } from "unified-event/cloudflare";
    declare const env: PipelineBindings;
    export const sender = createSender(env.UNIFIED_EVENTS_PIPELINE, { onReject() {} });
  `,
};

const CONFIG = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, target: "es2022", lib: ["es2022"], types: [] },
    ...{ module: "esnext", moduleResolution: "bundler" },
  },
};

/** Returns the times of each project, by compiler and name, in rounds that mix them. */
export function compileTimes(compilers, n_rounds) {
  const folders = Object.entries(PROJECTS).map(([name, code], i) => {
    const folder = `${TESTS}node_modules/.bench/tsc-${i}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(CONFIG));
    writeFileSync(`${folder}/empty.ts`, "export type Empty = {};\n");
    writeFileSync(`${folder}/index.ts`, code);
    return { name, folder };
  });
  const times = compilers.flatMap((compiler) =>
    folders.map(({ name, folder }) => ({ compiler, name, folder, ms: [] })),
  );
  // The first round warms the file cache and does not count.
  for (let round = 0; round <= n_rounds; round++) {
    for (const { compiler, folder, ms } of times) {
      const tsc = `${TESTS}node_modules/${compiler}/bin/tsc`;
      const start = performance.now();
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stdout);
      if (round > 0) ms.push(performance.now() - start);
    }
  }
  return times;
}
