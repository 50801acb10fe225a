import type { Clock } from "./clock.js";
import { type Outcome, divide } from "./division.js";
import { type Fault, describeError } from "./faults.js";
import type { RejectCode } from "./options.js";

/** The binding of a stream, as far as a sender needs it; `Pipeline` of the platform is one. */
export type PipelineBinding<Wire> = { send(records: Wire[]): Promise<void> };

/** When a sender tries again, and how long it waits. */
export type SenderTiming = {
  /** How often a request is tried in all; 5 if absent. */
  maxAttempts?: number | undefined;

  /** How long a request may take, in milliseconds; 10,000 if absent. Then it is tried again. */
  timeoutMs?: number | undefined;

  /** The longest wait before the second attempt, in milliseconds; 100 if absent. It doubles. */
  baseDelayMs?: number | undefined;

  /**
   * The longest wait before any attempt, in milliseconds; 30,000 if absent. A stream that asks for
   * more time (`Retry-After`) is not asked again.
   */
  maxDelayMs?: number | undefined;

  /** Says whether another attempt can help; if absent, unless the error has a 4xx `status`. */
  isTransient?: ((error: unknown) => boolean) | undefined;

  /** Returns a number from 0 to 1 that spreads the waits of many senders; `Math.random` if absent. */
  random?: (() => number) | undefined;
};

/** Sends the records of items, and tells of each item what came of it. */
export type Delivery<Item> = {
  /** Sends a batch. Every item is reported, unless the delivery is stopped; it never throws. */
  deliver(batch: readonly Item[]): Promise<void>;

  /** Ends all waiting, and sends nothing any more. */
  stop(): void;
};

/** What a delivery reports of each item. */
type Report<Item> = {
  sent(item: Item): void;
  failed(item: Item, fault: Fault<RejectCode>): void;
};

/** Why the last attempt failed, and whether the records or the whole request were refused. */
type Failure = { fault: Fault<RejectCode>; refused: "records" | "request" | "nothing" };

/** What came of a request and its repetitions. */
type Result = "taken" | "stopped" | Failure;

/** What the wait for an answer ended with. */
type Answer = "taken" | "stopped" | "timeout" | { error: unknown };

// Answers that are about the content of a request. All others stay the same for any records.
const CONTENT_STATUSES: readonly unknown[] = [400, 413, 422];

const EXPECTED = "an answer that the stream has taken the record";

/**
 * Returns a delivery. It repeats requests that fail and divides those whose records are refused;
 * a request that is refused whatever its records are is not asked again.
 */
