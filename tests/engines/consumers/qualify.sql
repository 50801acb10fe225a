SELECT id, version, row_number() OVER (PARTITION BY ns, id ORDER BY version DESC) AS place FROM do_things QUALIFY place = 1;
