SELECT do_events.verb, "public".do_events.ns FROM public.do_events WHERE do_events.source_type = 'x';
