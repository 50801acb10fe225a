SELECT e."timestamp", "source" AS "Where", e."ns" FROM "do_events" AS e WHERE "verb" = 'x' ORDER BY "Where";
