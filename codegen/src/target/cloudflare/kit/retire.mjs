// HEAD-NOTE
// Takes the old version's pipeline, sink and stream off the platform; run it again at will.
//
// The table and its rows stay. What is not known here is whether all rows were moved: that is what
// the reconciliation in backfill/ says, and rows can still be moved when the stream is gone.

import { parseArgs } from "node:util";

import { Refusal, find, list, main, request, secret } from "./api.mjs";

// PLAN

const USAGE = `usage: node retire.mjs [--drain | --reopen | --delete ${VERSION}]

  (nothing)            say what is there and what stands in the way, and touch nothing
  --drain              close the old stream: whoever still sends to it is refused from then on
  --reopen             let the old stream take events again
  --delete ${VERSION}
                       delete the old version's pipeline, sink and stream, in this order

Secrets come from the environment and nowhere else:

  CLOUDFLARE_ACCOUNT_ID          the account
  CLOUDFLARE_API_TOKEN           Pipelines Write
  WRANGLER_BASIN_SQL_AUTH_TOKEN  what counts the rows that arrived last: Basin SQL Read, Workers R2
                                 Data Catalog Read, Workers R2 Storage Read; the token above if unset`;

const sqlApi = process.env.BASIN_SQL_API_BASE_URL ?? "https://api.sql.cloudflarestorage.com/api/v1";
const NO_TABLE = 40010;
const minutes = Math.ceil(DRAIN_SECONDS / 60);

const say = (text) => console.log(text);
const takesEvents = (stream) => Boolean(stream.http?.enabled || stream.worker_binding?.enabled);
const isOld = (name, kind) => OLD[kind].includes(name);

