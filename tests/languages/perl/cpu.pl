sub busy { my ($user, $system) = times; return $user + $system }
1 while busy() < 1;
print "done\n";
