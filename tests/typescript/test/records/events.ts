// Events in memory, and what is wrong with them.

import { type UnifiedEventInput, safeToPipelineRecord } from "unified-event/pipeline";

/** The columns that every event has. */
export const CORE = {
  id: "1",
  event_type: "log",
  event_name: "job.ended",
  ns: "shop.example",
} as const;
/** An event that is in order. */
export const LOG = { ...CORE, log_level: "info" };
/** The present moment, for the tests. */
export const NOW = Date.parse("2026-11-21T09:00:00.123Z");
/** Options with that moment. */
export const options = { now: () => NOW };

/** Returns the faults of an event that may be anything, as `code path`. */
export function faults(event: unknown): string[] {
  const result = safeToPipelineRecord(event as UnifiedEventInput, options);
  return result.success ? [] : result.faults.map(({ code, path }) => `${code} ${path.join("/")}`);
}

/** Returns the faults of a log with some value as its data. */
export function dataFaults(data: unknown): string[] {
  return faults({ ...LOG, data });
}
