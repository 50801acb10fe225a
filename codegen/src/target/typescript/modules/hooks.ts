import type { Fault } from "./faults.js";
import type { RejectCode, SenderOptions } from "./options.js";
import { HookError, Tally } from "./tally.js";

/** Hands events to the functions of a sender's options, and knows what is not settled yet. */
export type Hooks<Event> = {
  /** Counts an event that has to be settled. */
  begin(tally: Tally): void;

  /** Counts an event as settled. */
  end(tally: Tally): void;

  /** Hands on an event that is at fault itself. */
  reject(event: Event, tally: Tally, faults: readonly Fault<RejectCode>[]): void;

  /** Hands on an event that is in order and was not delivered. */
  deadLetter(event: Event, tally: Tally, fault: Fault<RejectCode>): void;
};

// How often a hook may bring itself about. One that adds what it is handed to a sender that is full
// or closed would do so without end.
const MAX_NESTED = 100;

/** Returns the hooks of a sender. What they throw is in the tally of the event. */
export function createHooks<Event>(options: SenderOptions<Event>): Hooks<Event> {
  const { onReject, onDeadLetter, waitUntil } = options;
  // Everything that has to be settled, whoever asks for it.
  const all = new Tally();
  let n_nested = 0;

  function begin(tally: Tally): void {
    if (all.n_open === 0) keepAlive(tally);
    all.begin();
    tally.begin();
  }

  function end(tally: Tally): void {
    tally.end();
    all.end();
  }

  /** Tells the platform that there is something to do until everything is settled. */
  function keepAlive(tally: Tally): void {
    if (waitUntil === undefined) return;
    // The first event is counted by the time that this runs.
    const idle = Promise.resolve().then(() => all.settled());
    try {
      waitUntil(idle);
    } catch (error) {
      tally.fail(error);
    }
  }

  function hand(
    name: "onReject" | "onDeadLetter",
    event: Event,
    tally: Tally,
    faults: readonly Fault<RejectCode>[],
  ): void {
    begin(tally);
    call(name === "onReject" ? onReject : onDeadLetter, event, faults)
      .catch((error: unknown) => tally.fail(new HookError(name, event, faults, error)))
      .then(() => end(tally));
  }

  /** Within an async function all that a hook throws becomes a rejected promise. */
  async function call(
    hook: SenderOptions<Event>["onDeadLetter"],
    event: Event,
    faults: readonly Fault<RejectCode>[],
  ): Promise<void> {
    if (n_nested >= MAX_NESTED) throw new Error(`it has called itself ${MAX_NESTED} times`);
    let result: unknown;
    n_nested++;
    try {
      result = hook?.(event, faults);
    } finally {
      n_nested--;
    }
    await result;
  }

  return {
    begin,
    end,
    reject(event, tally, faults) {
      tally.summary.rejected++;
      hand("onReject", event, tally, faults);
    },
    deadLetter(event, tally, fault) {
      tally.summary.deadLettered++;
      hand(onDeadLetter === undefined ? "onReject" : "onDeadLetter", event, tally, [fault]);
    },
  };
}
