import { describe } from "./faults.js";

/** What a sender needs of an `AbortSignal`, whatever library declares it. */
export type CancelSignal = {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};

/** How to wait for a sender. */
export type WaitOptions = {
  /** Ends the waiting: the promise rejects with its reason. */
  signal?: CancelSignal | undefined;
};

/** Returns the signal of a caller, which must be one. */
export function signalOf(wait: WaitOptions | undefined): CancelSignal | undefined {
  const signal = wait?.signal;
  if (signal === undefined || typeof signal?.addEventListener === "function") return signal;
  throw new TypeError(`\`signal\`: expected an AbortSignal, found ${describe(signal)}`);
}

/** Resolves as `promise` does, or rejects with the reason of a signal. */
export function unlessAborted(
  promise: Promise<unknown>,
  signal: CancelSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted === true) return abort();
    signal?.addEventListener("abort", abort);
    void promise.then(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
  });
}
