SELECT id, sampled
FROM tiny_events
WHERE ns = 'shop.example'
