import type { Fault } from "./faults.js";

/** What became of events. */
export type SendSummary = {
  /** How many the stream has taken. */
  sent: number;

  /** How many were at fault themselves, and were handed to `onReject`. */
  rejected: number;

  /** How many the stream did not take, and were handed to `onDeadLetter`. */
  deadLettered: number;
};

/** The error of an event that `onReject` or `onDeadLetter` failed to take: it is nowhere else. */
export class HookError extends Error {
  override readonly name: string = "HookError";

  /** The event as it was given. */
  readonly event: unknown;

  /** Why it was not sent. */
  readonly faults: readonly Fault<string>[];

  constructor(hook: string, event: unknown, faults: readonly Fault<string>[], cause: unknown) {
    super(`\`${hook}\` failed to take an event`, { cause });
    this.event = event;
    this.faults = faults;
  }
}

/** The error of `send`, `flush` and `close` when functions of the options have failed. */
export class SenderError extends AggregateError {
  override readonly name: string = "SenderError";

  /** What became of the events all the same. */
  readonly summary: SendSummary;

  constructor(errors: readonly unknown[], n_errors: number, summary: SendSummary) {
    const more = n_errors > errors.length ? `, the first ${errors.length} are kept` : "";
    super(errors, `functions of the sender's options have failed: ${n_errors} errors${more}`);
    this.summary = summary;
  }
}

// Errors hold their events. A function that always fails must not fill the memory with them.
const MAX_ERRORS = 100;

/** What became of the events of one caller, and how many still wait. */
export class Tally {
  readonly summary: SendSummary = { sent: 0, rejected: 0, deadLettered: 0 };
  readonly errors: unknown[] = [];
  n_errors = 0;
  #n_open = 0;
  #waiting: (() => void)[] = [];

  /** Counts an event that has to be settled. */
  begin(): void {
    this.#n_open++;
  }

  /** Counts an event as settled. */
  end(): void {
    if (--this.#n_open > 0) return;
    for (const done of this.#waiting.splice(0)) done();
  }

  /** How many events have to be settled. */
  get n_open(): number {
    return this.#n_open;
  }

  /** Notes what a function of the options has thrown. */
  fail(error: unknown): void {
    if (this.n_errors++ < MAX_ERRORS) this.errors.push(error);
  }

  /** Resolves when every event is settled. */
  settled(): Promise<void> {
    if (this.#n_open === 0) return Promise.resolve();
    return new Promise((done) => void this.#waiting.push(done));
  }
}

/** Returns what became of the events of all tallies, or throws the errors among them. */
export function conclude(tallies: readonly Tally[]): SendSummary {
  const total: SendSummary = { sent: 0, rejected: 0, deadLettered: 0 };
  const errors: unknown[] = [];
  let n_errors = 0;
  for (const tally of tallies) {
    total.sent += tally.summary.sent;
    total.rejected += tally.summary.rejected;
    total.deadLettered += tally.summary.deadLettered;
    errors.push(...tally.errors);
    n_errors += tally.n_errors;
  }
  if (n_errors > 0) throw new SenderError(errors, n_errors, total);
  return total;
}
