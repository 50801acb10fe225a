-- engine: none
INSERT INTO do_state SELECT do_id, ns, type, key, value, op, timestamp, seq FROM do_state WHERE op = 'put';
