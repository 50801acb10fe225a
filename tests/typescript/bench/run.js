// Measures the package and prints Markdown: `npm run bench`, after `run.sh` has built the package.

import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { safeToPipelineRecord } from "unified-event/pipeline";
import { validate } from "unified-event/validate";

import { ajvStandalone } from "./ajv.js";
import { compileTimes } from "./compile.js";
import { mixedEvents } from "./events.js";
import { zodSchema } from "./zod.js";

const N_EVENTS = 10_000;
const N_ROUNDS = 15;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const spread = (values, digits) =>
  `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Returns the microseconds an event that each contender takes, round by round in turn. */
function race(contenders, events) {
  const times = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = -3; round < N_ROUNDS; round++) {
    for (const { name, accepts } of contenders) {
      const start = performance.now();
      for (const event of events) accepts(event);
      const us = ((performance.now() - start) / events.length) * 1_000;
      if (round >= 0) times.get(name).push(us);
    }
  }
  return times;
}

function validation(label, faulty) {
  const events = mixedEvents(N_EVENTS, faulty);
  const ajv = ajvStandalone();
  const zod = zodSchema();
  const contenders = [
    { name: "`validate`", accepts: (event) => validate(event).length === 0 },
    { name: "Ajv standalone code", accepts: (event) => ajv(event) },
    { name: "zod 4", accepts: (event) => zod.safeParse(event).success },
  ];
  // What does not give the same verdicts does not make the same checks.
  const verdicts = contenders.map(({ accepts }) => events.map(accepts).join());
  if (new Set(verdicts).size > 1) throw new Error("the validators disagree");
  const times = race(contenders, events);
  const own = median(times.get("`validate`"));
  const rows = [...times].map(([name, us]) => [
    name,
    `${median(us).toFixed(2)} µs`,
    `${spread(us, 2)} µs`,
    `${(median(us) / own).toFixed(1)}`,
  ]);
  return `${label}\n\n${table(["validator", "median an event", "spread", "ratio"], rows)}`;
}

function conversion() {
  const events = mixedEvents(N_EVENTS, 0);
  const convert = (event) => safeToPipelineRecord(event).success;
  const us = race([{ name: "", accepts: convert }], events).get("");
  return table(
    ["function", "median an event", "spread"],
    [["`safeToPipelineRecord`", `${median(us).toFixed(2)} µs`, `${spread(us, 2)} µs`]],
  );
}

function sizes() {
  const rows = [
    ["the validator of one event type", 'export { validateTrace } from "unified-event/validate"'],
    ["the validator of all event types", 'export { validate } from "unified-event/validate"'],
    ["all validators, text and warnings", 'export * from "unified-event/validate"'],
    ["the sender of unified events", 'export { createSender } from "unified-event/pipeline"'],
  ].map(([name, contents]) => {
    const stdin = { contents, resolveDir: import.meta.dirname };
    const options = { bundle: true, minify: true, format: "esm", write: false };
    const code = buildSync({ stdin, ...options }).outputFiles[0].contents;
    return [name, `${code.length} B`, `${gzipSync(code, { level: 9 }).length} B`];
  });
  return table(["bundle", "minified", "gzip"], rows);
}

function compilation() {
  const version = (name) =>
    JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url)))
      .version;
  const times = compileTimes(["typescript", "typescript-oldest"], 7);
  const rows = times.map(({ compiler, name, ms }) => {
    const empty = times.find((other) => other.compiler === compiler);
    return [
      version(compiler),
      name,
      `${median(ms).toFixed(0)} ms`,
      `${spread(ms, 0)} ms`,
      (median(ms) / median(empty.ms)).toFixed(2),
    ];
  });
  return table(["tsc", "the project imports", "median", "spread", "ratio"], rows);
}

const { length, 0: cpu } = cpus();
// What else runs on the machine shows in the times, and hardly in the ratios.
const load = loadavg()[0].toFixed(1);
console.log(`## TypeScript

\`tests/typescript/run.sh && npm run --prefix tests/typescript bench\`: Node ${process.versions.node} on ${length} cores (${cpu.model.trim()}), load average ${load} at the start.
The contenders take turns, ${N_ROUNDS} rounds after three that do not count, all in one process.

### Wire validation

${validation(`${N_EVENTS} mixed valid events:`, 0)}

${validation(`The same with a fault in every tenth, all faults reported:`, 10)}

All three check presence, types, ranges, formats, closed sets, unknown keys and the requirements of the event types, with the same functions for timestamps and base64, and give the same verdicts.
\`validate\` also looks for halves of surrogate pairs.

### From memory to record

${conversion()}

### Size

${sizes()}

### Compile time

${compilation()}`);
