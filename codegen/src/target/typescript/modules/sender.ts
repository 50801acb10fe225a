import { createClaims } from "./claims.js";
import { createClock } from "./clock.js";
import type { ConvertOptions, RecordResult } from "./convert.js";
import { type PipelineBinding, createDelivery } from "./delivery.js";
import type { Fault } from "./faults.js";
import { createHooks } from "./hooks.js";
import { MAX_RECORD_BYTES, MAX_REQUEST_BYTES } from "./limits.js";
import { type RejectCode, type SenderOptions, checkOptions } from "./options.js";
import { createQueue } from "./queue.js";
import { type CancelSignal, type WaitOptions, signalOf } from "./signal.js";
import { tooLarge, utf8Length } from "./size.js";
import type { SendSummary, Tally } from "./tally.js";

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

/** Returns a sender whose records come from `toRecord`. */
export function createRecordSender<Event, Wire>(
  binding: PipelineBinding<Wire>,
  toRecord: (event: Event, options: ConvertOptions) => RecordResult<Wire>,
  options: SenderOptions<Event>,
): Sender<Event> {
  checkOptions(binding, options);
  const maxRequestBytes = options.maxRequestBytes ?? MAX_REQUEST_BYTES;
  const maxRecordBytes = Math.min(options.maxRecordBytes ?? MAX_RECORD_BYTES, maxRequestBytes - 2);
  const { maxQueueEvents = 10_000, maxQueueBytes = 20_000_000 } = options;
  const { flushIntervalMs = 1_000, closeTimeoutMs = 30_000 } = options;

  const clock = createClock();
  const hooks = createHooks(options);
  const claims = createClaims(clock);
  const queue = createQueue<Item<Event, Wire>>({ maxQueueEvents, maxQueueBytes, maxRequestBytes });
  // What has left for a request.
  let underWay: readonly Item<Event, Wire>[] = [];
  let isPumping = false;
  let isClosed = false;
  let cancelInterval: (() => void) | undefined;

  const delivery = createDelivery<Wire, Item<Event, Wire>>(binding, options, clock, {
    sent: (item) => settle(item, () => void item.tally.summary.sent++),
    failed: (item, fault) => settle(item, () => hooks.deadLetter(item.event, item.tally, fault)),
  });

  /** Settles an item, once: whatever is said of it later counts no more. */
  function settle(item: Item<Event, Wire>, how: () => void): void {
    if (item.isSettled) return;
    item.isSettled = true;
    queue.settle(item);
    how();
    hooks.end(item.tally);
  }

  function add(event: Event, tally: Tally, isFull: boolean): void {
    if (isClosed) return hooks.deadLetter(event, tally, CLOSED);
    if (isFull) return hooks.deadLetter(event, tally, queue.fullFault());
    const result = toRecord(event, options);
    if (!result.success) return hooks.reject(event, tally, result.faults);
    const { record } = result;
    const bytes = utf8Length(JSON.stringify(record));
    if (bytes >= maxRecordBytes) {
      return hooks.reject(event, tally, [tooLarge(record, bytes, maxRecordBytes)]);
    }
    hooks.begin(tally);
    queue.push({ event, record, bytes, tally, isSettled: false });
    if (queue.isDue()) void pump();
    else sendLater();
  }

  function sendLater(): void {
    cancelInterval ??= clock.after(flushIntervalMs, sendAll);
  }

  function sendAll(): void {
    endInterval();
    queue.hurry();
    void pump();
  }

  function endInterval(): void {
    cancelInterval?.();
    cancelInterval = undefined;
  }

  /** Sends what fills requests and what is due, one request after another. */
  async function pump(): Promise<void> {
    if (isPumping) return;
    isPumping = true;
    // Nothing leaves before the caller of `add` or `send` is through with its events.
    await Promise.resolve();
    while (queue.isDue()) {
      underWay = queue.take();
      if (queue.isEmpty()) endInterval();
      await delivery.deliver(underWay);
    }
    underWay = [];
    isPumping = false;
    if (!queue.isEmpty()) sendLater();
  }

  /** Settles all that is not, as the sender does not go on. */
  function giveUp(received: string): void {
    const expected = "an answer that the stream has taken the record";
    const fault = { code: "send-aborted", path: [], expected, received } as const;
    for (const item of [...underWay, ...queue.takeAll()]) {
      settle(item, () => hooks.deadLetter(item.event, item.tally, fault));
    }
    delivery.stop();
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
    await Promise.race([claims.settled(), over]);
    signal?.removeEventListener("abort", onAbort);
    cancel();
    release();
  }

  return {
    add(event) {
      add(event, claims.current(), queue.isFull());
      return queue.ready();
    },
    ready: queue.ready,
    async send(events, wait) {
      const signal = signalOf(wait);
      // A list that cannot be read throws before anything is added.
      const list = isList(events) ? [...events] : [events];
      const tally = claims.own();
      // A list is taken as a whole: it is in memory already.
      const wasFull = queue.isFull();
      for (const event of list) add(event, tally, wasFull);
      sendAll();
      return claims.conclusion([tally], tally.settled(), signal);
    },
    async flush(wait) {
      const signal = signalOf(wait);
      const tallies = claims.claim();
      sendAll();
      return claims.conclusion(tallies, claims.settled(), signal);
    },
    async close(wait) {
      const signal = signalOf(wait);
      isClosed = true;
      queue.close();
      const tallies = claims.claim();
      sendAll();
      await settledOrGivenUp(signal);
      for (const tally of tallies) {
        if (tally.n_open > 0) tally.fail(new Error(`${tally.n_open} events: ${UNSETTLED}`));
      }
      return claims.conclusion(tallies, Promise.resolve(), signal);
    },
    get queued() {
      return queue.size;
    },
  };
}

const UNSETTLED = "`onReject` or `onDeadLetter` did not settle in time";

const CLOSED: Fault<RejectCode> = {
  code: "sender-closed",
  path: [],
  expected: "an open sender",
  received: "a closed one",
};

function isList<Event>(events: Event | readonly Event[]): events is readonly Event[] {
  return Array.isArray(events);
}
