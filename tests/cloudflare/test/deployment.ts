// An account on the stub of the platform, and deploy.sh with the real wrangler against it.

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

import { KIT, type Outcome, TESTS, folder, run, text } from "./files.ts";
import { ACCOUNT, API_TOKEN, CATALOG_TOKEN, Platform, R2_KEYS } from "./stub.ts";

const SECRETS = [API_TOKEN, CATALOG_TOKEN, R2_KEYS.id, R2_KEYS.secret];

export class Deployment {
  readonly platform = new Platform();
  readonly environment: Record<string, string | undefined>;
  readonly #calls: string;

  private constructor(name: string) {
    const scratch = folder(`deploy/${name}`);
    this.#calls = join(scratch, "calls");
    writeFileSync(this.#calls, "");
    // Notes the arguments that every user of the machine could read, then runs the real wrangler.
    const wrangler = join(scratch, "wrangler");
    const real = join(TESTS, "node_modules/.bin/wrangler");
    writeFileSync(wrangler, `#!/bin/sh\necho "$*" >>'${this.#calls}'\nexec '${real}' "$@"\n`);
    chmodSync(wrangler, 0o755);
    this.environment = {
      PATH: process.env.PATH,
      HOME: scratch,
      WRANGLER: wrangler,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      CLOUDFLARE_API_TOKEN: API_TOKEN,
      CATALOG_TOKEN,
    };
  }

  /** Starts with an empty account, or with what another one holds. */
  static async start(name: string, from?: Platform): Promise<Deployment> {
    const deployment = new Deployment(name);
    await deployment.platform.start();
    if (from) deployment.platform.hold(from);
    deployment.environment.CLOUDFLARE_API_BASE_URL = deployment.platform.url;
    deployment.environment.BASIN_SQL_API_BASE_URL = deployment.platform.url;
    return deployment;
  }

  /** Returns the arguments of every run of wrangler so far. */
  calls(): string[] {
    return text(this.#calls).split("\n").filter(Boolean);
  }

  /** Runs deploy.sh. */
  async run(args: string[] = [], kit = KIT): Promise<Outcome> {
    return this.#watched("bash", [join(kit, "deploy.sh"), ...args]);
  }

  /** Runs retire.mjs of a move. */
  async retire(kit: string, ...args: string[]): Promise<Outcome> {
    return this.#watched("node", [join(kit, "retire.mjs"), ...args]);
  }

  /** Runs a program; nothing that is said or passed on may ever hold a secret. */
  async #watched(command: string, args: string[]): Promise<Outcome> {
    const env = this.environment as NodeJS.ProcessEnv;
    const outcome = await run(command, args, { env });
    for (const secret of SECRETS) {
      expect(outcome.output).not.toContain(secret);
      expect(text(this.#calls)).not.toContain(secret);
    }
    expect(this.platform.unknown).toEqual([]);
    return outcome;
  }

  /** Runs the script, which must succeed, and returns what it says. */
  async succeed(args?: string[], kit?: string): Promise<string> {
    const { code, output } = await this.run(args, kit);
    expect(output).not.toMatch(/error/i);
    expect(code).toBe(0);
    return output;
  }

  /** Runs the script, which must fail, and returns what it says. */
  async fail(args?: string[], kit?: string): Promise<string> {
    const { code, output } = await this.run(args, kit);
    expect(code, output).toBe(1);
    return output;
  }
}
