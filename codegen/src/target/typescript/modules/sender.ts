import { createClock } from "./clock.js";
import type { ConvertOptions, RecordResult } from "./convert.js";
import { createDelivery } from "./delivery.js";
import { type Fault, describe } from "./faults.js";
import { MAX_RECORD_BYTES, MAX_REQUEST_BYTES } from "./limits.js";
import { type RejectCode, type SenderOptions, checkOptions } from "./options.js";
import { utf8Length } from "./size.js";
import { HookError, type SendSummary, Tally, conclude } from "./tally.js";

/** The binding of a stream, as far as a sender needs it; `Pipeline` of the platform is one. */
export type PipelineBinding<Wire> = { send(records: Wire[]): Promise<void> };

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

/** Sends events to a stream, in batches and in order. */
export type Sender<Event> = {
  /**
   * Checks an event and keeps its record for the next request, which starts by itself: when it is
   * full, after the flush interval, or when the queue is half full.
   *
   * The promise resolves when there is room for the next event, and never rejects. Who awaits it
   * before adding more never fills the queue; what does not fit is handed to `onDeadLetter`.
   */
  add(event: Event): Promise<void>;

  /** Resolves when there is room for more events, as what `add` returns. */
  ready(): Promise<void>;

  /**
   * Adds the events, starts sending them, and resolves with what became of them. Aborted, even
   * before it begins, it only stops waiting: the events are in the sender, and the next `flush`
   * says what became of them.
   */
  send(events: Event | readonly Event[], options?: WaitOptions): Promise<SendSummary>;

  /**
   * Resolves when every event that was added before is settled, with what became of those added
   * since the last flush. Aborted, it only stops waiting.
   *
   * @throws `SenderError` with what the functions of the options have thrown.
   */
  flush(options?: WaitOptions): Promise<SendSummary>;

  /**
   * Flushes; every event that is added afterwards is handed to `onDeadLetter`, and so is what is
   * not sent within `closeTimeoutMs` or when the signal is aborted.
   */
  close(options?: WaitOptions): Promise<SendSummary>;

  /** How many events wait, those on their way among them. */
  readonly queued: number;
};

/** An event with its record, until it is settled. */
type Item<Event, Wire> = {
  event: Event;
  record: Wire;
  bytes: number;
  tally: Tally;
  isSettled: boolean;
};

const MAX_QUEUE_EVENTS = 10_000;
const MAX_QUEUE_BYTES = 20_000_000;
const FLUSH_INTERVAL_MS = 1_000;
const CLOSE_TIMEOUT_MS = 30_000;

