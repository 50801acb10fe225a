// deploy.sh with the real wrangler, against the stub of the platform.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { Deployment } from "./deployment.ts";
import { KIT, TESTS, folder, generate, json, model, run, text } from "./files.ts";
import { CATALOG_TOKEN, type Platform, R2_KEYS } from "./stub.ts";

const { pipelines, lake } = model();
const CATALOG = lake.buckets.find(({ binding }) => binding === "EVENTS_ICEBERG_BUCKET")!.name;
const N_RESOURCES = lake.buckets.length + 1 + 3 * pipelines.length + 1;

/** An empty account to which the kit was deployed once. */
let complete: { platform: Platform; output: string; calls: string[] };
/** An account of its own for every test, which starts as the complete one. */
let account: Deployment;
let platform: Platform;

beforeAll(async () => {
  const deployment = await Deployment.start("complete");
  const output = await deployment.succeed();
  await deployment.platform.stop();
  complete = { platform: deployment.platform, output, calls: deployment.calls() };
});

beforeEach(async (context) => {
  account = await Deployment.start(context.task.id, complete.platform);
  platform = account.platform;
});

afterEach(() => platform.stop());

describe("an empty account", () => {
  it("gets everything in the order that works", () => {
    const { platform, output, calls } = complete;
    const each = (kind: string, name: (p: (typeof pipelines)[number]) => string) =>
      pipelines.map((p) => `POST /pipelines/v1/${kind} ${name(p)}`);
    expect(platform.changes()).toEqual([
      ...lake.buckets.map(({ name }) => `POST /r2/buckets ${name}`),
      `POST /r2-catalog/${CATALOG}/enable`,
      ...each("streams", (p) => p.stream.name),
      ...each("sinks", (p) => p.sink.name),
      ...each("pipelines", (p) => p.name),
      `POST /r2-catalog/${CATALOG}/credential`,
      `POST /r2-catalog/${CATALOG}/maintenance-configs`,
    ]);
    expect(platform.catalogs.get(CATALOG)?.maintenance_config).toEqual({
      compaction: { state: "enabled", target_size_mb: String(lake.compaction.target_file_mb) },
      snapshot_expiration: {
        state: "enabled",
        max_snapshot_age: `${lake.snapshots.max_age_days}d`,
        min_snapshots_to_keep: lake.snapshots.min_kept,
      },
    });
    expect(output).toContain(`${N_RESOURCES} created, 0 were there`);
    // Resources come from wrangler itself, but for those that it would take tokens for.
    expect(calls).toHaveLength(lake.buckets.length + 1 + 2 * pipelines.length);
  });

  it("is named in full by a dry run, which touches nothing and needs no account", async () => {
    const bare = { PATH: process.env.PATH } as NodeJS.ProcessEnv;
    const { code, output } = await run("bash", [join(KIT, "deploy.sh"), "--dry-run"], {
      env: bare,
    });
    expect(code).toBe(0);
    const lines = output.trim().split("\n");
    const steps = lines.map(
      (line) => /^\+ (?:wrangler |node \S+ )?(.*?)( --| \d|$)/.exec(line)![1]!,
    );
    expect(steps).toEqual([
      ...lake.buckets.map(({ name }) => `r2 bucket create ${name}`),
      `r2 bucket catalog enable ${CATALOG}`,
      ...pipelines.map(({ stream }) => `pipelines streams create ${stream.name}`),
      ...pipelines.map(({ sink }) => `create-sink ${sink.name}`),
      ...pipelines.map(({ name }) => `pipelines create ${name}`),
      `maintain ${CATALOG}`,
    ]);
    for (const [, file] of output.matchAll(/--(?:schema|sql)-file (\S+)/g)) {
      expect(existsSync(file!)).toBe(true);
    }
    await account.run(["--dry-run", "--raw", "hourly"]);
    expect(platform.requests).toEqual([]);
  });
});

