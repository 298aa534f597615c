open my $out, '>', 'made.txt' or die $!;
print $out "written by the program\n";
close $out or die $!;
