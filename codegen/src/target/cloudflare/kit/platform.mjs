// HEAD-NOTE
// What deploy.sh asks of the platform's REST API: what is there, and the requests that hold tokens.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Refusal, find, list, main, request, secret } from "./api.mjs";

const kit = import.meta.dirname;
const json = (path) => JSON.parse(readFileSync(path, "utf8"));

function sinkBody(name) {
  const { catalog, raw } = json(join(kit, "sinks.json"));
  return [...catalog, ...raw].find((sink) => sink.name === name);
}

/** Returns the paths at which `actual` is not as `wanted`; what the platform leaves out or adds is no difference. */
function differences(wanted, actual, path = "") {
  if (actual === undefined || actual === null) return [];
  if (typeof wanted !== "object" || wanted === null) {
    return wanted === actual ? [] : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];
  }
  return Object.entries(wanted).flatMap(([key, value]) =>
    differences(value, actual[key], path ? `${path}.${key}` : key),
  );
}

function fieldDifferences(wanted, actual) {
  const shape = ({ type, required = false, unit }) => ({
    type,
    required,
    // Milliseconds are what a timestamp has where nobody says.
    unit: type === "timestamp" ? (unit ?? "millisecond") : undefined,
  });
  const theirs = new Map(actual.map((field) => [field.name, field]));
  const changed = wanted.flatMap((field) =>
    theirs.has(field.name)
      ? differences(shape(field), shape(theirs.get(field.name)), field.name)
      : [`${field.name} is missing`],
  );
  const ours = new Set(wanted.map(({ name }) => name));
  return [...changed, ...actual.filter(({ name }) => !ours.has(name)).map(({ name }) => `${name} is extra`)];
}

/** Comments and line breaks are no part of what a transform does. */
function plainSql(text) {
  const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("--"));
  return lines.join(" ").replace(/\s+/g, " ").trim().replace(/;$/, "");
}

const STATES = {
  async bucket(name) {
    return (await request("GET", `/r2/buckets/${name}`)) ? [] : null;
  },
  async catalog(name) {
    const catalog = await request("GET", `/r2-catalog/${name}`);
    return catalog && catalog.status !== "inactive" ? [] : null;
  },
  async stream(name, file) {
    const stream = await find("streams", name);
    return stream ? fieldDifferences(json(file).fields, stream.schema?.fields ?? []) : null;
  },
  async sink(name) {
    const sink = await find("sinks", name);
    if (!sink) return null;
    // The two names of the catalog sink are the same thing before and after its renaming.
    const type = sink.type === "basin_catalog" ? "r2_data_catalog" : sink.type;
    return differences(sinkBody(name), { ...sink, type });
  },
  async pipeline(name, file) {
    const pipeline = await find("pipelines", name);
    if (!pipeline) return null;
    if (pipeline.status === "failed") return [`it has failed: ${pipeline.failure_reason ?? "no reason is given"}`];
    const same = plainSql(pipeline.sql) === plainSql(readFileSync(file, "utf8"));
    return same ? [] : ["its SQL is another"];
  },
  async maintenance(bucket, ...settings) {
    const found = await request("GET", `/r2-catalog/${bucket}/maintenance-configs`);
    if (found?.credential_status !== "present") return null;
    const wanted = maintenanceConfig(settings);
    const actual = found.maintenance_config ?? {};
    // Maintenance may be changed at any time, so that another setting is no refusal.
    const asWanted = Object.keys(wanted).every((key) => actual[key]) && differences(wanted, actual).length === 0;
    return asWanted ? [] : null;
  },
  async lifecycle(bucket, file) {
    const { rules: wanted } = json(file);
    const actual = (await request("GET", `/r2/buckets/${bucket}/lifecycle`))?.rules ?? [];
    const foreign = actual.filter(({ id }) => !wanted.some((rule) => rule.id === id));
    // Setting rules replaces all of them.
    if (foreign.length > 0) return foreign.map(({ id }) => `it has a rule of its own, \`${id}\``);
    const asWanted = wanted.every((rule) => {
      const theirs = actual.find(({ id }) => id === rule.id);
      return theirs && differences(rule, theirs).length === 0;
    });
    return asWanted ? [] : null;
  },
};

const NEW_VERSION = "The platform cannot change it. Raise the version of the table, or remove what is there.";
const REMEDIES = {
  stream: NEW_VERSION,
  sink: NEW_VERSION,
  pipeline: NEW_VERSION,
  lifecycle: "Setting rules replaces all of them. Add those of the file by hand.",
};

function maintenanceConfig([targetSizeMb, maxAgeDays, minKept]) {
  return {
    compaction: { state: "enabled", target_size_mb: targetSizeMb },
    ...(maxAgeDays && {
      snapshot_expiration: {
        state: "enabled",
        max_snapshot_age: `${maxAgeDays}d`,
        min_snapshots_to_keep: Number(minKept),
      },
    }),
  };
}

const COMMANDS = {
  /** Prints `present` or `missing`; a resource with another shape is refused. */
  async state(kind, name, ...rest) {
    const different = await STATES[kind](name, ...rest);
    if (different?.length > 0) {
      const more = different.length > 5 ? [`and ${different.length - 5} more`] : [];
      throw new Refusal(
        `${kind} ${name} is there with another shape: ${[...different.slice(0, 5), ...more].join("; ")}\n` +
          REMEDIES[kind],
      );
    }
    console.log(different ? "present" : "missing");
  },

  /** Refuses a plan for which the account has no room. */
  async quota(kind, quota, ...names) {
    const limit = Number(process.env.PLATFORM_QUOTA ?? quota);
    const there = (await list(kind)).map(({ name }) => name);
    const missing = names.filter((name) => !there.includes(name));
    if (missing.length > 0 && there.length + missing.length > limit) {
      throw new Refusal(
        `the account has ${there.length} of ${limit} ${kind}, the plan adds ${missing.length}: ${missing.join(", ")}`,
      );
    }
  },

  async "create-sink"(name) {
    const body = sinkBody(name);
    body.config.account_id = secret("CLOUDFLARE_ACCOUNT_ID");
    if (body.type === "r2") {
      const [access_key_id, secret_access_key] = ["R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"].map(secret);
      body.config.credentials = { access_key_id, secret_access_key };
    } else {
      body.config.token = secret("CATALOG_TOKEN");
    }
    await request("POST", "/pipelines/v1/sinks", body);
  },

  async maintain(bucket, ...settings) {
    await request("POST", `/r2-catalog/${bucket}/credential`, { token: secret("CATALOG_TOKEN") });
    await request("POST", `/r2-catalog/${bucket}/maintenance-configs`, maintenanceConfig(settings));
  },

  /** Writes both forms of the Worker's configuration with the ids of the streams. */
  async bind(folder) {
    const streams = await list("streams");
    for (const file of ["wrangler.jsonc", "wrangler.toml"]) {
      const path = join(folder, file);
      if (existsSync(path) && !readFileSync(path, "utf8").includes("@generated")) {
        throw new Refusal(`${path} is not ours to overwrite; name another folder`);
      }
      const text = readFileSync(join(kit, file), "utf8").replace(/<id of (\w+)>/g, (_, name) => {
        const stream = streams.find((s) => s.name === name);
        if (!stream) throw new Refusal(`the platform has no stream ${name}`);
        return stream.id;
      });
      writeFileSync(path, text);
    }
  },
};

const [command, ...args] = process.argv.slice(2);
await main(() => COMMANDS[command](...args));
