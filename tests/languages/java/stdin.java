import java.io.IOException;

// No public class; the first one is not the one with main.
class Copier {
	// a brace in a comment { and in a string "{"
	static final String BRACE = "{";

	static void copy() throws IOException {
		System.in.transferTo(System.out);
	}
}

class Start {
	public static void main(String[] args) throws IOException {
		Copier.copy();
		System.out.flush();
	}
}
