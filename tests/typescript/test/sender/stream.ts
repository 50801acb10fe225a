// Streams that take, refuse and fail as a test says, and what senders do with them.

import { vi } from "vitest";
import type {
  Fault,
  RejectCode,
  SendSummary,
  SenderOptions,
  UnifiedEventInput,
  UnifiedEventRecord,
} from "unified-event/pipeline";

/** An event that is in order. */
export function log(id: number, message = "ok"): UnifiedEventInput {
  const core = { id: String(id), event_type: "log", event_name: "job.ended", ns: "shop.example" };
  return { ...core, event_type: "log", log_level: "info", log_message: message };
}

/** How many bytes of JSON a value takes. */
export function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** What became of events. */
export function summary(sent: number, rejected: number, deadLettered: number): SendSummary {
  return { sent, rejected, deadLettered };
}

/** An error as an HTTP client would throw it. */
export function status(code: number): Error {
  return Object.assign(new Error(`status ${code}`), { status: code });
}

/** A stream that remembers what it took, and fails as `fail` says. */
export function stream(
  fail: (records: UnifiedEventRecord[], call: number) => unknown = () => undefined,
) {
  const requests: UnifiedEventRecord[][] = [];
  const sizes: number[] = [];
  let calls = 0;
  return {
    requests,
    sizes,
    ids: () => requests.flat().map(({ id }) => id),
    calls: () => calls,
    async send(records: UnifiedEventRecord[]) {
      sizes.push(bytes(records));
      const error = fail(records, ++calls);
      if (error !== undefined) throw error;
      requests.push(records);
    },
  };
}

/** An event that was handed to a hook. */
export type Noted = { event: UnifiedEventInput; faults: readonly Fault<RejectCode>[] };

/** Returns options that wait hardly at all, and what they note. */
export function noted(more: Partial<SenderOptions<UnifiedEventInput>> = {}) {
  const rejected: Noted[] = [];
  const dead: Noted[] = [];
  const options: SenderOptions<UnifiedEventInput> = {
    onReject: (event, faults) => void rejected.push({ event, faults }),
    onDeadLetter: (event, faults) => void dead.push({ event, faults }),
    baseDelayMs: 1,
    random: () => 1,
    now: () => Date.parse("2026-11-21T09:00:00Z"),
    ...more,
  };
  const codes = (of: Noted[]) => of.map(({ faults }) => faults[0]?.code);
  return { options, rejected, dead, codes: () => codes(rejected), deadCodes: () => codes(dead) };
}

/** Returns how long timers were asked to wait, but for those of time limits. */
export function waits(): number[] {
  const { calls } = vi.mocked(setTimeout).mock;
  return calls.map(([, ms]) => ms ?? 0).filter((ms) => ms < 1_000);
}
