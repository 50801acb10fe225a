SELECT id FROM do_things WHERE action_id IN (
  SELECT id FROM do_actions WHERE request_id IN (SELECT request_id FROM do_actions WHERE error IS NOT NULL AND durability = 'x')
);
