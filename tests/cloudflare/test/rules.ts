// What the platform documents of the bodies that it takes, written from its documentation and
// apart from the generator, so that the two can disagree.

const NAME = /^[a-z][a-z0-9_]{0,127}$/;
const TYPES = [
  "string",
  "bool",
  "int32",
  "int64",
  "float32",
  "float64",
  "timestamp",
  "json",
  "binary",
];
const UNITS = ["second", "millisecond", "microsecond", "nanosecond"];

// Section "Scalar functions" of the SQL reference, as far as transforms could want them.
const FUNCTIONS = new Set(
  `coalesce nullif nvl nvl2 ifnull ascii bit_length btrim char_length character_length length chr
   concat concat_ws ends_with find_in_set initcap instr strpos left levenshtein lower lpad ltrim
   octet_length overlay repeat replace reverse right rpad rtrim split_part starts_with substr
   substr_index to_hex translate upper date_bin date_trunc datetrunc date_part datepart make_date
   to_char date_format to_timestamp to_timestamp_seconds to_timestamp_millis to_timestamp_micros
   to_timestamp_nanos from_unixtime json_contains json_get json_get_str json_get_int json_get_float
   json_get_bool json_get_json json_as_text json_length extract_json extract_json_string regexp_like
   regexp_match regexp_replace md5 sha224 sha256 sha384 sha512 digest encode decode cast extract`.split(
    /\s+/,
  ),
);

type Json = Record<string, unknown>;

/** A request that the platform refuses. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const bad = (message: string): never => {
  throw new Refused(400, 1001, message);
};

/** Returns an object after checking that it has the wanted keys and no others. */
function object(value: unknown, where: string, required: string[], optional: string[] = []): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    bad(`${where}: not an object`);
  const found = value as Json;
  for (const key of Object.keys(found)) {
    if (![...required, ...optional].includes(key)) bad(`${where}: unknown key ${key}`);
  }
  for (const key of required) if (found[key] === undefined) bad(`${where}: ${key} is missing`);
  return found;
}

function choice(value: unknown, where: string, allowed: unknown[]): void {
  if (!allowed.includes(value)) bad(`${where}: ${JSON.stringify(value)} is not allowed`);
}

function whole(value: unknown, where: string, least: number): void {
  if (!Number.isInteger(value) || (value as number) < least)
    bad(`${where}: a whole number from ${least}`);
}

export function name(value: unknown): string {
  if (typeof value !== "string" || !NAME.test(value))
    bad(`name: ${JSON.stringify(value)} is not allowed`);
  return value as string;
}

export function bucketName(value: unknown): string {
  const fits = typeof value === "string" && /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(value);
  if (!fits) bad(`bucket: ${JSON.stringify(value)} is not allowed`);
  return value as string;
}

function field(value: unknown, where: string): string {
  const found = object(value, where, ["name", "type", "required"], ["unit"]);
  if (typeof found.name !== "string" || !/^[a-zA-Z][a-zA-Z0-9_]{0,127}$/.test(found.name))
    bad(`${where}: name`);
  if (found.name === "__ingest_ts") bad(`${where}: the sink adds this column`);
  choice(found.type, `${where}.type`, TYPES);
  choice(found.required, `${where}.required`, [true, false]);
  if (found.unit !== undefined) {
    if (found.type !== "timestamp") bad(`${where}: only a timestamp has a unit`);
    choice(found.unit, `${where}.unit`, UNITS);
  }
  return found.name as string;
}

export function stream(value: unknown): Json {
  const body = object(value, "stream", ["name", "format", "http", "worker_binding", "schema"]);
  name(body.name);
  choice(object(body.format, "format", ["type"]).type, "format.type", ["json"]);
  const http = object(body.http, "http", ["enabled", "authentication"], ["cors"]);
  // An open endpoint lets anybody write.
  choice(http.authentication, "http.authentication", [true]);
  choice(object(body.worker_binding, "worker_binding", ["enabled"]).enabled, "worker_binding", [
    true,
  ]);
  const { fields } = object(body.schema, "schema", ["fields"]);
  if (!Array.isArray(fields) || fields.length === 0) bad("schema.fields: a list");
  const names = (fields as unknown[]).map((f, i) => field(f, `fields[${i}]`));
  if (new Set(names).size !== names.length) bad("schema.fields: a name stands twice");
  return body;
}

/** What may be changed of a stream: who may send to it, and nothing else. */
export function streamChange(value: unknown): Json {
  const body = object(value, "stream", [], ["http", "worker_binding"]);
  if (body.http !== undefined) {
    const http = object(body.http, "http", ["enabled", "authentication"], ["cors"]);
    choice(http.enabled, "http.enabled", [true, false]);
    choice(http.authentication, "http.authentication", [true]);
  }
  if (body.worker_binding !== undefined)
    choice(object(body.worker_binding, "worker_binding", ["enabled"]).enabled, "worker_binding", [
      true,
      false,
    ]);
  return body;
}

function rollingPolicy(value: unknown, least: number): void {
  const policy = object(
    value,
    "rolling_policy",
    [],
    ["file_size_bytes", "interval_seconds", "inactivity_seconds"],
  );
  if (policy.file_size_bytes !== undefined)
    whole(policy.file_size_bytes, "file_size_bytes", 5 << 20);
  if (policy.interval_seconds !== undefined)
    whole(policy.interval_seconds, "interval_seconds", least);
}

