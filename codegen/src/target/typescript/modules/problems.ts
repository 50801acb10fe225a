import { type Fault, describe } from "./faults.js";
import { isWellFormed } from "./formats.js";
import { MAX_DEPTH } from "./limits.js";

// More values do not fit the bytes of a record. Without an end, objects that hold one object many
// times over, or arrays that are all holes, would keep the walk busy for years.
export const MAX_VALUES = 1_000_000;

/**
 * Returns the first thing in a value that JSON cannot hold or readers do not take, with its path
 * within the value; none is `undefined`.
 */
export function findProblem(value: unknown): Fault | undefined {
  return find(value, 0, { left: MAX_VALUES });
}

function find(value: unknown, depth: number, budget: { left: number }): Fault | undefined {
  if (budget.left-- <= 0) return fault("malformed-json", `at most ${MAX_VALUES} values`, value);
  switch (typeof value) {
    case "string":
      if (isWellFormed(value)) return undefined;
      return fault("malformed-json", "text without halves of surrogate pairs", value);
    case "number":
      if (Number.isFinite(value)) return undefined;
      return fault("number-out-of-range", "a finite number", value);
    case "boolean":
      return undefined;
    case "object":
      return value === null ? undefined : findWithin(value, depth + 1, budget);
    default:
      return fault("type-mismatch", "a JSON value", value);
  }
}

function findWithin(value: object, depth: number, budget: { left: number }): Fault | undefined {
  if (depth > MAX_DEPTH) return fault("too-deep", depthText(), value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = find(value[i] ?? null, depth, budget);
      if (problem) return below(i, problem);
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    // What is undefined is no part of the JSON.
    if (item === undefined) continue;
    if (!isWellFormed(key)) {
      return fault("malformed-json", "keys without halves of surrogate pairs", key);
    }
    const problem = find(item, depth, budget);
    if (problem) return below(key, problem);
  }
  return undefined;
}

/** Says how deep a value may nest. */
export function depthText(): string {
  return `at most ${MAX_DEPTH} levels of arrays and objects`;
}

function fault(code: Fault["code"], expected: string, value: unknown): Fault {
  return { code, path: [], expected, received: describe(value) };
}

function below(place: string | number, problem: Fault): Fault {
  return { ...problem, path: [place, ...problem.path] };
}
