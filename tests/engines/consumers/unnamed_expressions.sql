SELECT count(*), max(version), min(timestamp) + INTERVAL '1' DAY, type || '/' || id FROM do_things GROUP BY type, id;
