SELECT service_name, geo_country, count(*), avg(duration_ms) FROM unified_events GROUP BY 1, 2 ORDER BY 3 DESC, 1;
