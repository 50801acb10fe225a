SELECT * FROM do_state ORDER BY seq;
