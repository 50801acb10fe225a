import { type Fault, describe } from "./faults.js";
import type { PipelineBinding, RejectCode } from "./sender.js";

/** When a sender tries again, and how it waits. */
export type SenderTiming = {
  /** How often a request is tried in all; 5 if absent. */
  maxAttempts?: number | undefined;

  /** The longest wait before the second attempt, in milliseconds; 100 if absent. It doubles. */
  baseDelayMs?: number | undefined;

  /** The longest wait before any attempt, in milliseconds; 10,000 if absent. */
  maxDelayMs?: number | undefined;

  /** Says whether another attempt can help; if absent, unless the error has a 4xx `status`. */
  isTransient?: ((error: unknown) => boolean) | undefined;

  /** Waits; a timer if absent. */
  sleep?: ((ms: number) => Promise<unknown>) | undefined;

  /** Returns a number from 0 to 1 that spreads the waits of many senders; `Math.random` if absent. */
  random?: (() => number) | undefined;
};

/** What a delivery reports of each item. */
type Report<Item> = {
  sent(item: Item): void;
  rejected(item: Item, fault: Fault<RejectCode>): void;
};

type Failure = { error: unknown; isRefusal: boolean };

// Every runtime of the package has it, but no library of ECMAScript declares it.
declare const setTimeout: (done: () => void, ms: number) => unknown;

/**
 * Returns a function that sends the records of a batch. It repeats requests that fail and divides
 * those that are refused, until each item is reported; it never throws.
 */
export function createDelivery<Wire, Item extends { record: Wire }>(
  binding: PipelineBinding<Wire>,
  timing: SenderTiming,
  report: Report<Item>,
): (batch: Item[]) => Promise<void> {
  const { maxAttempts = 5, baseDelayMs = 100, maxDelayMs = 10_000 } = timing;
  const isTransient = timing.isTransient ?? isNoRefusal;
  const random = timing.random ?? Math.random;
  const sleep = timing.sleep ?? ((ms) => new Promise<void>((done) => void setTimeout(done, ms)));

  /** Returns why the last attempt failed, or nothing if the stream took the records. */
  async function attempt(records: Wire[]): Promise<Failure | undefined> {
    for (let n = 1; ; n++) {
      let error: unknown;
      try {
        await binding.send(records);
        return undefined;
      } catch (thrown) {
        error = thrown;
      }
      // The functions of the caller must not take the records along when they fail.
      try {
        const isRefusal = !isTransient(error);
        if (isRefusal || n >= maxAttempts) return { error, isRefusal };
        // Full jitter: senders that failed together do not come back together.
        await sleep(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (n - 1)));
      } catch (thrown) {
        return { error: thrown, isRefusal: false };
      }
    }
  }

  return async function deliver(batch: Item[]): Promise<void> {
    const failure = await attempt(batch.map(({ record }) => record));
    if (failure === undefined) {
      batch.forEach(report.sent);
    } else if (failure.isRefusal && batch.length > 1) {
      // One record fails its whole request: halves find it, and let the others through.
      const middle = batch.length >> 1;
      await deliver(batch.slice(0, middle));
      await deliver(batch.slice(middle));
    } else {
      const fault = failed(failure.error);
      for (const item of batch) report.rejected(item, fault);
    }
  };
}

function failed(error: unknown): Fault<RejectCode> {
  return {
    code: "send-failed",
    path: [],
    expected: "an answer that the stream has taken the record",
    received: error instanceof Error ? `an error: ${error.message}` : describe(error),
  };
}

/** Says whether an error is none of the answers that stay the same when asked again. */
function isNoRefusal(error: unknown): boolean {
  const status = (error as { status?: unknown } | null | undefined)?.status;
  if (typeof status !== "number" || status < 400 || status > 499) return true;
  return status === 408 || status === 429;
}
