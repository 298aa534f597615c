using System;
using System.IO;

class Read {
	static void Main() {
		Console.Write(File.ReadAllText("given.txt"));
	}
}
