// From the wire form of an event to the form in memory, as the event model describes both.

import {
  UNIFIED_COLUMNS,
  UNIFIED_COLUMN_TUPLE,
  type UnifiedEvent,
  type UnifiedEventInit,
  createUnifiedEvent,
} from "unified-event";

/** JSON columns that hold JSON text in memory. */
const JSON_TEXT = new Set(["db_before", "db_after", "metric_buckets", "metric_quantiles"]);

/** Returns the event in memory that a sender of `wire` holds. */
export function fromWire(wire: Record<string, unknown>): UnifiedEvent {
  const memory = Object.entries(wire).map(([name, value]) => {
    if (value === null) return [name, null];
    if (name === "timestamp_ns") return [name, BigInt(value as string)];
    if (JSON_TEXT.has(name)) return [name, JSON.stringify(value)];
    return [name, value];
  });
  return createUnifiedEvent(Object.fromEntries(memory) as UnifiedEventInit);
}

/** Returns what is wrong with the columns of an event in memory. */
export function faults(event: UnifiedEvent): string[] {
  const known = new Set(UNIFIED_COLUMNS.map(({ name }) => name));
  const unknown = Object.keys(event).filter((name) => !known.has(name));
  const wrong = UNIFIED_COLUMN_TUPLE.filter(({ name, type, nullable }) => {
    const value = event[name];
    return value === null ? !nullable : !holds(name, type, value);
  });
  return [
    ...unknown.map((name) => `${name}: no such column`),
    ...wrong.map(({ name }) => `${name}: ${event[name]}`),
  ];
}

function holds(name: string, type: string, value: unknown): boolean {
  switch (type) {
    case "string":
    case "bytes":
      return typeof value === "string";
    case "timestamp":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    case "json":
      if (JSON_TEXT.has(name)) return typeof value === "string" && JSON.parse(value) !== undefined;
      return typeof value === "object" && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
