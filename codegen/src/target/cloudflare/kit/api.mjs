// HEAD-NOTE
// Requests to the platform's REST API. Tokens go from the environment into requests; they are never
// arguments and never printed.

const api = process.env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
const PAGE = 100;

const SECRETS = [
  "CLOUDFLARE_API_TOKEN",
  "CATALOG_TOKEN",
  "R2_ACCESS_KEY_ID",
  "R2_SECRET_ACCESS_KEY",
  "WRANGLER_BASIN_SQL_AUTH_TOKEN",
];

export class Refusal extends Error {}

export function secret(name) {
  const value = process.env[name];
  if (!value) throw new Refusal(`${name} is not set`);
  return value;
}

/** Returns the result of a request; null where a GET finds nothing, and where there is nothing to say. */
export async function request(method, path, body, attempt = 1) {
  const url = `${api}/accounts/${secret("CLOUDFLARE_ACCOUNT_ID")}${path}`;
  const headers = { Authorization: `Bearer ${secret("CLOUDFLARE_API_TOKEN")}` };
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  } catch (error) {
    throw new Refusal(`${method} ${path}: ${error.cause?.message ?? error.message}`);
  }
  // Only what changes nothing is safe to repeat.
  if (method === "GET" && (response.status === 429 || response.status >= 500) && attempt < 4) {
    await new Promise((done) => setTimeout(done, 250 * 2 ** attempt));
    return request(method, path, body, attempt + 1);
  }
  if (method === "GET" && response.status === 404) return null;
  const answer = await response.json().catch(() => null);
  if (method === "DELETE" && response.ok && answer === null) return null;
  if (!response.ok || !answer?.success) {
    const errors = (answer?.errors ?? []).map(({ code, message }) => `${message} (${code})`);
    throw new Refusal(`${method} ${path}: ${errors.join("; ") || `status ${response.status}`}`);
  }
  return answer.result;
}

export async function list(kind) {
  const found = [];
  for (let page = 1; ; page++) {
    const some = (await request("GET", `/pipelines/v1/${kind}?page=${page}&per_page=${PAGE}`)) ?? [];
    found.push(...some);
    if (some.length < PAGE) return found;
  }
}

export async function find(kind, name) {
  const one = (await list(kind)).find((entry) => entry.name === name);
  return one && (await request("GET", `/pipelines/v1/${kind}/${one.id}`));
}

/** Runs a program to its end; what the platform refuses is said without the secrets. */
export async function main(program) {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Some services repeat what they were sent.
    const hide = (text, name) => (process.env[name] ? text.replaceAll(process.env[name], `$${name}`) : text);
    console.error(SECRETS.reduce(hide, error.message));
    process.exitCode = 1;
  }
}