describe("an account that has it all", () => {
  it("stays as it is", async () => {
    expect(await account.succeed()).toContain(`0 created, ${N_RESOURCES} were there`);
    expect(platform.changes()).toEqual([]);
    expect(account.calls()).toEqual([]);

    // A comment of the definition is no part of what a pipeline does.
    for (const pipeline of platform.pipelines) pipeline.sql = `-- older\n${String(pipeline.sql)}`;
    // A platform that is busy is asked again.
    let n_busy = 2;
    platform.refuse = () => (n_busy-- > 0 ? { status: 503, code: 1, message: "busy" } : undefined);
    expect(await account.succeed()).toContain("0 created");
  });

  it("gets a second version beside the first, and nothing else", async () => {
    const second = await generate("version2", (read, write) => {
      const file = "tables/unified_events.toml";
      write(file, read(file).replace("version = 1", "version = 2"));
    });
    const said = await account.succeed([], join(second, "cloudflare"));
    expect(said).toContain(`3 created, ${N_RESOURCES - 3} were there`);
    expect(platform.changes()).toEqual([
      "POST /pipelines/v1/streams unified_events_stream_v2",
      "POST /pipelines/v1/sinks unified_events_v2",
      "POST /pipelines/v1/pipelines unified_events_v2",
    ]);
    const sql = String(platform.pipelines.at(-1)!.sql);
    expect(sql).toMatch(/INSERT INTO unified_events_v2\b/);
    expect(sql).toMatch(/FROM unified_events_stream_v2;?$/);
    // Terraform lets go of the first version without destroying it.
    const former = text(join(second, "cloudflare/terraform/former.tf"));
    expect(former).toContain("from = cloudflare_pipeline_stream.unified_events\n");
    expect(former.match(/destroy = false/g)).toHaveLength(3);
    expect(existsSync(join(KIT, "terraform/former.tf"))).toBe(false);
  });

  it("refuses a changed column without a new version, before anything is created", async () => {
    const changed = await generate("changed", (read, write) => {
      const file = "groups/timing.toml";
      const column = /(\[column\.duration_ms\][^[]*?type = )"float64"([^[]*?example = )[\d.]+/;
      write(file, read(file).replace(column, '$1"int64"$24'));
    });
    const said = await account.fail([], join(changed, "cloudflare"));
    expect(said).toContain(
      'stream unified_events_stream is there with another shape: duration_ms.type is "float64", not "int64"',
    );
    expect(said).toContain("Raise the version of the table");
    expect(platform.changes()).toEqual([]);
  });

  it("writes the configuration of a Worker with the ids of the streams", async () => {
    const target = folder("deploy/config");
    await account.succeed(["--config", target]);
    for (const file of ["wrangler.jsonc", "wrangler.toml"]) {
      const written = text(join(target, file));
      expect(written).not.toContain("<id of");
      for (const { id } of platform.streams) expect(written).toContain(`"${id}"`);
      expect(text(join(KIT, file))).toContain("<id of");
    }
    // Again is fine; what somebody wrote by hand is not overwritten.
    await account.succeed(["--config", target]);
    const own = folder("deploy/own");
    writeFileSync(join(own, "wrangler.jsonc"), "{}");
    const said = await account.fail(["--config", own]);
    expect(said).toContain("wrangler.jsonc is not ours to overwrite");
    expect(text(join(own, "wrangler.jsonc"))).toBe("{}");
  });

  it("writes raw files and lets them turn cold, when asked", async () => {
    account.environment.R2_ACCESS_KEY_ID = R2_KEYS.id;
    account.environment.R2_SECRET_ACCESS_KEY = R2_KEYS.secret;
    const options = ["--raw", "daily", "--tiering", "standard"];
    await account.succeed(options);
    const named = ({ name }: { name: string }) => name === "unified_events_raw_daily";
    expect(platform.pipelines.some(named)).toBe(true);
    expect(platform.sinks.find(named)).toMatchObject({
      type: "r2",
      config: { path: lake.raw.prefix, partitioning: { time_pattern: "year=%Y/month=%m/day=%d" } },
    });
    const raw = lake.buckets.find(({ binding }) => binding === lake.raw.bucket)!.name;
    expect(platform.lifecycles.get(raw)).toEqual(json(join(KIT, "lifecycle/standard.json")).rules);
    expect(await account.succeed(options)).toContain("0 created");

    const own = { id: "keep-invoices", enabled: true, conditions: { prefix: "invoices/" } };
    platform.lifecycles.get(raw)!.push(own);
    expect(await account.fail(options)).toMatch(
      /it has a rule of its own, `keep-invoices`\nSetting rules replaces all/,
    );
  });
});

describe("a refusal", () => {
  it("stops the script, says what was refused, and leaves the rest for the next time", async () => {
    platform.sinks = [];
    platform.pipelines = [];
    const echo = { code: 1234, message: `the token ${CATALOG_TOKEN} may not` };
    // Some services repeat what they were sent.
    platform.refuse = ({ method, path }) =>
      method === "POST" && path === "/pipelines/v1/sinks" ? echo : undefined;
    const first = await account.fail();
    expect(first).toContain("the token $CATALOG_TOKEN may not (1234)");
    expect(first).toMatch(
      /deploy\.sh: refused: node \S+platform\.mjs create-sink unified_events\n$/,
    );
    expect([platform.sinks, platform.pipelines]).toEqual([[], []]);

    platform.refuse = ({ path }) => (path.includes("/sinks") ? echo : undefined);
    expect(await account.fail()).toContain("the token $CATALOG_TOKEN may not (1234)");

    // What wrangler is refused ends it too.
    const sql = { code: 99, message: "no such function" };
    platform.refuse = ({ path }) => (path.endsWith("/validate_sql") ? sql : undefined);
    const second = await account.fail();
    expect(second).toContain("no such function");
    expect(second).toMatch(/deploy\.sh: refused: wrangler pipelines create unified_events /);
    expect(platform.pipelines).toEqual([]);

    platform.refuse = () => undefined;
    expect(await account.succeed()).toContain(`5 created, ${N_RESOURCES - 5} were there`);

    platform.pipelines[2]!.status = "failed";
    platform.pipelines[2]!.failure_reason = "the sink is gone";
    expect(await account.fail()).toContain("it has failed: the sink is gone");
  });

  it("comes before anything is created where the account has no room", async () => {
    const foreign = (i: number) => ({ id: `foreign${i}`, name: `foreign_${i}` });
    platform.streams = Array.from({ length: 16 }, (_, i) => foreign(i));
    const said = await account.fail();
    expect(said).toContain(
      "the account has 16 of 20 streams, the plan adds 5: unified_events_stream,",
    );
    expect(platform.changes()).toEqual([]);
    // The platform raises the quota on request.
    account.environment.PLATFORM_QUOTA = "40";
    platform.refuse = ({ method }) =>
      method === "POST" ? { code: 1, message: "far enough" } : undefined;
    expect(await account.fail()).toContain("far enough");
  });

  it("is passed on where the token is wrong", async () => {
    account.environment.CLOUDFLARE_API_TOKEN = "another";
    expect(await account.fail()).toContain("Authentication error (10000)");
    expect(platform.changes()).toEqual([]);
  });

  it.each([
    [["--raw", "weekly"], "--raw takes one of: hourly daily monthly"],
    [["--tiering", "never"], "--tiering takes one of: standard aggressive conservative longTerm"],
    [["--force"], "there is no option --force"],
    [["--config"], "--config needs a value"],
  ])("meets %j", async (args, message) => {
    expect(await account.fail(args)).toContain(message);
    expect(platform.requests).toEqual([]);
  });

  it.each(["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "CATALOG_TOKEN"])(
    "names a missing %s",
    async (name) => {
      account.environment[name] = undefined;
      expect(await account.fail()).toBe(`deploy.sh: ${name} is not set; see --help\n`);
    },
  );
});

describe("the script", () => {
  it("is free of what shellcheck finds", async () => {
    const shellcheck = join(TESTS, ".work/tools/bin/shellcheck");
    expect(await run(shellcheck, [join(KIT, "deploy.sh")])).toEqual({ code: 0, output: "" });
  });

  it("leaves nothing in the folder of the kit", () => {
    expect(text(join(KIT, "../.manifest"))).toContain("cloudflare/deploy.sh");
    expect(existsSync(join(KIT, ".wrangler"))).toBe(false);
  });
});
