// What the package adds to the surface of the hand-written module. Compiled, not run.

import { expectTypeOf } from "expect-type";
import {
  ACTION_DURABILITIES,
  EVENT_TYPES,
  EVENT_TYPE_REQUIREMENTS,
  UNIFIED_COLUMNS,
  UNIFIED_COLUMN_TUPLE,
  VISIBILITIES,
  VITAL_RATINGS,
  createUnifiedEvent,
} from "unified-event";
import type {
  ActionDurability,
  ColumnDefinition,
  EventType,
  UnifiedEvent,
  UnifiedEventInit,
  Visibility,
  VitalRating,
} from "unified-event";

expectTypeOf<Visibility>().toEqualTypeOf<"public" | "unlisted" | "org" | "user">();
expectTypeOf<VitalRating>().toEqualTypeOf<"good" | "needs-improvement" | "poor">();
expectTypeOf<ActionDurability>().toEqualTypeOf<"send" | "try" | "do">();
expectTypeOf(VISIBILITIES).toEqualTypeOf<readonly ["public", "unlisted", "org", "user"]>();
expectTypeOf(VITAL_RATINGS).toEqualTypeOf<readonly ["good", "needs-improvement", "poor"]>();
expectTypeOf(ACTION_DURABILITIES).toEqualTypeOf<readonly ["send", "try", "do"]>();
expectTypeOf<(typeof EVENT_TYPES)[number]>().toEqualTypeOf<EventType>();
expectTypeOf<keyof typeof EVENT_TYPE_REQUIREMENTS>().toEqualTypeOf<EventType>();
expectTypeOf(EVENT_TYPE_REQUIREMENTS.track).toEqualTypeOf<
  readonly (readonly (keyof UnifiedEvent)[])[]
>();

// The closed sets fit the columns, which stay `string` for the users of today.
expectTypeOf<Visibility>().toExtend<UnifiedEvent["visibility"]>();
expectTypeOf<UnifiedEvent["visibility"]>().toEqualTypeOf<string | null>();

expectTypeOf(createUnifiedEvent).parameters.toEqualTypeOf<[partial: UnifiedEventInit]>();

// @ts-expect-error: the set is closed.
export const debug: Visibility = "debug";
// @ts-expect-error: the sets do not change.
VISIBILITIES.push("debug");

// The columns with literal types: the same list, whose names are the keys of an event.
expectTypeOf<(typeof UNIFIED_COLUMN_TUPLE)[number]["name"]>().toEqualTypeOf<keyof UnifiedEvent>();
expectTypeOf<(typeof UNIFIED_COLUMN_TUPLE)["length"]>().toEqualTypeOf<175>();
expectTypeOf<(typeof UNIFIED_COLUMN_TUPLE)[0]>().toEqualTypeOf<{
  readonly name: "id";
  readonly type: "string";
  readonly nullable: false;
  readonly partition: false;
}>();
expectTypeOf(UNIFIED_COLUMN_TUPLE).toExtend<readonly ColumnDefinition[]>();
expectTypeOf(UNIFIED_COLUMN_TUPLE).toExtend<typeof UNIFIED_COLUMNS>();
// @ts-expect-error: the list does not change.
UNIFIED_COLUMN_TUPLE.length = 0;
