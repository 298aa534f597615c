1 while (times)[0] < 1;
print "done\n";
