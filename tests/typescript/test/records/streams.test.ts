// The other streams have records too.

import {
  safeToDoEventsRecord,
  toDoActionsRecord,
  toDoEventsRecord,
  toDoStateRecord,
  toDoThingsRecord,
} from "unified-event/pipeline";
import { describe, expect, it } from "vitest";

import { ndjson } from "../files.js";
import { NOW, faults } from "./events.js";

describe("the other streams", () => {
  it("have records of their own", () => {
    const core = { ns: "shop.example", timestamp: new Date(NOW) };
    const timestamp = "2026-11-21T09:00:00.123Z";
    const action = { ...core, id: "a", verb: "send", status: "completed", startedAt: null };
    expect(toDoActionsRecord({ ...action, duration: 1.5, error: undefined })).toEqual({
      ns: "shop.example",
      timestamp,
      id: "a",
      verb: "send",
      status: "completed",
      duration: 1.5,
    });
    const thing = { ...core, id: "t", type: "Note", version: 3n, data: { at: new Date(NOW) } };
    expect(toDoThingsRecord(thing)).toMatchObject({ version: 3, data: { at: timestamp } });
    const event = { ...core, verb: "Note.made", source: "t", sourceType: "Note", data: [] };
    expect(toDoEventsRecord(event)).toMatchObject({ data: [], timestamp });
    const state = { do_id: "d", type: "Note", key: "k", value: null, op: "DELETE", seq: 1 };
    expect(toDoStateRecord({ ...core, ...state })).not.toHaveProperty("value");
  });

  it("refuse a required value that cannot be sent, with one fault", () => {
    const event = { ns: "n", verb: "v", source: "s", sourceType: "S", timestamp: new Date(NOW) };
    const result = safeToDoEventsRecord({ ...event, data: { f: () => 1 } });
    expect(result).toMatchObject({ success: false, faults: [{ path: ["data", "f"] }] });
  });

  it("send the events that are valid for them", () => {
    for (const event of ndjson("tests/events/valid/do_events.ndjson")) {
      const present = Object.entries(event).filter(([, value]) => value !== null);
      expect(toDoEventsRecord(event as never)).toEqual(Object.fromEntries(present));
    }
  });
});
