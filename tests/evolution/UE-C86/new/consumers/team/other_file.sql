SELECT day, count(*) FROM days GROUP BY day;
SELECT count(*) FROM notes;
