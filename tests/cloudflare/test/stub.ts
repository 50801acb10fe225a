// A stand-in for the platform's REST API on loopback: it keeps what it is given and checks every
// body as the documentation says the platform does.

import { randomUUID } from "node:crypto";
import { type IncomingMessage, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import * as rules from "./rules.ts";
import { Refused } from "./rules.ts";

type Json = Record<string, unknown>;
type Entry = Json & { id: string; name: string };
export type Request = { method: string; path: string; body: unknown };

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const API_TOKEN = "api-token-that-nobody-may-see";
export const CATALOG_TOKEN = "catalog-token-that-nobody-may-see";
export const R2_KEYS = {
  id: "r2-key-id-that-nobody-may-see",
  secret: "r2-secret-that-nobody-may-see",
};
const QUOTA = 20;
const NO_ROUTE = 7003;
/** Every bucket starts with this rule. */
const DEFAULT_RULE = {
  id: "Default Multipart Abort Rule",
  enabled: true,
  conditions: { prefix: "" },
  abortMultipartUploadsTransition: { condition: { type: "Age", maxAge: 604_800 } },
};

export class Platform {
  buckets: string[] = [];
  catalogs = new Map<string, Json>();
  lifecycles = new Map<string, Json[]>();
  streams: Entry[] = [];
  sinks: Entry[] = [];
  pipelines: Entry[] = [];
  /** When rows arrived, by table as `namespace.table`; a table without an entry is not there. */
  arrivals = new Map<string, Date[]>();
  /** Every request in order. */
  requests: Request[] = [];
  /** What was asked for and does not exist on the platform. */
  unknown: string[] = [];
  /** Refuses requests for reasons that only the platform knows. */
  refuse: (request: Request) => { status?: number; code: number; message: string } | undefined =
    () => undefined;
  url = "";
  #server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body }) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
  });

  /** Takes over what another platform holds. */
  hold(other: Platform): void {
    const { buckets, catalogs, lifecycles, streams, sinks, pipelines, arrivals } = other;
    Object.assign(
      this,
      structuredClone({ buckets, catalogs, lifecycles, streams, sinks, pipelines, arrivals }),
    );
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Returns the requests that change something, as `METHOD path name`. */
  changes(): string[] {
    const changing = this.requests.filter(
      ({ method, path }) => method !== "GET" && !/\/(validate_sql|basin-sql)\b/.test(path),
    );
    return changing.map(({ method, path, body }) => {
      const named = (body as Json | null)?.name;
      return `${method} ${path}${named ? ` ${String(named)}` : ""}`;
    });
  }

  async #answer(incoming: IncomingMessage): Promise<{ status: number; body: Json }> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const url = new URL(incoming.url ?? "/", this.url);
    const method = incoming.method ?? "GET";
    const path = url.pathname.replace(`/accounts/${ACCOUNT}`, "");
    const failed = (status: number, code: number, message: string) => ({
      status,
      body: { success: false, errors: [{ code, message }], messages: [], result: null },
    });
    try {
      const body: unknown = sent === "" ? null : JSON.parse(sent);
      const request = { method, path, body };
      this.requests.push(request);
      if (incoming.headers.authorization !== `Bearer ${API_TOKEN}`)
        return failed(401, 10000, "Authentication error");
      const refusal = this.refuse(request);
      if (refusal) return failed(refusal.status ?? 400, refusal.code, refusal.message);
      const result = this.#route(request, url.searchParams);
      return { status: 200, body: { success: true, errors: [], messages: [], result } };
    } catch (error) {
      if (error instanceof Refused && error.code === NO_ROUTE)
        this.unknown.push(`${method} ${path}`);
      if (error instanceof Refused) return failed(error.status, error.code, error.message);
      return failed(500, 1, String(error));
    }
  }

  #route({ method, path, body }: Request, query: URLSearchParams): unknown {
    const [, root, ...parts] = path.split("/");
    const key = `${method} ${root}`;
    if (root === "pipelines" && parts[0] === "v1")
      return this.#pipelines(method, parts.slice(1), body, query);
    if (root === "r2" && parts[0] === "buckets")
      return this.#bucketRoute(method, parts.slice(1), body);
    if (root === "basin-sql" && method === "POST") return this.#query(parts, body as Json);
    if (root === "r2-catalog") return this.#catalogRoute(method, parts, body);
    throw new Refused(404, NO_ROUTE, `no route ${key} ${path}`);
  }

  #bucketRoute(method: string, [name, sub]: string[], body: unknown): unknown {
    if (method === "POST" && name === undefined) {
      const created = rules.bucketName((body as Json).name);
      if (this.buckets.includes(created))
        throw new Refused(409, 10004, "The bucket you tried to create already exists");
      this.buckets.push(created);
      return { name: created };
    }
    if (name === undefined || !this.buckets.includes(name))
      throw new Refused(404, 10006, "The specified bucket does not exist.");
    if (sub === undefined) return { name, creation_date: "2026-01-01T00:00:00Z" };
    if (sub !== "lifecycle") throw new Refused(404, NO_ROUTE, `no route ${sub}`);
    if (method === "PUT") {
      // Rules in the bucket of a catalog take files away from under its tables.
      if (this.catalogs.has(name)) throw new Refused(409, 10087, "the bucket has a catalog");
      this.lifecycles.set(name, rules.lifecycle(body));
      return {};
    }
    return { rules: this.lifecycles.get(name) ?? [DEFAULT_RULE] };
  }

  #catalogRoute(method: string, [bucket = "", action]: string[], body: unknown): unknown {
    if (!this.buckets.includes(bucket))
      throw new Refused(404, 10006, "The specified bucket does not exist.");
    if (method === "POST" && action === "enable") {
      this.catalogs.set(bucket, {
        status: "active",
        credential_status: "absent",
        maintenance_config: {},
      });
      return { id: randomUUID(), name: `${ACCOUNT}_${bucket}` };
    }
    const catalog = this.catalogs.get(bucket);
    if (!catalog) throw new Refused(404, 40401, "the catalog is not enabled");
    if (action === undefined) return { ...catalog, bucket };
    if (action === "credential" && method === "POST") {
      if ((body as Json).token !== CATALOG_TOKEN)
        throw new Refused(400, 40011, "credential: not a token");
      catalog.credential_status = "present";
      return {};
    }
    if (action !== "maintenance-configs") throw new Refused(404, NO_ROUTE, `no route ${action}`);
    if (method === "POST") {
      if (catalog.credential_status !== "present")
        throw new Refused(400, 40012, "maintenance needs a credential");
      catalog.maintenance_config = {
        ...(catalog.maintenance_config as Json),
        ...rules.maintenance(body),
      };
    }
    return catalog;
  }

  #pipelines(
    method: string,
    [kind = "", id]: string[],
    body: unknown,
    query: URLSearchParams,
  ): unknown {
    if (kind === "validate_sql") return { tables: this.#tables((body as Json).sql) };
    const all = { streams: this.streams, sinks: this.sinks, pipelines: this.pipelines }[kind];
    if (!all) throw new Refused(404, NO_ROUTE, `no route ${kind}`);
    if (method === "GET" && id !== undefined) {
      const found = all.find((entry) => entry.id === id);
      if (!found) throw new Refused(404, 1000, `${kind} ${id} not found`);
      return found;
    }
    if (method === "GET") {
      const page = Number(query.get("page") ?? 1);
      const size = Number(query.get("per_page") ?? 20);
      const named = all.filter(({ name }) => name.includes(query.get("name") ?? ""));
      return named.slice((page - 1) * size, page * size);
    }
    const one = all.find((entry) => entry.id === id);
    if (method === "PATCH" && kind === "streams" && one)
      return Object.assign(one, rules.streamChange(body), {
        modified_at: new Date().toISOString(),
      });
    if (method === "DELETE" && one) {
      const uses = (pipeline: Entry) => (pipeline.tables as Json[]).some((t) => t.id === id);
      if (kind !== "pipelines" && this.pipelines.some(uses))
        throw new Refused(422, 1010, `${one.name} is still in use`);
      all.splice(all.indexOf(one), 1);
      return null;
    }
    if (method !== "POST" || id !== undefined)
      throw new Refused(405, 7001, `${method} is not allowed`);
    if (all.length >= QUOTA) throw new Refused(400, 1004, `the account has ${QUOTA} ${kind}`);
    const entry = {
      ...this.#checked(kind, body),
      modified_at: new Date().toISOString(),
      id: randomUUID().replaceAll("-", ""),
    } as unknown as Entry;
    if (all.some(({ name }) => name === entry.name))
      throw new Refused(409, 1005, `${entry.name} exists`);
    all.push(entry);
    return entry;
  }

  #checked(kind: string, body: unknown): Json {
    if (kind === "streams") {
      const stream = rules.stream(body);
      // The platform writes out what a sender may leave out.
      const fields = (stream.schema as { fields: Json[] }).fields.map((f) => ({
        ...f,
        sql_name: null,
        metadata_key: null,
      }));
      return {
        ...stream,
        schema: { fields, inferred: null },
        version: 1,
        endpoint: "https://x.ingest.example",
      };
    }
    if (kind === "sinks") {
      const sink = rules.sink(body, ACCOUNT);
      const { config } = sink;
      if (!this.buckets.includes(config.bucket))
        throw new Refused(400, 1006, `no bucket ${config.bucket}`);
      if (sink.type === "r2") {
        const keys = config.credentials as Json;
        if (keys.access_key_id !== R2_KEYS.id || keys.secret_access_key !== R2_KEYS.secret)
          throw new Refused(400, 1009, "credentials");
      } else {
        if (!this.catalogs.has(config.bucket))
          throw new Refused(400, 1007, `no catalog in ${config.bucket}`);
        if (config.token !== CATALOG_TOKEN) throw new Refused(400, 1009, "token");
        const taken = this.sinks.some((s) => (s.config as Json).table_name === config.table_name);
        if (taken) throw new Refused(400, 1008, `table ${String(config.table_name)} exists`);
      }
      // Secrets never come back.
      const { token: _token, credentials: _credentials, ...shown } = config as Json;
      return { ...sink, config: shown, schema: { fields: [], inferred: null } };
    }
    const { name, sql, ...rest } = body as Json;
    if (Object.keys(rest).length > 0)
      throw new Refused(400, 1001, `unknown key ${Object.keys(rest).join()}`);
    rules.name(name);
    return { name, sql, status: "running", tables: Object.values(this.#tables(sql)) };
  }

  /** Answers the one query that the kit asks, on rows of which only the time of arrival is known. */
  #query([action, bucket = ""]: string[], { warehouse, query }: Json): unknown {
    const asked = /^SELECT count\(\*\) AS n_rows FROM (\S+) WHERE __ingest_ts >= '(\S+Z)'$/.exec(
      String(query),
    );
    if (action !== "query" || warehouse !== `${ACCOUNT}_${bucket}` || !asked)
      throw new Refused(400, 40003, `syntax: ${String(query)}`);
    if (!this.catalogs.has(bucket)) throw new Refused(404, 40009, `no warehouse ${bucket}`);
    const [, table, since] = asked as unknown as [string, string, string];
    const rows = this.arrivals.get(table);
    if (!rows) throw new Refused(404, 40010, `table ${table} not found`);
    const n_rows = rows.filter((time) => time >= new Date(since)).length;
    return { schema: [{ name: "n_rows" }], rows: [{ n_rows }], metrics: {} };
  }

  #tables(sql: unknown): Record<string, Json> {
    const { stream, sink } = rules.transform(sql);
    const known = [
      ["stream", this.streams.find(({ name }) => name === stream), stream],
      ["sink", this.sinks.find(({ name }) => name === sink), sink],
    ] as const;
    return Object.fromEntries(
      known.map(([type, entry, name]) => {
        if (!entry) throw new Refused(400, 1003, `sql: no ${type} ${name}`);
        return [name, { id: entry.id, name, type, version: 1, latest: 1 }];
      }),
    );
  }
}
