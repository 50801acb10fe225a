SELECT * FROM do_state WHERE op = 'put' UNION ALL SELECT * FROM do_state WHERE op = 'drop';
