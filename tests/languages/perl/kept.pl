print "printed\n";
kill KILL => $$;
