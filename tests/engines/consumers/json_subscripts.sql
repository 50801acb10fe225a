-- engine: none
SELECT data['colour'] AS colour FROM do_events WHERE verb = 'x';
