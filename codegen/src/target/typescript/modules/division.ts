/** What came of sending some items: they were taken, or not, and dividing them may help or not. */
export type Outcome = "taken" | "divisible" | "final";

// Of a stream that takes nothing any more nobody wants to know that for every single record. The
// more requests it has taken, the more likely it is that the fault is with single records.
const PATIENCE = 12;

/**
 * Sends the two halves of a list that was refused, and their halves, until what is at fault stands
 * alone. When one item was refused alone, and then so many requests in a row are that the fault is
 * hardly with single items, what is left is given up.
 *
 * @param send - sends items, and reports them unless they are divisible
 * @param giveUp - reports items that were not sent again
 */
export async function divide<Item>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<Outcome>,
  giveUp: (items: readonly Item[]) => void,
): Promise<void> {
  let parts: (readonly Item[])[] = halves(items);
  let isLargest = false;
  let isAnyAlone = false;
  let n_refusals = 0;
  let n_taken = 0;
  while (parts.length > 0) {
    if (isAnyAlone && n_refusals >= PATIENCE * (1 + n_taken)) {
      for (const part of parts) giveUp(part);
      return;
    }
    // The smallest part leads to an item that is at fault alone. From then on the largest takes
    // turns with it: where the faults lie together it is fine, where they are spread the small is.
    parts.sort((a, b) => b.length - a.length);
    const part = (isAnyAlone && isLargest ? parts.shift() : parts.pop()) ?? [];
    isLargest = !isLargest;
    const outcome = await send(part);
    if (outcome === "taken") {
      n_taken++;
      n_refusals = 0;
      continue;
    }
    n_refusals++;
    if (outcome === "divisible") parts = parts.concat(halves(part));
    else if (!isAnyAlone) {
      isAnyAlone = isLargest = true;
      n_refusals = 0;
    }
  }
}

function halves<Item>(items: readonly Item[]): (readonly Item[])[] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)];
}
