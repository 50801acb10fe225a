// The Worker: finds the shop that a request is for.

import type { Env, OrderRequest } from "./shop.js";

export { Shop } from "./shop.js";

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, root, name, action] = url.pathname.split("/");
    if (root !== "shops" || !name)
      return new Response("not found", { status: 404 });
    const shop = env.SHOP.get(env.SHOP.idFromName(name));
    switch (`${request.method} ${action}`) {
      case "POST orders":
        return Response.json(
          await shop.order(name, url.href, await request.json<OrderRequest>()),
          { status: 201 },
        );
      case "POST events":
        return Response.json(await shop.collect(await request.json()));
      case "GET rejected":
        return Response.json(await shop.rejected());
      default:
        return new Response("not found", { status: 404 });
    }
  },
} satisfies ExportedHandler<Env>;
