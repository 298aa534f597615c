using System;
using System.IO;

class Beside {
	static void Main() {
		Console.WriteLine(File.ReadAllText("helper.txt").Trim() + " world");
	}
}
