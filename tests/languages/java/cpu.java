import java.lang.management.ManagementFactory;

public class Main {
	public static void main(String[] args) {
		var threads = ManagementFactory.getThreadMXBean();
		while (threads.getCurrentThreadCpuTime() < 1_000_000_000L)
			;
		System.out.println("done");
	}
}
