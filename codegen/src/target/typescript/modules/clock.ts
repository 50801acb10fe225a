/** A timer that was started, and may be told not to keep the process alive. */
type Timer = { ref?(): unknown; unref?(): unknown };

// Every runtime of the package has them, but no library of ECMAScript declares them. Where a timer
// is a number, as in browsers and Workers, none keeps anything alive.
declare const setTimeout: (done: () => void, ms: number) => Timer;
declare const clearTimeout: (timer: Timer) => void;

/** The longest time that a timer takes; with a longer one it fires at once. */
export const MAX_MS: number = 2 ** 31 - 1;

/** Starts timers that keep a process alive only while somebody waits. */
export type Clock = {
  /** Calls `done` after `ms`, and returns a function that prevents it. */
  after(ms: number, done: () => void): () => void;

  /** Lets the timers keep the process alive until the function that is returned is called. */
  hold(): () => void;
};

/** Returns a clock. */
export function createClock(): Clock {
  const timers = new Set<Timer>();
  let n_holds = 0;
  return {
    after(ms, done) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        done();
      }, ms);
      timers.add(timer);
      if (n_holds === 0) timer.unref?.();
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    hold() {
      if (n_holds++ === 0) for (const timer of timers) timer.ref?.();
      return () => {
        if (--n_holds === 0) for (const timer of timers) timer.unref?.();
      };
    },
  };
}
