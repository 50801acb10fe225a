// The emitted module that feeds two versions at once, on the pair of `tests/migrate`.

import { describe, expect, it } from "vitest";

import {
  type DualBindings,
  type NewRecord,
  type OldOnly,
  DualSendError,
  sendToBoth,
  toOld,
} from "../../migrate/expected/migrations/tiny_events_v1_to_v2/producer/dual-emission.js";
import * as notes from "../../migrate/expected/migrations/notes_v2_to_v3/producer/dual-emission.js";
import { text } from "./files.js";

/** The cases that the Rust module is held to as well; their records come as JSON, unchecked. */
type Case = { what: string; new: unknown; old_only: OldOnly } & (
  { old: unknown } | { cannot_say: string }
);
const cases: Case[] = JSON.parse(text("tests/migrate/dual_emission.json"));

/** Both streams, of which some take nothing. */
function bindings(...refuse: (keyof DualBindings)[]) {
  const taken: Record<keyof DualBindings, unknown[][]> = { TINY: [], TINY_V2: [] };
  const stream = (name: keyof DualBindings) => ({
    send: async (records: unknown[]) => {
      if (refuse.includes(name)) throw new Error(`429 of ${name}`);
      taken[name].push(records);
    },
  });
  return {
    taken,
    env: { TINY: stream("TINY"), TINY_V2: stream("TINY_V2") } satisfies DualBindings,
  };
}

const record: NewRecord = {
  id: "e-1",
  event_type: "pong",
  ns: "shop.example",
  http_status: 500,
  code: 404,
  tenant: "acme",
};
const old = { id: "e-1", event_type: "pong", ns: "shop.example", status: 500, code: "404" };

describe("the old record of an event", () => {
  it.each(cases)("has $what", (one) => {
    const make = () => toOld(one.new as NewRecord, one.old_only);
    if ("old" in one) expect(make()).toEqual(one.old);
    else expect(make).toThrow(`\`${one.cannot_say}\` of the old version`);
  });

  it("of a stream of its own has the fields with the same names", () => {
    const note = { ns: "shop.example", noteText: "it's a note", author: "ada" };
    expect(notes.toOld(note, {})).toEqual({ ns: "shop.example", noteText: "it's a note" });
  });
});

describe("sending", () => {
  it("takes one event to both versions", async () => {
    const { env, taken } = bindings();
    await sendToBoth(env, [{ record, oldOnly: { legacy: "x" } }]);
    expect(taken).toEqual({ TINY: [[{ ...old, legacy: "x" }]], TINY_V2: [[record]] });
  });

  it("takes nothing anywhere when one event has no old record", async () => {
    const { env, taken } = bindings();
    const faulty = { record: { ...record, ns: null as unknown as string }, oldOnly: {} };
    const sending = sendToBoth(env, [{ record, oldOnly: {} }, faulty]);
    await expect(sending).rejects.toThrow("`ns` of the old version");
    expect(taken).toEqual({ TINY: [], TINY_V2: [] });
  });

  it("says which version took nothing, so that only that one is sent to again", async () => {
    const broken = bindings("TINY");
    const error: unknown = await sendToBoth(broken.env, [{ record, oldOnly: {} }]).catch((e) => e);
    expect(error).toBeInstanceOf(DualSendError);
    const { failed, reasons, message } = error as DualSendError;
    expect([failed, String(reasons)]).toEqual([["old"], "Error: 429 of TINY"]);
    expect(message).toBe("not taken by the stream of the old version");
    expect(broken.taken).toEqual({ TINY: [], TINY_V2: [[record]] });
    const mended = bindings();
    await sendToBoth(mended.env, [{ record, oldOnly: {} }], failed);
    expect(mended.taken).toEqual({ TINY: [[old]], TINY_V2: [] });
    const none = sendToBoth(bindings("TINY", "TINY_V2").env, [{ record, oldOnly: {} }]);
    await expect(none).rejects.toMatchObject({ failed: ["old", "new"] });
  });
});
