using System;

class Fail {
	static void Main() {
		Console.WriteLine("before");
		throw new InvalidOperationException("boo");
	}
}
