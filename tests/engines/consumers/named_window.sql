SELECT id, rank() OVER w AS place, first_value(name) OVER w AS first FROM do_things WINDOW w AS (PARTITION BY branch ORDER BY version DESC);
