import { type Fault, describe } from "./faults.js";

/**
 * Returns the names under which an object holds values: its own, those of accessors and values that
 * it inherits, and those that enumerations leave out. Methods are none. JSON would lose all but the
 * first kind without a word; what cannot be read by a name, as symbols cannot, is added to `faults`.
 */
export function namesOf(
  value: object,
  path: readonly (string | number)[],
  faults: Fault[],
): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  const keys = Object.keys(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  if (isPlain && Reflect.ownKeys(value).length === keys.length) return keys;
  const names = new Set(keys);
  for (let holder: object | null = value; holder !== null && !isRoot(holder);) {
    for (const key of Reflect.ownKeys(holder)) {
      const property = Reflect.getOwnPropertyDescriptor(holder, key);
      if (property === undefined || isMethod(property)) continue;
      if (typeof key === "string") names.add(key);
      // What classes say of themselves by symbols, such as tags, is not what an object holds.
      else if (holder === value) faults.push(unnamed(path, property.value));
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return [...names];
}

/** Returns true if an array holds values at its positions only. */
export function isPlainArray(value: readonly unknown[]): boolean {
  // Positions come first, then names in the order in which they were set, then symbols.
  return Reflect.ownKeys(value).at(-1) === "length";
}

/** Returns true if `holder` is what all plain objects inherit from, in whatever global object. */
function isRoot(holder: object): boolean {
  return Object.prototype.hasOwnProperty.call(holder, "hasOwnProperty");
}

/** Returns true if a property is a function, or one that can only be set. */
function isMethod(property: PropertyDescriptor): boolean {
  if ("value" in property) return typeof property.value === "function" && !property.enumerable;
  return property.get === undefined;
}

function unnamed(path: readonly (string | number)[], value: unknown): Fault {
  const expected = "names that are text, as symbols are lost in JSON";
  return { code: "malformed-json", path: [...path], expected, received: describe(value) };
}
