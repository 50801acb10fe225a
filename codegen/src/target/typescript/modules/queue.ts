import type { Fault } from "./faults.js";
import type { RejectCode } from "./options.js";

/** How much a queue may hold, and a request. */
export type QueueLimits = {
  maxQueueEvents: number;
  maxQueueBytes: number;
  maxRequestBytes: number;
};

/** Items that wait for requests; those that have left for one count until they are settled. */
export type Queue<Item> = {
  /** How many items are not settled. */
  readonly size: number;

  /** Returns true if there is room for no more. */
  isFull(): boolean;

  /** Returns the fault of an item that comes when the queue is full. */
  fullFault(): Fault<RejectCode>;

  /** Adds an item. When the queue is half full, all that waits is due. */
  push(item: Item): void;

  /** Makes due all that waits, although it may fill no request. */
  hurry(): void;

  /** Returns true if nothing waits. */
  isEmpty(): boolean;

  /** Returns true if something is due, or fills a request. */
  isDue(): boolean;

  /** Takes as much as fits a request. */
  take(): Item[];

  /** Takes all that waits. */
  takeAll(): Item[];

  /** Counts an item as settled. */
  settle(item: Item): void;

  /** Resolves when the queue is less than half full, or nobody adds to it any more. */
  ready(): Promise<void>;

  /** Ends the waiting for room, for good. */
  close(): void;
};

// The brackets around the records of a request; each record has a comma, or is the last one.
const BRACKETS = 2;
const COMMA = 1;

/** Returns an empty queue. */
export function createQueue<Item extends { bytes: number }>(limits: QueueLimits): Queue<Item> {
  const { maxQueueEvents, maxQueueBytes, maxRequestBytes } = limits;
  let waiting: Item[] = [];
  let waitingBytes = BRACKETS;
  // How many of them are to be sent although they fill no request.
  let n_due = 0;
  // All that is not settled.
  let size = 0;
  let bytes = 0;
  let isClosed = false;
  let room: Promise<void> | undefined;
  let makeRoom: () => void = () => {};

  function hasRoom(): boolean {
    return isClosed || (size * 2 < maxQueueEvents && bytes * 2 < maxQueueBytes);
  }

  function endWaiting(): void {
    makeRoom();
    room = undefined;
  }

  function hurry(): void {
    n_due = waiting.length;
  }

  return {
    get size() {
      return size;
    },
    isFull: () => size >= maxQueueEvents || bytes >= maxQueueBytes,
    fullFault() {
      const received = `a queue of ${size} events and ${bytes} bytes`;
      return { code: "queue-full", path: [], expected: "room in the queue", received };
    },
    push(item) {
      waiting.push(item);
      waitingBytes += item.bytes + COMMA;
      size++;
      bytes += item.bytes;
      if (!hasRoom()) hurry();
    },
    hurry,
    isEmpty: () => waiting.length === 0,
    isDue: () => waiting.length > 0 && (n_due > 0 || waitingBytes >= maxRequestBytes),
    take() {
      let requestBytes = BRACKETS;
      let n = 0;
      for (const item of waiting) {
        if (requestBytes + item.bytes + COMMA >= maxRequestBytes && n > 0) break;
        requestBytes += item.bytes + COMMA;
        n++;
      }
      waitingBytes -= requestBytes - BRACKETS;
      n_due = Math.max(0, n_due - n);
      return waiting.splice(0, n);
    },
    takeAll() {
      const items = waiting;
      waiting = [];
      waitingBytes = BRACKETS;
      n_due = 0;
      return items;
    },
    settle(item) {
      size--;
      bytes -= item.bytes;
      if (hasRoom()) endWaiting();
    },
    ready() {
      if (hasRoom()) return Promise.resolve();
      room ??= new Promise((resolve) => (makeRoom = resolve));
      return room;
    },
    close() {
      isClosed = true;
      endWaiting();
    },
  };
}