export function createDelivery<Wire, Item extends { record: Wire }>(
  binding: PipelineBinding<Wire>,
  timing: SenderTiming,
  clock: Clock,
  report: Report<Item>,
): Delivery<Item> {
  const { maxAttempts = 5, timeoutMs = 10_000, baseDelayMs = 100, maxDelayMs = 30_000 } = timing;
  const isTransient = timing.isTransient ?? isNoRefusal;
  const random = timing.random ?? Math.random;
  let isStopped = false;
  // Ends the wait that is going on: at most one is, as batches go out one after another.
  let wake: (answer: Answer) => void = () => {};

  /** Waits for `wake`, at most so long. */
  function wait(ms: number, start?: () => void): Promise<Answer> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, () => wake("timeout"));
      wake = (answer) => {
        wake = () => {};
        cancel();
        resolve(answer);
      };
      start?.();
    });
  }

  /** Sends records, again and again while that can help. */
  async function attempt(records: Wire[]): Promise<Result> {
    let n = 0;
    // The attempt whose answer is waited for; 0 in between and in the end.
    let awaited = 0;
    let isTaken = false;
    let isOver = false;

    function send(): void {
      const own = ++n;
      awaited = own;
      // An attempt that took too long may still have an answer: the records are there.
      const onTaken = () => {
        isTaken = true;
        if (!isOver) wake("taken");
      };
      const onError = (error: unknown) => {
        if (own === awaited) wake({ error });
      };
      try {
        // A list of its own: a binding may empty it, and the next attempt must have all records.
        Promise.resolve(binding.send([...records])).then(onTaken, onError);
      } catch (error) {
        onError(error);
      }
    }

    async function repeat(): Promise<Result> {
      for (;;) {
        const answer = await wait(timeoutMs, send);
        awaited = 0;
        if (isTaken) return "taken";
        if (isStopped) return "stopped";
        const failure = judge(answer, n);
        if (failure.refused !== "nothing" || n >= maxAttempts) return failure;
        const asked = retryAfterMs(answer);
        if (asked > maxDelayMs) return tooLong(failure, asked);
        // Full jitter: senders that failed together do not come back together.
        const chance = Math.min(1, random());
        await wait(Math.max(asked, chance * Math.min(maxDelayMs, baseDelayMs * 2 ** (n - 1)) || 0));
        if (isTaken) return "taken";
        if (isStopped) return "stopped";
      }
    }

    try {
      return await repeat();
    } catch (error) {
      // The functions of the caller must not take the records along when they fail.
      return { fault: failed(n, describeError(error)), refused: "nothing" };
    } finally {
      isOver = true;
      awaited = 0;
    }
  }

  function judge(answer: Answer, n: number): Failure {
    if (typeof answer === "string") return { fault: timedOut(n, timeoutMs), refused: "nothing" };
    const { error } = answer;
    const fault = failed(n, describeError(error));
    if (isTransient(error)) return { fault, refused: "nothing" };
    const status = statusOf(error);
    const isContent = status === undefined || CONTENT_STATUSES.includes(status);
    return { fault, refused: isContent ? "records" : "request" };
  }

  async function deliver(batch: readonly Item[]): Promise<void> {
    let last: Fault<RejectCode> | undefined;

    async function send(items: readonly Item[]): Promise<Outcome> {
      if (isStopped) return "final";
      const result = await attempt(items.map(({ record }) => record));
      if (result === "stopped") return "final";
      if (result === "taken") {
        items.forEach(report.sent);
        return "taken";
      }
      last = result.fault;
      if (result.refused === "records" && items.length > 1) return "divisible";
      for (const item of items) report.failed(item, result.fault);
      return "final";
    }

    if ((await send(batch)) !== "divisible") return;
    await divide(batch, send, (items) => {
      if (last === undefined) return;
      const received = `${last.received}, as for all others that were tried`;
      for (const item of items) report.failed(item, { ...last, received });
    });
  }

  return {
    deliver,
    stop() {
      isStopped = true;
      wake("stopped");
    },
  };
}

function failed(n: number, received: string): Fault<RejectCode> {
  const attempts = n > 1 ? ` in the last of ${n} attempts` : "";
  return { code: "send-failed", path: [], expected: EXPECTED, received: `${received}${attempts}` };
}

function timedOut(n: number, ms: number): Fault<RejectCode> {
  const received = `no answer within ${ms} ms in the last of ${n} attempts`;
  return { code: "timed-out", path: [], expected: EXPECTED, received };
}

function tooLong({ fault, refused }: Failure, ms: number): Failure {
  const received = `${fault.received}, and the wish to be asked again after ${ms / 1_000} s`;
  return { fault: { ...fault, received }, refused };
}

/** Returns the HTTP status of an error, if it has one. */
function statusOf(error: unknown): number | undefined {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === "number" ? status : undefined;
}

/** Returns true if an error is none of the answers that stay the same when asked again. */
function isNoRefusal(error: unknown): boolean {
  const status = statusOf(error);
  if (status === undefined || status < 400 || status > 499) return true;
  return status === 408 || status === 425 || status === 429;
}

/**
 * Returns for how long a stream asks to be left alone: the `Retry-After` header of an error or of
 * its response, or what a client made of it, in seconds; 0 if it does not ask.
 */
function retryAfterMs(answer: Answer): number {
  if (typeof answer === "string") return 0;
  type Carrier = { headers?: unknown; response?: { headers?: unknown }; retryAfter?: unknown };
  const error = (answer.error ?? {}) as Carrier;
  try {
    const value =
      error.retryAfter ?? header(error.headers) ?? header(error.response?.headers) ?? "";
    if (typeof value === "number") return value >= 0 ? value * 1_000 : 0;
    if (typeof value !== "string" || value === "") return 0;
    const seconds = Number(value);
    const ms = seconds >= 0 ? seconds * 1_000 : Date.parse(value) - Date.now();
    return ms > 0 ? ms : 0;
  } catch {
    // What cannot be read asks for nothing.
    return 0;
  }
}

function header(headers: unknown): unknown {
  if (typeof headers !== "object" || headers === null) return undefined;
  const { get } = headers as { get?: unknown };
  if (typeof get === "function") return get.call(headers, "retry-after");
  return (headers as { [name: string]: unknown })["retry-after"];
}
