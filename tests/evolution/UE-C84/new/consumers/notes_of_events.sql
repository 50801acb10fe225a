SELECT id, note_text FROM tiny_events NATURAL JOIN notes
