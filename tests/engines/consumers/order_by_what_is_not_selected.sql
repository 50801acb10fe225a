SELECT id FROM do_things ORDER BY version DESC, type;
