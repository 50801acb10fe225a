// The way of an old version off the platform: nothing goes while anything still depends on it.

import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { Deployment } from "./deployment.ts";
import { run } from "./files.ts";
import { move } from "./move.ts";
import { API_TOKEN, type Platform, R2_KEYS } from "./stub.ts";

const MINUTE = 60_000;
const VERSION = "unified_events@1";

let kit: string;
/** Accounts with the old version alone, and with both; the old one writes raw files too. */
let old: Platform;
let both: Platform;
let account: Deployment;
let platform: Platform;

beforeAll(async () => {
  ({ kit } = await move("retire"));
  const deployment = await Deployment.start("retire-base");
  deployment.environment.R2_ACCESS_KEY_ID = R2_KEYS.id;
  deployment.environment.R2_SECRET_ACCESS_KEY = R2_KEYS.secret;
  await deployment.succeed(["--raw", "daily"]);
  await deployment.platform.stop();
  old = deployment.platform;
  const moved = await Deployment.start("retire-both", old);
  await moved.succeed([], kit);
  await moved.platform.stop();
  both = moved.platform;
});

async function start(name: string, from: Platform): Promise<void> {
  account = await Deployment.start(name, from);
  platform = account.platform;
}

beforeEach((context) => start(context.task.id, both));
afterEach(() => platform.stop());

const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE);
const stream = () => platform.streams.find(({ name }) => name === "unified_events_stream");
const rowsArrived = (...times: Date[]) => platform.arrivals.set("default.unified_events", times);

async function succeed(...args: string[]): Promise<string> {
  const { code, output } = await account.retire(kit, ...args);
  expect(code, output).toBe(0);
  return output;
}

async function fail(...args: string[]): Promise<string> {
  const { code, output } = await account.retire(kit, ...args);
  expect(code, output).toBe(1);
  return output;
}

/** Closes the old stream, long enough ago for its last rows to have arrived. */
async function drained(): Promise<void> {
  await succeed("--drain");
  stream()!.modified_at = ago(60).toISOString();
  platform.requests = [];
}

/** Returns the requests that change something, with names in place of ids. */
function changes(): string[] {
  const named = [...both.pipelines, ...both.sinks, ...both.streams];
  return platform
    .changes()
    .map((change) => named.reduce((text, { id, name }) => text.replace(id, name), change));
}

describe("a look", () => {
  it("says what is there and what stands in the way, and touches nothing", async () => {
    rowsArrived(ago(1), ago(5), ago(100));
    const said = (await succeed()).trim().split("\n");
    expect(said).toEqual([
      "= pipeline unified_events is there",
      "= pipeline unified_events_raw_daily is there",
      "= sink unified_events is there",
      "= sink unified_events_raw_daily is there",
      "= stream unified_events_stream is there, open",
      "! 2 rows arrived in unified_events within 20 minutes: a producer still sends to the old version",
      "! stream unified_events_stream still takes events: run --drain first",
      "would delete pipeline unified_events",
      "would delete pipeline unified_events_raw_daily",
      "would delete sink unified_events",
      "would delete sink unified_events_raw_daily",
      "would delete stream unified_events_stream",
    ]);
    expect(platform.changes()).toEqual([]);
  });

  it("finds that the new version is not there, or has failed", async () => {
    platform.pipelines.find(({ name }) => name === "unified_events_v2")!.status = "failed";
    expect(await succeed()).toContain("! pipeline unified_events_v2 of the new version has failed");
    await platform.stop();
    await start("retire-without", old);
    for (const what of ["stream unified_events_stream_v2", "sink unified_events_v2"])
      expect(await succeed()).toContain(`! ${what} of the new version is not there: run deploy.sh`);
    expect(await fail("--drain")).toMatch(
      /^nothing was changed:\n {2}stream unified_events_stream_v2/,
    );
    expect(platform.changes()).toEqual([]);
  });
});

describe("draining", () => {
  it("is refused while rows arrive, and closes the stream when none do", async () => {
    rowsArrived(ago(19));
    expect(await fail("--drain")).toContain("1 row arrived in unified_events within 20 minutes");
    expect(platform.changes()).toEqual([]);
    rowsArrived(ago(21));
    expect(await succeed("--drain")).toBe("+ close stream unified_events_stream\n");
    expect(changes()).toEqual(["PATCH /pipelines/v1/streams/unified_events_stream"]);
    expect(stream()).toMatchObject({
      http: { enabled: false },
      worker_binding: { enabled: false },
    });
    expect(await succeed("--drain")).toBe("= stream unified_events_stream is closed\n");
    expect(await fail("--delete", VERSION)).toContain("was closed less than 20 minutes ago");
    expect(await succeed("--reopen")).toBe("+ open stream unified_events_stream\n");
    expect(stream()).toMatchObject({ http: { enabled: true }, worker_binding: { enabled: true } });
    expect(changes()).toHaveLength(2);
  });

  it("is refused where nobody can say whether rows arrive", async () => {
    const code = 40003;
    platform.refuse = ({ path }) =>
      path.startsWith("/basin-sql") ? { code, message: `${API_TOKEN} may not` } : undefined;
    expect(await fail("--drain")).toBe(
      "cannot count the rows of unified_events: $CLOUDFLARE_API_TOKEN may not (40003)\n",
    );
    expect(platform.changes()).toEqual([]);
  });
});

