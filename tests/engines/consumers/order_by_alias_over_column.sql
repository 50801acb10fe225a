SELECT id, upper(name) AS name FROM do_things ORDER BY name, branch;
