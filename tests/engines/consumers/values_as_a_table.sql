SELECT e.verb, v.weight FROM do_events e JOIN (VALUES ('made', 1), ('dropped', 2)) AS v (what, weight) ON v.what = e.verb WHERE weight > 1;
