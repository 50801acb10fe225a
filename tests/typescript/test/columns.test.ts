// UNIFIED_COLUMNS against independent rules and against the model.

import { describe, expect, it } from "vitest";
import {
  type ColumnDefinition,
  EVENT_TYPES,
  EVENT_TYPE_REQUIREMENTS,
  UNIFIED_COLUMNS,
  UNIFIED_COLUMN_TUPLE,
} from "unified-event";

import { model } from "./files.js";
import { REFERENCE_COLUMNS } from "./reference.js";

const CORE = ["id", "event_type", "event_name", "ns"];

describe("UNIFIED_COLUMNS", () => {
  it("has the columns and types of the reference, in order", () => {
    expect(UNIFIED_COLUMNS.map(({ name, type }) => ({ name, type }))).toEqual(
      REFERENCE_COLUMNS.map(({ name, type }) => ({ name, type })),
    );
  });

  it("has as many columns of each kind as the definition counts", () => {
    const { counts, tables } = model();
    const kind = new Map(tables[0]?.columns.map((column) => [column.name, column.kind]));
    const of = (wanted: string) => UNIFIED_COLUMNS.filter(({ name }) => kind.get(name) === wanted);
    expect(UNIFIED_COLUMNS).toHaveLength(counts.stored);
    expect(of("event")).toHaveLength(counts.event);
    expect(of("system")).toHaveLength(counts.system);
  });

  it("agrees with the model in names, order and nullability", () => {
    const columns = [...(model().tables[0]?.columns ?? [])].sort((a, b) => a.id - b.id);
    expect(UNIFIED_COLUMNS.map(({ name, nullable }) => ({ name, nullable }))).toEqual(
      columns.map(({ name, required }) => ({ name, nullable: !required })),
    );
  });

  it("lets every column be null except the four core columns", () => {
    expect(UNIFIED_COLUMNS.filter((c) => !c.nullable).map((c) => c.name)).toEqual(CORE);
  });

  it("marks the columns that partition the table", () => {
    expect(UNIFIED_COLUMNS.filter((c) => c.partition).map((c) => c.name)).toEqual([
      "event_type",
      "ns",
      "timestamp",
    ]);
  });
});

describe("the list of columns", () => {
  it("is one, under two types", () => {
    expect(UNIFIED_COLUMN_TUPLE).toBe(UNIFIED_COLUMNS);
  });

  it("cannot be changed at run time, nor can its entries", () => {
    const open = UNIFIED_COLUMNS as ColumnDefinition[];
    expect(() => open.push(open[0]!)).toThrow(TypeError);
    expect(() => open.reverse()).toThrow(TypeError);
    expect(() => open.splice(0, 1)).toThrow(TypeError);
    for (const column of UNIFIED_COLUMNS as readonly { name: string }[]) {
      expect(() => void (column.name = "mine")).toThrow(TypeError);
      expect(() => Object.assign(column, { more: 1 })).toThrow(TypeError);
      expect(Reflect.deleteProperty(column, "name")).toBe(false);
    }
    expect(UNIFIED_COLUMNS.map(({ name }) => name)).toEqual(
      REFERENCE_COLUMNS.map(({ name }) => name),
    );
  });

  it("answers for any text", () => {
    const names = new Set(UNIFIED_COLUMNS.map(({ name }) => name));
    expect(["id", "schema_version"].every((name) => names.has(name))).toBe(true);
    expect(["", "ID", "x-request-id"].some((name) => names.has(name))).toBe(false);
  });
});

describe("event types", () => {
  it("are the ten of the event model", () => {
    expect(EVENT_TYPES).toEqual([
      "trace",
      "metric",
      "log",
      "cdc",
      "track",
      "page",
      "vital",
      "replay",
      "tail",
      "snippet",
    ]);
  });

  it("require what the event model says", () => {
    expect(EVENT_TYPE_REQUIREMENTS).toEqual({
      trace: [["trace_id"], ["span_id"]],
      metric: [["metric_name"]],
      log: [["log_level"]],
      cdc: [["db_operation"], ["db_table"]],
      track: [["actor_id", "anonymous_id"]],
      page: [["http_url"]],
      vital: [["vital_name"], ["vital_value"]],
      replay: [["session_id"], ["replay_type"]],
      tail: [["service_name"]],
      snippet: [["snippet_request_id"]],
    });
  });
});
