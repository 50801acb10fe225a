// A small generator of random values, seeded so that every failure can be repeated.

export type Random = {
  /** Returns an integer from 0 to `n` - 1. */
  below(n: number): number;

  /** Returns one of the items. */
  pick<T>(items: readonly T[]): T;

  /** Says yes once in `n` times. */
  oneIn(n: number): boolean;

  /** Returns some of the items, in their order. */
  some<T>(items: readonly T[], n: number): T[];
};

/** Returns a generator (mulberry32). */
export function seeded(seed: number): Random {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    oneIn: (n) => below(n) === 0,
    some: (items, n) => items.filter(() => below(items.length) < n),
  };
}
