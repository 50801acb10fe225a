SELECT json_get_str(data, 'colour') AS colour, count(*) FROM do_things WHERE json_get_str(data, 'size') <> '' GROUP BY json_get_str(data, 'colour');
