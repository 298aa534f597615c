class Broken {
	static void Main() {
		int count = "not a number";
	}
}
