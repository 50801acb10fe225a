SELECT a.actor, t.name FROM (SELECT ns, action_id, name FROM do_things) t NATURAL JOIN (SELECT ns, id AS action_id, actor FROM do_actions) a;
