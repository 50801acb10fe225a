SELECT * EXCEPT (data, deleted) FROM do_things WHERE branch = 'main';
