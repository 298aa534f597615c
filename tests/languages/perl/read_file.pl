open my $in, '<', 'given.txt' or die $!;
print while <$in>;
