using System;

class Text {
	static void Main() {
		Console.WriteLine("Grüße, 世界 🙂");
	}
}
