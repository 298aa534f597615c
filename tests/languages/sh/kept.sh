echo printed
kill -KILL $$
