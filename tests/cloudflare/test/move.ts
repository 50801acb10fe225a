// A move of the real wide table to its second version: a renamed column, and one of another type.

import { join } from "node:path";

import { release } from "./files.ts";

export type Move = {
  /** What the generator makes of the new definition. */
  generated: string;
  /** The files of the move. */
  folder: string;
  /** The platform's kit of the move. */
  kit: string;
};

export async function move(name: string): Promise<Move> {
  const generated = await release(name, (read, write) => {
    const replace = (file: string, from: RegExp, to: string) => {
      const before = read(file);
      if (!from.test(before)) throw new Error(`${file} has no ${from}`);
      write(file, before.replace(from, to));
    };
    replace(
      "groups/http_context.toml",
      /\[column\.http_status\]\n/,
      '[column.http_status_code]\nrenamed_from = "http_status"\n',
    );
    replace(
      "groups/rpc.toml",
      /(\[column\.rpc_status\][^[]*?type = )"string"([^[]*?example = )"FAILED_PRECONDITION"/,
      '$1"int32"$29',
    );
  });
  const folder = join(generated, "migrations/unified_events_v1_to_v2");
  return { generated, folder, kit: join(folder, "platform/cloudflare") };
}
