// A Worker's project: the platform's own types beside those of the package. Compiled, not run.

import type { Pipeline, PipelineRecord } from "cloudflare:pipelines";
import { expectTypeOf } from "expect-type";
import type { PipelineBindings, WithPipelines } from "unified-event/cloudflare";
import { type UnifiedEventRecord, createSender } from "unified-event/pipeline";

// The platform's binding takes the records of the package, and is what a sender asks for.
expectTypeOf<Pipeline<UnifiedEventRecord>>().toExtend<
  PipelineBindings["UNIFIED_EVENTS_PIPELINE"]
>();

// What `wrangler types` writes without a login.
interface Env {
  UNIFIED_EVENTS_PIPELINE: Pipeline<PipelineRecord>;
  R2: R2Bucket;
}

export default {
  async fetch(_request, env, ctx) {
    const sender = createSender(env.UNIFIED_EVENTS_PIPELINE, {
      onReject: (event, faults) => console.log(event.id, faults),
      waitUntil: (sending) => ctx.waitUntil(sending),
    });
    ctx.waitUntil(
      sender.send({ id: "1", event_type: "log", event_name: "a.b", ns: "n", log_level: "info" }),
    );
    const record = { id: "1", event_type: "x", event_name: "a.b", ns: "n" } as const;
    // @ts-expect-error: no event has this type.
    await env.UNIFIED_EVENTS_PIPELINE.send([record]);
    expectTypeOf(env.R2).toEqualTypeOf<R2Bucket>();
    return new Response();
  },
} satisfies ExportedHandler<WithPipelines<Env>>;
