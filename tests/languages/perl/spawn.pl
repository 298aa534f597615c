my $pid = fork // die $!;
exit 6 unless $pid;
waitpid $pid, 0;
print $? >> 8, " ", `echo child`;
