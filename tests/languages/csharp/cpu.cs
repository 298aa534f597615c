using System;
using System.Diagnostics;

class Busy {
	static void Main() {
		var self = Process.GetCurrentProcess();
		while (self.TotalProcessorTime.TotalSeconds < 1)
			;
		Console.WriteLine("done");
	}
}