/** Returns how many rows the old table got within the time that a row may take to get there. */
async function arrivals() {
  const since = new Date(Date.now() - DRAIN_SECONDS * 1000).toISOString();
  const account = secret("CLOUDFLARE_ACCOUNT_ID");
  const { bucket, namespace, table } = OLD;
  const query = `SELECT count(*) AS n_rows FROM ${namespace}.${table} WHERE __ingest_ts >= '${since}'`;
  const token = process.env.WRANGLER_BASIN_SQL_AUTH_TOKEN || secret("CLOUDFLARE_API_TOKEN");
  const response = await fetch(`${sqlApi}/accounts/${account}/basin-sql/query/${bucket}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ warehouse: `${account}_${bucket}`, query }),
  }).catch((error) => {
    throw new Refusal(`cannot count the rows of ${table}: ${error.cause?.message ?? error.message}`);
  });
  const answer = await response.json().catch(() => null);
  const errors = answer?.errors ?? [];
  // The sink makes its table with the first row.
  if (errors.some(({ code }) => code === NO_TABLE)) return 0;
  const [row] = answer?.result?.rows ?? [];
  const n = Number(row && Object.values(row)[0]);
  if (!response.ok || errors.length > 0 || !row || Number.isNaN(n)) {
    const said = errors.map(({ code, message }) => `${message} (${code})`).join("; ");
    throw new Refusal(`cannot count the rows of ${table}: ${said || `status ${response.status}`}`);
  }
  return n;
}

/** Returns what is left of the old version, in the order in which it can be deleted. */
async function remains() {
  const found = [];
  for (const kind of ["pipelines", "sinks", "streams"]) {
    for (const name of OLD[kind]) {
      const entry = await find(kind, name);
      if (entry) found.push({ kind, ...entry });
    }
  }
  return found;
}

/** Returns what speaks against closing the old stream. */
async function againstDraining() {
  const obstacles = [];
  for (const kind of ["streams", "sinks", "pipelines"]) {
    const entry = await find(kind, NEW[kind]);
    const what = `${kind.slice(0, -1)} ${NEW[kind]} of the new version`;
    if (!entry) obstacles.push(`${what} is not there: run deploy.sh`);
    else if (entry.status === "failed") obstacles.push(`${what} has failed`);
    else if (kind === "streams" && !takesEvents(entry)) obstacles.push(`${what} takes no events`);
  }
  const n = await arrivals();
  if (n > 0) {
    obstacles.push(
      `${n} ${n === 1 ? "row" : "rows"} arrived in ${OLD.table} within ${minutes} minutes: a producer still sends to the old version`,
    );
  }
  return obstacles;
}

/** Returns what speaks against deleting what is left. */
async function againstDeleting(left) {
  const obstacles = await againstDraining();
  for (const stream of left.filter(({ kind }) => kind === "streams")) {
    const closed = (Date.now() - Date.parse(stream.modified_at)) / 1000;
    if (takesEvents(stream)) obstacles.push(`stream ${stream.name} still takes events: run --drain first`);
    else if (!(closed >= DRAIN_SECONDS)) {
      obstacles.push(`stream ${stream.name} was closed less than ${minutes} minutes ago: its last rows may be on their way`);
    }
  }
  for (const { id, name } of await list("pipelines")) {
    const { tables = [] } = (await request("GET", `/pipelines/v1/pipelines/${id}`)) ?? {};
    const used = tables.filter((t) => isOld(t.name, t.type === "stream" ? "streams" : "sinks"));
    if (!isOld(name, "pipelines") && used.length > 0) {
      obstacles.push(`pipeline ${name} uses ${used.map((t) => `${t.type} ${t.name}`).join(" and ")}, and is none of ours`);
    }
    if (isOld(name, "pipelines") && used.length < tables.length) {
      obstacles.push(`pipeline ${name} uses what is not of the old version, so that it is none of ours`);
    }
  }
  return obstacles;
}

function refuse(obstacles) {
  if (obstacles.length === 0) return;
  throw new Refusal(["nothing was changed:", ...obstacles.map((text) => `  ${text}`)].join("\n"));
}

async function setTaking(stream, enabled) {
  const word = enabled ? "open" : "closed";
  if (!stream) throw new Refusal(`stream ${OLD.streams[0]} is not there`);
  if (takesEvents(stream) === enabled) return say(`= stream ${stream.name} is ${word}`);
  say(`+ ${enabled ? "open" : "close"} stream ${stream.name}`);
  await request("PATCH", `/pipelines/v1/streams/${stream.id}`, {
    http: { enabled, authentication: true },
    worker_binding: { enabled },
  });
}

async function look(left) {
  for (const { kind, name, ...entry } of left) {
    const state = kind !== "streams" ? "" : takesEvents(entry) ? ", open" : ", closed";
    say(`= ${kind.slice(0, -1)} ${name} is there${state}`);
  }
  for (const obstacle of await againstDeleting(left)) say(`! ${obstacle}`);
  for (const { kind, name } of left) say(`would delete ${kind.slice(0, -1)} ${name}`);
}

async function remove(left) {
  refuse(await againstDeleting(left));
  for (const { kind, name, id } of left) {
    say(`+ delete ${kind.slice(0, -1)} ${name}`);
    await request("DELETE", `/pipelines/v1/${kind}/${id}`);
  }
  say(`table ${OLD.table} stays; now replace the views, and run: unified-event release --retire ${VERSION}`);
}

function options() {
  const flag = { type: "boolean", default: false };
  const known = { help: flag, drain: flag, reopen: flag, delete: { type: "string" } };
  let values;
  try {
    ({ values } = parseArgs({ options: known }));
  } catch (error) {
    throw new Refusal(`${error.message}; see --help`);
  }
  if ([values.drain, values.reopen, values.delete !== undefined].filter(Boolean).length > 1) {
    throw new Refusal("--drain, --reopen and --delete are one at a time; see --help");
  }
  if (values.delete !== undefined && values.delete !== VERSION) {
    throw new Refusal(`this is the kit for ${VERSION}, not for ${values.delete}`);
  }
  return values;
}

await main(async () => {
  const chosen = options();
  if (chosen.help) return say(USAGE);
  const left = await remains();
  if (left.length === 0) return say(`nothing is left of ${VERSION}`);
  const stream = left.find(({ kind }) => kind === "streams");
  if (chosen.reopen) return setTaking(stream, true);
  if (chosen.delete) return remove(left);
  if (!chosen.drain) return look(left);
  if (stream && takesEvents(stream)) refuse(await againstDraining());
  return setTaking(stream, false);
});
