import { execFileSync } from "child_process";
const later = (n: number): Promise<number> =>
	new Promise((done) => setTimeout(() => done(n), 1));
async function main(): Promise<void> {
	const all = await Promise.all([0, 1, 2, 3].map(later));
	const sum = all.reduce((a, b) => a + b);
	process.stdout.write(sum + " " + execFileSync("echo", ["child"]));
}
main();
