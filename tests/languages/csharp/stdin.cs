using System;

class Copy {
	static void Main() {
		Console.Write(Console.In.ReadToEnd());
	}
}
