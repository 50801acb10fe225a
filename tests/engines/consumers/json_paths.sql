-- engine: none
SELECT data ->> 'colour' AS colour, data -> 'parts' AS parts, e.data ->> 'size' FROM do_events e WHERE data ->> 'kind' = 'x';
