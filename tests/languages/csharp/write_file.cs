using System.IO;

class Write {
	static void Main() {
		File.WriteAllText("made.txt", "written by the program\n");
	}
}
