SELECT t.* EXCLUDE (data) FROM do_things t ORDER BY t.version;
