// Where the tests find what they read.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the tests. */
export const TESTS = fileURLToPath(new URL("..", import.meta.url));

const ROOT = new URL("../../../", import.meta.url);

/** Returns the path of something below the root of the repository. */
export function path(name: string): string {
  return fileURLToPath(new URL(name, ROOT));
}

/** Returns the text of a file; a generated file that is missing is a fault that names its remedy. */
export function text(name: string): string {
  try {
    return readFileSync(path(name), "utf8");
  } catch (error) {
    throw new Error(`cannot read ${name}; run \`cargo run codegen\` first`, { cause: error });
  }
}

/** Returns the names of the files in a folder. */
export function list(folder: string): string[] {
  return readdirSync(path(folder)).sort();
}

/** Returns the values of a file with one JSON value a line. */
export function ndjson(name: string): Record<string, unknown>[] {
  return text(name)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The parts of the resolved model that the tests compare with. */
export type Model = {
  counts: { event: number; system: number; stored: number };
  groups: { name: string; columns: string[] }[];
  event_types: { name: string; requires: string[][] }[];
  tables: { name: string; version: number; columns: ModelColumn[] }[];
  pipelines: { table: string; binding: string; stream: ModelStream }[];
};

export type ModelColumn = {
  id: number;
  name: string;
  type: string;
  required: boolean;
  kind: "event" | "system";
  computed: string | null;
  wire: "number" | "decimal-string";
  memory: "object" | "string-map" | "text";
};

export type ModelStream = {
  name: string;
  fields: ModelField[];
};

export type ModelField = {
  name: string;
  type: string;
  required: boolean;
  non_empty?: boolean;
  format: string | null;
  values: { closed: boolean; values: { value: string | number }[] } | null;
};

/** Returns the resolved model. */
export function model(): Model {
  return JSON.parse(text("generated/model.json"));
}
