-- engine: none
SELECT list_transform([verb, source], x -> upper(x)) AS loud FROM do_events;
