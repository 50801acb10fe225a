import { type Fault, describe } from "./faults.js";

/**
 * Returns the names under which an object holds values: all of its own, hidden ones too, and those
 * of accessors and values that it inherits, but for methods. JSON would lose most of them without a
 * word; what cannot be read by a name, as symbols cannot, is added to `faults`.
 */
export function namesOf(
  value: object,
  path: readonly (string | number)[],
  faults: Fault[],
): readonly string[] {
  // Together they are what `Reflect.ownKeys` returns, in half the time.
  const own = Object.getOwnPropertyNames(value);
  const symbols = Object.getOwnPropertySymbols(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  for (const symbol of symbols) {
    faults.push(unnamed(path, (value as { [key: symbol]: unknown })[symbol]));
  }
  if (isPlain) return own;
  const names = new Set(own);
  for (let holder = prototype as object | null; holder !== null && !isRoot(holder);) {
    for (const key of Object.getOwnPropertyNames(holder)) {
      const property = Reflect.getOwnPropertyDescriptor(holder, key);
      if (property !== undefined && !isMethod(property)) names.add(key);
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return [...names];
}

/** Returns true if an array holds values at its positions only. */
export function isPlainArray(value: readonly unknown[]): boolean {
  // Positions come first, then names in the order in which they were set.
  const last = Object.getOwnPropertyNames(value).at(-1);
  return last === "length" && Object.getOwnPropertySymbols(value).length === 0;
}

/** Returns true if `holder` is what all plain objects inherit from, in whatever global object. */
function isRoot(holder: object): boolean {
  return Object.prototype.hasOwnProperty.call(holder, "hasOwnProperty");
}

/** Returns true if a property is a function, or one that can only be set. */
function isMethod(property: PropertyDescriptor): boolean {
  if ("value" in property) return typeof property.value === "function";
  return property.get === undefined;
}

function unnamed(path: readonly (string | number)[], value: unknown): Fault {
  const expected = "names that are text, as symbols are lost in JSON";
  return { code: "malformed-json", path: [...path], expected, received: describe(value) };
}

/** Sets an entry of a plain object, whatever its name is. */
export function setEntry<Value>(target: { [key: string]: Value }, key: string, value: Value): void {
  // Assigned, the key `__proto__` would change the prototype; defined, it is data like any other. To
  // define all would take several times as long.
  if (key !== "__proto__") target[key] = value;
  else
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
}
