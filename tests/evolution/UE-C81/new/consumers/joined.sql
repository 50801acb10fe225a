SELECT e.id, note_text
FROM tiny_events e
JOIN notes n ON n.ns = e.ns
ORDER BY ratio
