// What happens in the shop, as events: one function an event type.

import type { UnifiedEventInput } from "unified-event/pipeline";

/** What all events of one request share. */
export type Scene = {
  ns: string;
  trace: string;
  session: string;
  object: string;
  url: URL;
  start: Date;
};

export type Order = { id: string; user: string; sku: string; price: number };

/** Returns so many random bytes in hexadecimal digits, as trace and span ids are written. */
export function hex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

function event<Type extends UnifiedEventInput["event_type"]>(
  scene: Scene,
  type: Type,
  name: string,
) {
  return {
    id: crypto.randomUUID(),
    event_type: type,
    event_name: name,
    ns: scene.ns,
    session_id: scene.session,
    timestamp: new Date(),
    service_name: "example-shop",
    do_class: "Shop",
    do_id: scene.object,
    event_source: "durable_object",
  };
}

/** The span of the request in the object. Spans have a start and an end instead of one moment. */
export function span(scene: Scene, order: Order): UnifiedEventInput {
  return {
    ...event(scene, "trace", "order.create"),
    timestamp: null,
    trace_id: scene.trace,
    span_id: hex(8),
    started_at: scene.start,
    ended_at: new Date(),
    duration_ms: Date.now() - scene.start.getTime(),
    outcome: "success",
    http_method: "POST",
    http_url: scene.url.href,
    http_status: 201,
    actor_id: order.user,
    resource_type: "order",
    resource_id: `orders/${order.id}`,
  };
}

export function metric(scene: Scene, n_orders: number): UnifiedEventInput {
  return {
    ...event(scene, "metric", "orders.counted"),
    metric_name: "shop.orders",
    metric_type: "sum",
    metric_unit: "{order}",
    metric_value: n_orders,
  };
}

export function log(scene: Scene, message: string): UnifiedEventInput {
  return {
    ...event(scene, "log", "log.recorded"),
    trace_id: scene.trace,
    log_level: "info",
    log_message: message,
    log_logger: "shop",
  };
}

/** A change of the object's own database. Its row travels as JSON, its place in history as text. */
export function change(
  scene: Scene,
  order: Order,
  place: bigint,
): UnifiedEventInput {
  return {
    ...event(scene, "cdc", "order.inserted"),
    timestamp_ns: BigInt(Date.now()) * 1_000_000n + place,
    db_system: "sqlite",
    db_table: "orders",
    db_operation: "INSERT",
    db_row_id: order.id,
    db_after: JSON.stringify(order),
  };
}

export function track(scene: Scene, order: Order): UnifiedEventInput {
  return {
    ...event(scene, "track", "order.completed"),
    actor_id: order.user,
    actor_type: "user",
    resource_type: "order",
    resource_id: `orders/${order.id}`,
    properties: { sku: order.sku, price: order.price, currency: "EUR" },
  };
}

export function page(scene: Scene, anonymous: string): UnifiedEventInput {
  return {
    ...event(scene, "page", "page.viewed"),
    anonymous_id: anonymous,
    http_url: `${scene.ns}/checkout`,
    page_title: "Checkout – «Wool & Socks»",
    client_type: "browser",
  };
}

export function vital(scene: Scene): UnifiedEventInput {
  return {
    ...event(scene, "vital", "vital.measured"),
    http_url: `${scene.ns}/checkout`,
    vital_name: "LCP",
    vital_value: 1830.5,
    vital_rating: "good",
  };
}

export function replay(scene: Scene): UnifiedEventInput {
  return {
    ...event(scene, "replay", "replay.recorded"),
    replay_type: "incremental",
    replay_sequence: 0,
    data: { type: 3, data: { source: 2, x: 11, y: 7 } },
  };
}

/** What the Worker says of its own invocation. */
export function tail(scene: Scene, status: number): UnifiedEventInput {
  return {
    ...event(scene, "tail", "worker.invoked"),
    event_source: "tail",
    outcome: "ok",
    http_method: "POST",
    http_url: scene.url.href,
    http_status: status,
    service_name: "example-shop",
  };
}

export function snippet(scene: Scene): UnifiedEventInput {
  return {
    ...event(scene, "snippet", "resource.loaded"),
    event_source: "snippet",
    http_method: "GET",
    http_url: `${scene.ns}/img/sock-3.avif`,
    http_status: 200,
    snippet_request_id: crypto.randomUUID(),
    snippet_ttfb: 38.1,
  };
}
