import type { Clock } from "./clock.js";
import { type CancelSignal, unlessAborted } from "./signal.js";
import { type SendSummary, Tally, conclude } from "./tally.js";

/** Who is told what became of which events: each event is in one tally, and each tally told once. */
export type Claims = {
  /** The tally of the events that are added one by one, until somebody asks for them. */
  current(): Tally;

  /** Returns a tally of the caller's own. */
  own(): Tally;

  /** Returns the tallies of which nobody was told yet; from now on the caller waits for them. */
  claim(): Tally[];

  /** Resolves when everything that somebody waits for is settled. */
  settled(): Promise<unknown>;

  /**
   * Resolves with what became of the events of some tallies, when `settled` does. Where the signal
   * ends the waiting, it is left to the next caller to be told.
   */
  conclusion(
    tallies: readonly Tally[],
    settled: Promise<unknown>,
    signal: CancelSignal | undefined,
  ): Promise<SendSummary>;
};

/** Returns claims to nothing. */
export function createClaims(clock: Clock): Claims {
  // What became of events that were added one by one, or whose callers went away.
  let unclaimed: [Tally, ...Tally[]] = [new Tally()];
  // What `send`, `flush` and `close` wait for.
  const claimed = new Set<Tally>();

  return {
    current: () => unclaimed[0],
    own() {
      const tally = new Tally();
      claimed.add(tally);
      return tally;
    },
    claim() {
      const tallies = unclaimed;
      unclaimed = [new Tally()];
      for (const tally of tallies) claimed.add(tally);
      return tallies;
    },
    settled: () => Promise.all([...claimed].map((tally) => tally.settled())),
    async conclusion(tallies, settled, signal) {
      const release = clock.hold();
      try {
        await unlessAborted(settled, signal);
      } catch (reason) {
        unclaimed.push(...tallies);
        throw reason;
      } finally {
        for (const tally of tallies) claimed.delete(tally);
        release();
      }
      return conclude(tallies);
    },
  };
}
