export function greet(who: string): string {
	return `hello from beside, ${who}`;
}
