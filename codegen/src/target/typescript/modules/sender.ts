import type { ConvertOptions, RecordResult } from "./convert.js";
import { type SenderTiming, createDelivery } from "./delivery.js";
import type { Fault, FaultCode } from "./faults.js";
import { utf8Length } from "./size.js";

/** The binding of a stream, as far as a sender needs it; `Pipeline` of the platform is one. */
export type PipelineBinding<Wire> = { send(records: Wire[]): Promise<void> };

/** Why an event could not be sent. */
export type RejectCode =
  | FaultCode
  /** The record is larger than the platform takes. */
  | "record-too-large"
  /** The stream refused the record, or could not be reached in all attempts. */
  | "send-failed"
  /** The sender was closed before the event was added. */
  | "sender-closed";

/** How a sender works. Every part but `onReject` has a default. */
export type SenderOptions<Event> = ConvertOptions &
  SenderTiming & {
    /**
     * Takes every event that cannot be sent, with the reasons: store it, log it, count it. What it
     * throws comes out of `send`, `flush` or `close`, after all other events are dealt with.
     */
    onReject: (event: Event, faults: readonly Fault<RejectCode>[]) => unknown;

    /** Keeps the Worker alive while sending goes on by itself: `(p) => ctx.waitUntil(p)`. */
    waitUntil?: ((sending: Promise<unknown>) => void) | undefined;

    /** All records of a request stay below so many bytes of JSON; 5,000,000 if absent. */
    maxRequestBytes?: number | undefined;

    /** A record stays below so many bytes of JSON; 1,000,000 if absent. */
    maxRecordBytes?: number | undefined;
  };

/** What became of events. */
export type SendSummary = {
  /** How many the stream has taken. */
  sent: number;

  /** How many were handed to `onReject`. */
  rejected: number;
};

/** Sends events to a stream, in batches and in order. */
export type Sender<Event> = {
  /**
   * Checks an event and keeps its record for the next request, which starts by itself as soon as it
   * is full.
   */
  add(event: Event): void;

  /** Adds the events, flushes, and resolves with what became of them. */
  send(events: Event | readonly Event[]): Promise<SendSummary>;

  /**
   * Resolves when every event that was added before is sent or rejected, with what became of those
   * added since the last flush. The promise rejects only with what `onReject` throws.
   */
  flush(): Promise<SendSummary>;

  /** Flushes; every event that is added afterwards is rejected. */
  close(): Promise<SendSummary>;
};

/** What became of the events of one caller. */
type Tally = SendSummary & {
  /** What the functions of the options have thrown. */
  errors: unknown[];

  /** What `onReject` is still doing. */
  rejections: Promise<void>[];
};

/** A record that waits to be sent, with its event in case it cannot be. */
export type Pending<Event, Wire> = { event: Event; record: Wire; tally: Tally };

const MAX_REQUEST_BYTES = 5_000_000;
const MAX_RECORD_BYTES = 1_000_000;

/** Returns a sender whose records come from `toRecord`. */
export function createRecordSender<Event, Wire>(
  binding: PipelineBinding<Wire>,
  toRecord: (event: Event, options: ConvertOptions) => RecordResult<Wire>,
  options: SenderOptions<Event>,
): Sender<Event> {
  const { onReject, waitUntil } = options;
  if (typeof onReject !== "function") {
    throw new TypeError("`onReject` is missing: without it, events that cannot be sent are lost");
  }
  const maxRequestBytes = options.maxRequestBytes ?? MAX_REQUEST_BYTES;
  const maxRecordBytes = Math.min(options.maxRecordBytes ?? MAX_RECORD_BYTES, maxRequestBytes - 2);

  let pending: Pending<Event, Wire>[] = [];
  let pendingBytes = 2;
  let isClosed = false;
  // What became of events that were added one by one, until somebody asks.
  let added = newTally();
  // Requests go out one after another; this is the end of the last one.
  let underWay: Promise<void> = Promise.resolve();

  function reject(event: Event, tally: Tally, fault: readonly Fault<RejectCode>[]): void {
    tally.rejected++;
    // Within an async function all that it throws becomes a rejected promise.
    const rejection = (async () => void (await onReject(event, fault)))();
    tally.rejections.push(rejection.catch((error: unknown) => void tally.errors.push(error)));
  }

  const deliver = createDelivery<Wire, Pending<Event, Wire>>(binding, options, {
    sent: ({ tally }) => void tally.sent++,
    rejected: ({ event, tally }, fault) => reject(event, tally, [fault]),
  });

  function startRequest(): void {
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    pendingBytes = 2;
    underWay = underWay.then(() => deliver(batch));
  }

  function add(event: Event, tally: Tally): void {
    if (isClosed) return reject(event, tally, [CLOSED]);
    const result = toRecord(event, options);
    if (!result.success) return reject(event, tally, result.faults);
    const { record } = result;
    const bytes = utf8Length(JSON.stringify(record));
    if (bytes >= maxRecordBytes) {
      return reject(event, tally, [tooLarge(record, bytes, maxRecordBytes)]);
    }
    // One byte for the comma.
    if (pendingBytes + bytes + 1 >= maxRequestBytes) {
      startRequest();
      try {
        waitUntil?.(underWay);
      } catch (error) {
        tally.errors.push(error);
      }
    }
    pending.push({ event, record, tally });
    pendingBytes += bytes + 1;
  }

  async function settle(tally: Tally): Promise<SendSummary> {
    startRequest();
    await underWay;
    await Promise.all(tally.rejections);
    const { sent, rejected, errors } = tally;
    if (errors.length > 0)
      throw new AggregateError(errors, "a function of the sender's options failed");
    return { sent, rejected };
  }

  function flush(): Promise<SendSummary> {
    const tally = added;
    added = newTally();
    return settle(tally);
  }

  return {
    add(event) {
      add(event, added);
    },
    send(events) {
      const tally = newTally();
      for (const event of isList(events) ? events : [events]) add(event, tally);
      return settle(tally);
    },
    flush,
    close() {
      isClosed = true;
      return flush();
    },
  };
}

const CLOSED: Fault<RejectCode> = {
  code: "sender-closed",
  path: [],
  expected: "an open sender",
  received: "a closed one",
};

function newTally(): Tally {
  return { sent: 0, rejected: 0, errors: [], rejections: [] };
}

function isList<Event>(events: Event | readonly Event[]): events is readonly Event[] {
  return Array.isArray(events);
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
