import { MAX_MS } from "./clock.js";
import type { ConvertOptions } from "./convert.js";
import type { SenderTiming } from "./delivery.js";
import { type Fault, type FaultCode, describe, formatFault } from "./faults.js";

/** Why an event could not be sent. */
export type RejectCode = FaultCode | "record-too-large" | DeadLetterCode;

/** Why a stream did not take an event that is in order. */
export type DeadLetterCode =
  /** The stream refused the record, or failed in all attempts. */
  | "send-failed"
  /** The last attempt had no answer in time: the record may have arrived. */
  | "timed-out"
  /** `close` reached its limit or was aborted: the record may have arrived if it was on its way. */
  | "send-aborted"
  /** More waited than the sender keeps. */
  | "queue-full"
  /** The sender was closed before the event was added. */
  | "sender-closed";

/** How a sender works. Every part but `onReject` has a default. */
export type SenderOptions<Event> = ConvertOptions &
  SenderTiming & {
    /**
     * Takes every event that is at fault itself, with its faults: sent again, it would be refused
     * again. What it returns is awaited; what it throws comes out of `send`, `flush` or `close`.
     */
    onReject: (event: Event, faults: readonly Fault<RejectCode>[]) => unknown;

    /**
     * Takes every event that is in order and was not delivered, with the reason: store it, to send
     * it later. It is awaited as `onReject` is, which takes these events too if this is absent.
     */
    onDeadLetter?: ((event: Event, faults: readonly Fault<RejectCode>[]) => unknown) | undefined;

    /** Keeps the Worker alive while there is something to do: `(p) => ctx.waitUntil(p)`. */
    waitUntil?: ((sending: Promise<unknown>) => void) | undefined;

    /** All records of a request stay below so many bytes of JSON; 5,000,000 if absent. */
    maxRequestBytes?: number | undefined;

    /** A record stays below so many bytes of JSON; 1,000,000 if absent. */
    maxRecordBytes?: number | undefined;

    /** How many events wait at most, those on their way among them; 10,000 if absent. */
    maxQueueEvents?: number | undefined;

    /** How many bytes of JSON wait at most; 20,000,000 if absent. */
    maxQueueBytes?: number | undefined;

    /** How long an event waits for a request to fill up, in milliseconds; 1,000 if absent. */
    flushIntervalMs?: number | undefined;

    /** After how many milliseconds `close` gives up what is not sent; 30,000 if absent. */
    closeTimeoutMs?: number | undefined;
  };

/** The error of a sender that is set up wrongly, with all that is wrong. */
export class SenderOptionsError extends TypeError {
  override readonly name: string = "SenderOptionsError";

  /** All faults of the options. */
  readonly faults: readonly Fault<"option">[];

  constructor(faults: readonly Fault<"option">[]) {
    super(`the sender cannot be set up: ${faults.map(formatFault).join("; ")}`);
    this.faults = faults;
  }
}

/** What an option may be: what it is called, and the test. */
type Rule = readonly [expected: string, accepts: (value: unknown) => boolean];

const FUNCTION: Rule = ["a function", (value) => typeof value === "function"];
const COUNT = whole(1, Number.MAX_SAFE_INTEGER);
const WAIT = time(0);
const LIMIT = time(1);

const RULES: { readonly [Option in keyof Required<SenderOptions<never>>]: Rule } = {
  onReject: FUNCTION,
  onDeadLetter: FUNCTION,
  waitUntil: FUNCTION,
  now: FUNCTION,
  random: FUNCTION,
  isTransient: FUNCTION,
  maxAttempts: COUNT,
  baseDelayMs: WAIT,
  maxDelayMs: WAIT,
  timeoutMs: LIMIT,
  closeTimeoutMs: LIMIT,
  flushIntervalMs: WAIT,
  maxRequestBytes: COUNT,
  maxRecordBytes: COUNT,
  maxQueueEvents: COUNT,
  maxQueueBytes: COUNT,
};

function whole(from: number, to: number): Rule {
  const test = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
  return [`an integer of at least ${from}`, test];
}

function time(from: number): Rule {
  const test = (value: unknown) => typeof value === "number" && value >= from && value <= MAX_MS;
  return [`milliseconds from ${from} to ${MAX_MS}`, test];
}

/** Throws all that is wrong with the set-up of a sender, if anything is. */
export function checkOptions(binding: unknown, options: unknown): void {
  const faults: Fault<"option">[] = [];
  const add = (name: string, expected: string, value: unknown) =>
    faults.push({ code: "option", path: [name], expected, received: describe(value) });
  if (typeof (binding as { send?: unknown } | null | undefined)?.send !== "function") {
    add("binding", "the binding of a stream, as the configuration of the Worker names it", binding);
  }
  if (typeof options !== "object" || options === null) {
    add("options", "an object with `onReject`", options);
    throw new SenderOptionsError(faults);
  }
  const given: { [option: string]: unknown } = { onReject: undefined, ...options };
  for (const [name, value] of Object.entries(given)) {
    const isKnown = Object.prototype.hasOwnProperty.call(RULES, name);
    const rule = isKnown ? RULES[name as keyof typeof RULES] : undefined;
    if (rule === undefined) add(name, `one of ${Object.keys(RULES).join(", ")}`, value);
    else if (name === "onReject" && value === undefined) {
      add(name, "a function: without it, events that cannot be sent are lost", value);
    } else if (value !== undefined && !rule[1](value)) add(name, rule[0], value);
  }
  if (faults.length > 0) throw new SenderOptionsError(faults);
}
