SELECT e.ns, e.verb, a.actor, t.name FROM do_events e JOIN do_actions a USING (ns) JOIN do_things t USING (ns) WHERE branch = 'main';
