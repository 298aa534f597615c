import java.util.stream.IntStream;

public class Main {
	static int sum = 0;

	static synchronized void add(int n) {
		sum += n;
	}

	public static void main(String[] args) throws Exception {
		var threads = IntStream.range(0, 4)
			.mapToObj(n -> new Thread(() -> add(n))).toList();
		for (Thread t : threads)
			t.start();
		for (Thread t : threads)
			t.join();
		Process p = new ProcessBuilder("echo", "child").start();
		System.out.print(sum + " " + new String(p.getInputStream().readAllBytes()));
		System.out.flush();
	}
}