/** Returns a sender whose records come from `toRecord`. */
export function createRecordSender<Event, Wire>(
  binding: PipelineBinding<Wire>,
  toRecord: (event: Event, options: ConvertOptions) => RecordResult<Wire>,
  options: SenderOptions<Event>,
): Sender<Event> {
  checkOptions(binding, options);
  const { onReject, onDeadLetter = onReject, waitUntil } = options;
  const maxRequestBytes = options.maxRequestBytes ?? MAX_REQUEST_BYTES;
  const maxRecordBytes = Math.min(options.maxRecordBytes ?? MAX_RECORD_BYTES, maxRequestBytes - 2);
  const maxQueueEvents = options.maxQueueEvents ?? MAX_QUEUE_EVENTS;
  const maxQueueBytes = options.maxQueueBytes ?? MAX_QUEUE_BYTES;
  const flushIntervalMs = options.flushIntervalMs ?? FLUSH_INTERVAL_MS;
  const closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS;

  const clock = createClock();
  // What waits for a request, and what has left for one.
  let queue: Item<Event, Wire>[] = [];
  let queueBytes = 2;
  let underWay: readonly Item<Event, Wire>[] = [];
  // How many items of the queue are to be sent although they fill no request.
  let n_due = 0;
  // All that is not settled.
  const held = { events: 0, bytes: 0 };
  let isPumping = false;
  let isClosed = false;
  let cancelInterval: (() => void) | undefined;
  let room: Promise<void> | undefined;
  let makeRoom: () => void = () => {};
  // Everything that has to be settled, whoever asks for it.
  const all = new Tally();
  // What became of events that were added one by one, or whose callers went away.
  let unclaimed: Tally[] = [new Tally()];
  // What `send` and `flush` wait for.
  const claimed = new Set<Tally>();

  const delivery = createDelivery<Wire, Item<Event, Wire>>(binding, options, clock, {
    sent: (item) => settle(item, () => void item.tally.summary.sent++),
    failed: (item, fault) => settle(item, () => deadLetter(item.event, item.tally, fault)),
  });

  /** Settles an item, once: whatever is said of it later counts no more. */
  function settle(item: Item<Event, Wire>, how: () => void): void {
    if (item.isSettled) return;
    item.isSettled = true;
    held.events--;
    held.bytes -= item.bytes;
    how();
    end(item.tally);
    if (hasRoom()) endPressure();
  }

  function endPressure(): void {
    makeRoom();
    room = undefined;
  }

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

  function reject(event: Event, tally: Tally, faults: readonly Fault<RejectCode>[]): void {
    tally.summary.rejected++;
    hand("onReject", onReject, event, tally, faults);
  }

  function deadLetter(event: Event, tally: Tally, fault: Fault<RejectCode>): void {
    tally.summary.deadLettered++;
    const name = options.onDeadLetter === undefined ? "onReject" : "onDeadLetter";
    hand(name, onDeadLetter, event, tally, [fault]);
  }

  function hand(
    name: string,
    hook: typeof onReject,
    event: Event,
    tally: Tally,
    faults: readonly Fault<RejectCode>[],
  ): void {
    begin(tally);
    // Within an async function all that it throws becomes a rejected promise.
    (async () => void (await hook(event, faults)))()
      .catch((error: unknown) => tally.fail(new HookError(name, event, faults, error)))
      .then(() => end(tally));
  }

  function hasRoom(): boolean {
    return held.events * 2 < maxQueueEvents && held.bytes * 2 < maxQueueBytes;
  }

  function ready(): Promise<void> {
    if (hasRoom() || isClosed) return Promise.resolve();
    room ??= new Promise((resolve) => (makeRoom = resolve));
    return room;
  }

  function add(event: Event, tally: Tally, isFull: boolean): void {
    if (isClosed) return deadLetter(event, tally, CLOSED);
    if (isFull) return deadLetter(event, tally, full(held.events, held.bytes));
    const result = toRecord(event, options);
    if (!result.success) return reject(event, tally, result.faults);
    const { record } = result;
    const bytes = utf8Length(JSON.stringify(record));
    if (bytes >= maxRecordBytes) {
      return reject(event, tally, [tooLarge(record, bytes, maxRecordBytes)]);
    }
    begin(tally);
    queue.push({ event, record, bytes, tally, isSettled: false });
    held.events++;
    held.bytes += bytes;
    // One byte for the comma.
    queueBytes += bytes + 1;
    if (!hasRoom()) n_due = queue.length;
    if (n_due > 0 || queueBytes >= maxRequestBytes) void pump();
    else cancelInterval ??= clock.after(flushIntervalMs, sendAll);
  }

  function isFull(): boolean {
    return held.events >= maxQueueEvents || held.bytes >= maxQueueBytes;
  }

  function sendAll(): void {
    cancelInterval?.();
    cancelInterval = undefined;
    n_due = queue.length;
    void pump();
  }

  /** Sends what fills requests and what is due, one request after another. */
  async function pump(): Promise<void> {
    if (isPumping) return;
    isPumping = true;
    // Nothing leaves before the caller of `add` or `send` is through with its events.
    await Promise.resolve();
    while (queue.length > 0 && (n_due > 0 || queueBytes >= maxRequestBytes)) {
      underWay = takeBatch();
      await delivery.deliver(underWay);
    }
    underWay = [];
    isPumping = false;
    if (queue.length > 0) cancelInterval ??= clock.after(flushIntervalMs, sendAll);
  }

  /** Takes as much from the queue as fits a request. */
  function takeBatch(): readonly Item<Event, Wire>[] {
    let bytes = 2;
    let n = 0;
    for (const item of queue) {
      if (bytes + item.bytes + 1 >= maxRequestBytes && n > 0) break;
      bytes += item.bytes + 1;
      n++;
    }
    queueBytes -= bytes - 2;
    n_due = Math.max(0, n_due - n);
    const batch = queue.splice(0, n);
    if (queue.length === 0) {
      cancelInterval?.();
      cancelInterval = undefined;
    }
    return batch;
  }

  /** Settles all that is not, as the sender does not go on. */
  function giveUp(received: string): void {
    const items = [...underWay, ...queue];
    queue = [];
    queueBytes = 2;
    n_due = 0;
    const fault = { code: "send-aborted", path: [], expected: EXPECTED, received } as const;
    for (const item of items) settle(item, () => deadLetter(item.event, item.tally, fault));
    delivery.stop();
  }

  /** Returns the tallies of whom nobody waits for yet. */
  function claim(): Tally[] {
    const tallies = unclaimed;
    unclaimed = [new Tally()];
    for (const tally of tallies) claimed.add(tally);
    return tallies;
  }

  /** Leaves it to the next caller to say what became of the events. */
  function disclaim(tallies: readonly Tally[]): void {
    for (const tally of tallies) claimed.delete(tally);
    unclaimed.push(...tallies);
  }

  /** Resolves with what became of the events of some tallies, when `settled` does. */
  async function conclusion(
    tallies: readonly Tally[],
    settled: Promise<unknown>,
    signal: CancelSignal | undefined,
  ): Promise<SendSummary> {
    const release = clock.hold();
    try {
      await unlessAborted(settled, signal);
    } catch (reason) {
      disclaim(tallies);
      throw reason;
    } finally {
      release();
    }
    for (const tally of tallies) claimed.delete(tally);
    return conclude(tallies);
  }

  /** Resolves when everything that somebody waits for is settled. */
  function allClaimed(): Promise<unknown> {
    return Promise.all([...claimed].map((tally) => tally.settled()));
  }

  /**
   * Resolves when everything is settled. What is not when the time is over or the signal is aborted
   * is given up; what takes it has as much time again.
   */
  async function settledOrGivenUp(signal: CancelSignal | undefined): Promise<void> {
    let cancel = () => {};
    const abort = (received: string) => {
      cancel();
      cancel = clock.after(closeTimeoutMs, resolve);
      giveUp(received);
    };
    let resolve = () => {};
    const over = new Promise<void>((done) => (resolve = done));
    const onAbort = () => abort("`close` was aborted");
    const release = clock.hold();
    cancel = clock.after(closeTimeoutMs, () => abort(`\`close\` took ${closeTimeoutMs} ms`));
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) onAbort();
    await Promise.race([allClaimed(), over]);
    signal?.removeEventListener("abort", onAbort);
    cancel();
    release();
  }

  return {
    add(event) {
      add(event, unclaimed[0] as Tally, isFull());
      return ready();
    },
    ready,
    async send(events, wait) {
      const signal = signalOf(wait);
      const tally = new Tally();
      claimed.add(tally);
      // A list is taken as a whole: it is in memory already.
      const wasFull = isFull();
      for (const event of isList(events) ? events : [events]) add(event, tally, wasFull);
      sendAll();
      return conclusion([tally], tally.settled(), signal);
    },
    async flush(wait) {
      const signal = signalOf(wait);
      const tallies = claim();
      sendAll();
      return conclusion(tallies, allClaimed(), signal);
    },
    async close(wait) {
      const signal = signalOf(wait);
      isClosed = true;
      endPressure();
      const tallies = claim();
      sendAll();
      await settledOrGivenUp(signal);
      for (const tally of tallies) {
        if (tally.n_open > 0) tally.fail(new Error(`${tally.n_open} events: ${UNSETTLED}`));
      }
      return conclusion(tallies, Promise.resolve(), signal);
    },
    get queued() {
      return held.events;
    },
  };
}

