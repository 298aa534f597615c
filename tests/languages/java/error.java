public class Main {
	static void fail() {
		throw new IllegalStateException("boo");
	}

	public static void main(String[] args) {
		System.out.println("before");
		fail();
	}
}
