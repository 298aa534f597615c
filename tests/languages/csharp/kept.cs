using System;
using System.Diagnostics;

class Kept {
	static void Main() {
		Console.WriteLine("printed");
		Process.GetCurrentProcess().Kill();
	}
}
