-- engine: none
SELECT duration_ms / 1000 AS seconds, seconds / 60 AS minutes FROM do_actions;
