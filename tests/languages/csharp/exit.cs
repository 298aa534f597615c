class Leave {
	static int Main() {
		return 7;
	}
}
