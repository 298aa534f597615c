use strict;
print "before\n";
$undeclared = 1;
