SELECT * REPLACE (lower(name) AS name) FROM do_things;
