// The Durable Object: one shop with its orders.

import { DurableObject } from "cloudflare:workers";
import type { PipelineBindings } from "unified-event/cloudflare";
import {
  type Sender,
  type UnifiedEventInput,
  createSender,
} from "unified-event/pipeline";

import * as events from "./events.js";

export type Env = Pick<PipelineBindings, "UNIFIED_EVENTS_PIPELINE"> & {
  SHOP: DurableObjectNamespace<Shop>;
};

/** What a client sends to order something. */
export type OrderRequest = { user: string; sku: string; price: number };

type Rejected = { id: unknown; faults: string[] };

export class Shop extends DurableObject<Env> {
  #sql = this.ctx.storage.sql;
  #sender: Sender<UnifiedEventInput>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    );
    this.#sql.exec("CREATE TABLE IF NOT EXISTS rejected (body TEXT NOT NULL)");
    this.#sender = createSender(env.UNIFIED_EVENTS_PIPELINE, {
      waitUntil: (sending) => ctx.waitUntil(sending),
      // What cannot be sent is kept, so that somebody can look at it. What the stream does not take
      // comes here too, as there is no `onDeadLetter`.
      onReject: (event, faults) => {
        const rejected: Rejected = {
          id: event?.id,
          faults: faults.map(({ code, path }) => `${code} ${path}`),
        };
        this.#sql.exec(
          "INSERT INTO rejected (body) VALUES (?)",
          JSON.stringify(rejected),
        );
      },
    });
  }

  /** Takes an order, and reports everything that happens on the way. */
  async order(name: string, url: string, request: OrderRequest) {
    const scene: events.Scene = {
      ns: `https://${name}.example`,
      trace: events.hex(16),
      session: crypto.randomUUID(),
      object: this.ctx.id.toString(),
      url: new URL(url),
      start: new Date(),
    };
    const order: events.Order = { id: crypto.randomUUID(), ...request };
    this.#sql.exec(
      "INSERT INTO orders (id, body) VALUES (?, ?)",
      order.id,
      JSON.stringify(order),
    );
    const n_orders = this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM orders")
      .one().n;
    const sent = await this.#sender.send([
      events.page(scene, "visitor-1"),
      events.snippet(scene),
      events.vital(scene),
      events.replay(scene),
      events.track(scene, order),
      events.change(scene, order, BigInt(n_orders)),
      events.metric(scene, n_orders),
      events.log(scene, `order ${order.id}: "${order.sku}"\nfor ${order.user}`),
      events.span(scene, order),
      events.tail(scene, 201),
    ]);
    return { order: order.id, ...sent };
  }

  /** Passes on events that a browser sends. They are checked like our own, and nobody trusts them. */
  async collect(sent: UnifiedEventInput[]) {
    return this.#sender.send(sent);
  }

  rejected(): Rejected[] {
    const rows = this.#sql.exec<{ body: string }>(
      "SELECT body FROM rejected ORDER BY rowid",
    );
    return rows.toArray().map(({ body }) => JSON.parse(body));
  }
}
