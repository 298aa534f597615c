package Helper;

sub greet {
	return "hello from beside, $_[0]";
}
1;
