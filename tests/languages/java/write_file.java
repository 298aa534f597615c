import java.nio.file.*;

public class Main {
	public static void main(String[] args) throws Exception {
		Files.writeString(Path.of("made.txt"), "written by the program\n");
	}
}