const EXPECTED = "an answer that the stream has taken the record";
const UNSETTLED = "`onReject` or `onDeadLetter` did not settle in time";

const CLOSED: Fault<RejectCode> = {
  code: "sender-closed",
  path: [],
  expected: "an open sender",
  received: "a closed one",
};

function full(events: number, bytes: number): Fault<RejectCode> {
  const received = `a queue of ${events} events and ${bytes} bytes`;
  return { code: "queue-full", path: [], expected: "room in the queue", received };
}

function isList<Event>(events: Event | readonly Event[]): events is readonly Event[] {
  return Array.isArray(events);
}

/** Returns the signal of a caller, which must be one. */
function signalOf(wait: WaitOptions | undefined): CancelSignal | undefined {
  const signal = wait?.signal;
  if (signal === undefined || typeof signal?.addEventListener === "function") return signal;
  throw new TypeError(`\`signal\`: expected an AbortSignal, found ${describe(signal)}`);
}

/** Resolves as `promise` does, or rejects with the reason of a signal. */
function unlessAborted(promise: Promise<unknown>, signal: CancelSignal | undefined): Promise<void> {
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

/** Returns the fault of a record that is too large; it names the column that takes the most. */
function tooLarge(record: unknown, bytes: number, limit: number): Fault<RejectCode> {
  let largest = { column: "", bytes: 0 };
  for (const [column, value] of Object.entries(record as object)) {
    const size = utf8Length(JSON.stringify(value) ?? "");
    if (size > largest.bytes) largest = { column, bytes: size };
  }
  return {
    code: "record-too-large",
    path: [largest.column],
    expected: `a record of less than ${limit} bytes of JSON`,
    received: `${bytes} bytes, ${largest.bytes} of them in the column`,
  };
}
