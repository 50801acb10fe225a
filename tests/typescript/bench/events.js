// Ten thousand mixed events: the valid ones of tests/events with ids of their own, in a fixed order.

import { readFileSync } from "node:fs";
import { validate } from "unified-event/validate";

const url = (path) => new URL(`../../../${path}`, import.meta.url);

export const model = JSON.parse(readFileSync(url("generated/model.json"), "utf8"));

const lines = readFileSync(url("tests/events/valid/unified_events.ndjson"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  // Integers that parsing has rounded are faults here, and not to the others.
  .filter((line) => validate(JSON.parse(line)).length === 0);

/** Returns the events; one in `faulty` has a number as text, none if it is 0. */
export function mixedEvents(n, faulty) {
  return Array.from({ length: n }, (_, i) => {
    // Each event is parsed by itself, as a server gets them.
    const event = JSON.parse(lines[(i * 7919) % lines.length]);
    event.id = `${event.id}-${i}`;
    if (faulty > 0 && i % faulty === 0) event.http_status = "200";
    return event;
  });
}