describe("deleting", () => {
  it("takes pipelines, sinks and the stream, in the order that the platform wants", async () => {
    expect(await fail("--delete", VERSION)).toContain("still takes events: run --drain first");
    await drained();
    rowsArrived(ago(30));
    expect(await succeed("--delete", VERSION)).toMatch(/table unified_events stays;.* --retire /);
    expect(changes()).toEqual([
      "DELETE /pipelines/v1/pipelines/unified_events",
      "DELETE /pipelines/v1/pipelines/unified_events_raw_daily",
      "DELETE /pipelines/v1/sinks/unified_events",
      "DELETE /pipelines/v1/sinks/unified_events_raw_daily",
      "DELETE /pipelines/v1/streams/unified_events_stream",
    ]);
    for (const kind of ["pipelines", "sinks", "streams"] as const) {
      const names = platform[kind].map(({ name }) => name);
      expect(names).toHaveLength(old.streams.length);
      expect(names).toContain(
        kind === "streams" ? "unified_events_stream_v2" : "unified_events_v2",
      );
    }
    for (const args of [[], ["--drain"], ["--delete", VERSION]])
      expect(await succeed(...args)).toBe(`nothing is left of ${VERSION}\n`);
    expect(changes()).toHaveLength(5);
  });

  it("goes on where it was stopped", async () => {
    await drained();
    platform.refuse = ({ method, path }) =>
      method === "DELETE" && path.includes("/sinks/") ? { code: 5, message: "busy" } : undefined;
    expect(await fail("--delete", VERSION)).toMatch(
      /DELETE \/pipelines\/v1\/sinks\/\w+: busy \(5\)/,
    );
    platform.refuse = () => undefined;
    platform.requests = [];
    await succeed("--delete", VERSION);
    expect(changes().map((change) => change.split("/")[3])).toEqual(["sinks", "sinks", "streams"]);
  });

  it("is refused while another pipeline uses the stream, and for a pipeline that is none of ours", async () => {
    await drained();
    const [ours] = platform.pipelines;
    platform.pipelines.push({ ...ours!, id: "theirs", name: "somebody_elses" });
    expect(await fail("--delete", VERSION)).toContain(
      "pipeline somebody_elses uses stream unified_events_stream and sink unified_events, and is none of ours",
    );
    platform.pipelines.pop();
    const [tables] = [ours!.tables as { name: string; type: string }[]];
    tables.find(({ type }) => type === "sink")!.name = "somebody_elses";
    expect(await fail("--delete", VERSION)).toContain(
      "pipeline unified_events uses what is not of the old version",
    );
    expect(platform.changes()).toEqual([]);
  });

  it.each([
    [["--delete", "unified_events@2"], `this is the kit for ${VERSION}, not for unified_events@2`],
    [["--delete"], "see --help"],
    [["--force"], "see --help"],
    [["--drain", "--reopen"], "are one at a time"],
  ])("meets %j", async (args, message) => {
    expect(await fail(...args)).toContain(message);
    expect(platform.requests).toEqual([]);
  });

  it("names what is not set, and explains itself without an account", async () => {
    account.environment.CLOUDFLARE_ACCOUNT_ID = undefined;
    expect(await fail()).toBe("CLOUDFLARE_ACCOUNT_ID is not set\n");
    const bare = { PATH: process.env.PATH } as NodeJS.ProcessEnv;
    const { code, output } = await run("node", [join(kit, "retire.mjs"), "--help"], { env: bare });
    expect([code, output]).toEqual([0, expect.stringContaining(`--delete ${VERSION}`)]);
  });
});

it("the stub refuses to delete what is in use, as the platform does", async () => {
  const headers = { Authorization: `Bearer ${API_TOKEN}` };
  const path = `/accounts/${account.environment.CLOUDFLARE_ACCOUNT_ID}/pipelines/v1/streams/${stream()!.id}`;
  const response = await fetch(platform.url + path, { method: "DELETE", headers });
  expect([response.status, await response.text()]).toEqual([422, expect.stringMatching(/in use/)]);
});
