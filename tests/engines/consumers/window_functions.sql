SELECT id, version,
  lag(version) OVER (PARTITION BY ns, id ORDER BY timestamp) AS before,
  sum(version) OVER (PARTITION BY type ORDER BY timestamp ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS running
FROM do_things WHERE NOT deleted;