export type SinkBody = Json & { name: string; type: string; config: Json & { bucket: string } };

export function sink(value: unknown, account: string): SinkBody {
  const body = object(value, "sink", ["name", "type", "config", "format"]) as SinkBody;
  name(body.name);
  choice(body.type, "type", ["r2", "r2_data_catalog", "basin_catalog"]);
  const raw = body.type === "r2";
  const config = raw
    ? object(
        body.config,
        "config",
        ["account_id", "bucket", "credentials"],
        ["path", "partitioning", "rolling_policy", "file_naming"],
      )
    : object(
        body.config,
        "config",
        ["account_id", "bucket", "token", "table_name"],
        ["namespace", "rolling_policy"],
      );
  choice(config.account_id, "account_id", [account]);
  bucketName(config.bucket);
  if (raw) {
    object(config.credentials, "credentials", ["access_key_id", "secret_access_key"]);
    if (config.partitioning) object(config.partitioning, "partitioning", ["time_pattern"]);
  } else {
    name(config.table_name);
    name(config.namespace);
  }
  rollingPolicy(config.rolling_policy, raw ? 10 : 60);
  const format = object(body.format, "format", ["type"], ["compression", "row_group_bytes"]);
  choice(format.type, "format.type", ["parquet"]);
  choice(format.compression, "compression", ["uncompressed", "snappy", "gzip", "zstd", "lz4"]);
  if (format.row_group_bytes !== undefined) whole(format.row_group_bytes, "row_group_bytes", 1);
  return body;
}

/** Returns the stream and the sink of a transform. */
export function transform(sql: unknown): { stream: string; sink: string } {
  if (typeof sql !== "string") throw new Refused(400, 1002, "sql: a text");
  const plain = sql
    .replace(/^\s*--.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  const parts = /^INSERT INTO (\w+) SELECT (.+) FROM (\w+)(?: WHERE (.+?))?;?$/.exec(plain);
  if (!parts) throw new Refused(400, 1002, "sql: expected INSERT INTO … SELECT … FROM …");
  const [, sinkName, columns, streamName, where] = parts as unknown as [
    string,
    string,
    string,
    string,
    string?,
  ];
  // What stands between quotes is text of the user and no SQL.
  const code = `${columns} ${where ?? ""}`.replace(/'(?:[^']|'')*'/g, "''");
  if (/\|\||;|\b(JOIN|GROUP|OVER|UNION|ORDER|LIMIT|HAVING|DISTINCT)\b/i.test(code))
    bad("sql: row-level only");
  if (/(^|,)\s*\*/.test(code)) bad("sql: every column is explicit");
  for (const [, called] of code.matchAll(/\b([a-z_0-9]+)\s*\(/gi)) {
    if (
      !FUNCTIONS.has(called!.toLowerCase()) &&
      !/^(and|or|in|when|then|else|not)$/i.test(called!)
    ) {
      bad(`sql: no function ${called}`);
    }
  }
  return { stream: streamName, sink: sinkName };
}

export function maintenance(value: unknown): Json {
  const body = object(value, "maintenance", [], ["compaction", "snapshot_expiration"]);
  if (body.compaction !== undefined) {
    const compaction = object(body.compaction, "compaction", [], ["state", "target_size_mb"]);
    choice(compaction.state, "compaction.state", ["enabled", "disabled"]);
    choice(compaction.target_size_mb, "target_size_mb", ["64", "128", "256", "512"]);
  }
  if (body.snapshot_expiration !== undefined) {
    const expiry = object(
      body.snapshot_expiration,
      "snapshot_expiration",
      [],
      ["state", "max_snapshot_age", "min_snapshots_to_keep"],
    );
    choice(expiry.state, "snapshot_expiration.state", ["enabled", "disabled"]);
    if (!/^\d+[dhms]$/.test(String(expiry.max_snapshot_age))) bad("max_snapshot_age: such as 7d");
    whole(expiry.min_snapshots_to_keep, "min_snapshots_to_keep", 1);
  }
  return body;
}

export function lifecycle(value: unknown): Json[] {
  const { rules } = object(value, "lifecycle", ["rules"]);
  if (!Array.isArray(rules)) bad("rules: a list");
  for (const entry of rules as unknown[]) {
    const rule = object(
      entry,
      "rule",
      ["id", "conditions", "enabled"],
      ["abortMultipartUploadsTransition", "deleteObjectsTransition", "storageClassTransitions"],
    );
    object(rule.conditions, "conditions", ["prefix"]);
    const age = (transition: unknown, keys: string[]) => {
      const { condition } = object(transition, "transition", ["condition"], keys);
      const { type, maxAge } = object(condition, "condition", ["type", "maxAge"]);
      choice(type, "condition.type", ["Age"]);
      whole(maxAge, "maxAge", 86_400);
    };
    for (const transition of (rule.storageClassTransitions as Json[]) ?? []) {
      age(transition, ["storageClass"]);
      choice(transition.storageClass, "storageClass", ["InfrequentAccess"]);
    }
    if (rule.abortMultipartUploadsTransition) age(rule.abortMultipartUploadsTransition, []);
    if (rule.deleteObjectsTransition) age(rule.deleteObjectsTransition, []);
  }
  return rules as Json[];
}
