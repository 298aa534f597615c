using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;

class Spawn {
	static void Main() {
		var tasks = Enumerable.Range(0, 4).Select(n => Task.Run(() => n)).ToArray();
		Task.WaitAll(tasks);
		var start = new ProcessStartInfo("/bin/echo", "child") {
			RedirectStandardOutput = true, UseShellExecute = false };
		var child = Process.Start(start);
		Console.Write(tasks.Sum(t => t.Result) + " " + child.StandardOutput.ReadToEnd());
	}
}
